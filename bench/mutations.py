"""Formulas of the dbt project changed one at a time: which unit test notices? `make mutants`; docs/decisions.md keeps the answer.

Each change is made in a copy of the project, and only the unit tests of the models it can reach are run.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.dbt import project, runner
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import Window, parse_time

HOUR = Window(parse_time("2026-03-02T05:00Z"), parse_time("2026-03-02T06:00Z"))


@dataclass(frozen=True)
class Mutation:
    """What is changed: `before` stands in `file` exactly once and becomes `after`; the unit tests of `models` are run."""

    what: str
    file: str
    before: str
    after: str
    models: str


MUTATIONS = (
    Mutation("authors counted without `distinct`", "macros/measures.sql", "count(distinct author_key) as authors", "count(author_key) as authors", "engagement_hourly"),
    Mutation(
        "reposts' metrics summed with the originals'", "macros/measures.sql", "coalesce(sum(if(is_repost, null, engagement)), 0)", "coalesce(sum(engagement), 0)",
        "engagement_hourly",
    ),
    Mutation("the window's end included", "macros/window.sql", "and {{ column }} < {{ _timestamp(_edge('END') + _hours(pad)) }}", "and {{ column }} <= {{ _timestamp(_edge('END') + _hours(pad)) }}", "engagement_hourly"),
    Mutation("the window's start left out", "macros/window.sql", "{{ column }} >= {{ _timestamp(_edge('START') - _hours(1 + pad)) }}", "{{ column }} > {{ _timestamp(_edge('START') - _hours(1 + pad)) }}", "engagement_hourly"),
    Mutation("engagement unknown to all shown as 0", "macros/measures.sql", "        null,\n        {{ whole('coalesce(sum(if(is_repost", "        0,\n        {{ whole('coalesce(sum(if(is_repost", "engagement_hourly"),
    Mutation("posts with 0 impressions counted as seen", "macros/measures.sql", "impression_count > 0", "impression_count >= 0", "engagement_hourly"),
    Mutation("quotes left out of virality", "macros/measures.sql", "coalesce(repost_count, 0) + coalesce(quote_count, 0))", "coalesce(repost_count, 0))", "engagement_hourly"),
    Mutation(
        "neutral posts left out of net sentiment", "macros/measures.sql", "safe_divide({{ positive }} - {{ negative }}, nullif({{ scored }}, 0))",
        "safe_divide({{ positive }} - {{ negative }}, nullif({{ positive }} + {{ negative }}, 0))", "sentiment_daily",
    ),
    Mutation("coverage above 1", "macros/measures.sql", "least(1.0, safe_divide({{ captured }}, nullif({{ counted }}, 0)))", "safe_divide({{ captured }}, nullif({{ counted }}, 0))", "capture_coverage"),
    Mutation("of equal days the latest is the peak", "models/marts/peaks/hashtag_peaks.sql", "order by engagement desc, day", "order by engagement desc, day desc", "hashtag_peaks"),
    Mutation("the last observation instead of the first at 24 h", "models/intermediate/posts/int_tweet_engagement.sql", "order by observed_age_hours, is_capture", "order by observed_age_hours desc, is_capture", "int_tweet_engagement"),
    Mutation("an edited post in its first version", "models/intermediate/posts/int_tweets_deduplicated.sql", "order by created_at desc, tweet_id desc", "order by created_at, tweet_id", "int_tweets_deduplicated"),
    Mutation("the day in UTC", "models/intermediate/posts/int_tweets_cleaned.sql", "coalesce(campaigns.zone, 'UTC')) as day", "'UTC') as day", "int_tweets_cleaned"),
    Mutation("the period before overlaps by a day", "models/intermediate/periods/int_campaign_periods.sql", "interval date_diff(last_day, first_day, day) + 1 day) as first_day", "interval date_diff(last_day, first_day, day) day) as first_day", "int_campaign_periods"),
    Mutation("an author of two days counted twice in a period", "models/intermediate/periods/int_period_figures.sql", "        wanted.side,\n        authors.author_key,\n        max(authors.followers) as followers", "        wanted.side,\n        authors.day,\n        max(authors.followers) as followers", "int_period_figures"),
    Mutation("own posts in the place of the set's", "models/marts/hourly/share_of_voice_daily.sql", "safe_divide(volume, nullif(set_volume, 0)) as share_of_voice", "safe_divide(volume, nullif(volume, 0)) as share_of_voice", "share_of_voice_daily"),
)


@contextmanager
def changed_project(mutation: Mutation) -> Iterator[None]:
    """The project as it is, but for one change, for as long as the block runs."""
    original = project.PROJECT
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "dbt_project"
        shutil.copytree(original, copy, ignore=shutil.ignore_patterns("target", "logs"))
        file = copy / mutation.file
        text = file.read_text(encoding="utf-8")
        if text.count(mutation.before) != 1:
            raise SystemExit(f"{mutation.file} holds {mutation.before!r} {text.count(mutation.before)} times; the list of mutations is old.")
        file.write_text(text.replace(mutation.before, mutation.after), encoding="utf-8")
        project.PROJECT = copy
        project.parsed.cache_clear()
        try:
            yield
        finally:
            project.PROJECT = original
            project.parsed.cache_clear()


def caught_by(settings: Settings, mutation: Mutation) -> list[str]:
    """Unit tests that fail with the change."""
    with changed_project(mutation):
        run = runner.run_command(settings, "mutant", HOUR, ["test", "--resource-type", "unit_test"], ["--select", *mutation.models.split()])
    if not run.seconds:
        raise SystemExit(f"No unit test was run for {mutation.models}.")
    return [name for name, _ in run.failures]


def main() -> int:
    """Prints a table; 1 when a change goes unnoticed. Arguments choose changes by words of their description."""
    chosen = [mutation for mutation in MUTATIONS if not sys.argv[1:] or any(words in mutation.what for words in sys.argv[1:])]
    with tempfile.TemporaryDirectory(prefix="mutants-") as home:
        settings = Settings(home=Path(home))
        server_control.start(settings)
        try:
            Warehouse(settings).ensure_tables()
            if runner.run_command(settings, "models", HOUR, runner.MODELS_ALONE, []).failures:
                raise SystemExit("The project cannot be built as it is.")
            unnoticed = 0
            for mutation in chosen:
                caught = caught_by(settings, mutation)
                unnoticed += not caught
                print(f"| {mutation.what} | {caught[0] if caught else 'NOT NOTICED'}{f' (and {len(caught) - 1} more)' if len(caught) > 1 else ''} |", flush=True)
            print(f"{len(chosen) - unnoticed} of {len(chosen)} noticed.")
        finally:
            server_control.halt(ServerFiles(settings.warehouse_dir))
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
