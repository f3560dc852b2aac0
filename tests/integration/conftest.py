"""A home in which the pipeline runs as a person runs it: the `pulse` command, in a process of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse.client import Warehouse

PULSE = Path(sys.executable).with_name("pulse")
# Seconds. The whole sample takes four minutes alone, and took ten beside other work on a processor without bf16.
LONGEST = 1_800


@dataclass(frozen=True)
class Home:
    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(home=self.folder)

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.settings)

    def environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, "PULSE_HOME": str(self.folder), **more}

    def pulse(self, *words: str, code: int = 0, **environment: str) -> str:
        """Standard output of `pulse ...`; standard error too when the exit code is not the expected one."""
        done = subprocess.run(
            [PULSE, *words], cwd=REPOSITORY, env=self.environment(**environment), capture_output=True, text=True, timeout=LONGEST, check=False
        )
        assert done.returncode == code, f"pulse {' '.join(words)} left with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if code == 0 else done.stdout + done.stderr

    def query(self, sql: str) -> list[dict]:
        return self.warehouse.query(sql)

    def marts(self, campaign_id: str) -> dict[str, list[str]]:
        """Content of every mart of a campaign without lineage, to compare: what a reader would call the same."""
        return {table: contents(self.warehouse, table, campaign_id) for table in MARTS}


MARTS = (
    "tweets",
    "authors_daily",
    "engagement_hourly",
    "engagement_daily",
    "sentiment_daily",
    "sentiment_models_daily",
    "word_frequencies_daily",
    "bigram_frequencies_daily",
    "share_of_voice_daily",
    "campaign_effects",
    "campaign_scorecard",
    "campaign_phases",
    "top_posts",
    "capture_coverage",
    "hashtag_peaks",
    "peak_days",
    "peak_verdicts",
    "peaks",
    "related_articles",
    "peak_explanations",
    "top_organizations",
    "top_locations",
    "news_status",
)


def contents(warehouse: Warehouse, table: str, campaign_id: str) -> list[str]:
    """Rows of a mart as JSON, in order, without the columns that name the run."""
    found = warehouse.query(f"select column_name from marts.INFORMATION_SCHEMA.COLUMNS where table_name = '{table}'")
    lineage = sorted({row["column_name"] for row in found} & {"run_id", "loaded_at"})
    without = f"except ({', '.join(lineage)})" if lineage else ""
    sql = f"select to_json_string(t) as content from (select * {without} from marts.{table} where campaign_id = @campaign) as t order by content"
    return [row["content"] for row in warehouse.query(sql, campaign=campaign_id)]
