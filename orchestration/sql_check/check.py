"""The whole check: every statement of dbt, of the warehouse module, of the site and of the rest of the product."""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.dbt.compiled import Compiled
from orchestration.settings import Settings
from orchestration.sql_check import trials_pipeline, trials_reading
from orchestration.sql_check.book import Book, Finding
from orchestration.sql_check.call_sites import call_sites, stale_exceptions, unsent
from orchestration.sql_check.client import AnalysingClient
from orchestration.sql_check.dbt_statements import read_dbt
from orchestration.sql_check.engine import Engine
from orchestration.sql_check.product_statements import instead_of_google, read_product
from orchestration.sql_check.style import style_findings
from orchestration.sql_check.typed import FLOAT_TEXT
from orchestration.windows import Window, parse_time

HOUR = Window(parse_time("2026-03-02T05:00Z"), parse_time("2026-03-02T06:00Z"))
WAREHOUSE, SITE, REST = "warehouse", "site", "rest of the product"
# What is found and may stay: where, how the message begins, and why.
ACCEPTED = {
    ("orchestration/checksums.py", FLOAT_TEXT): "only of numbers past the range of whole billionths, and NaN: equal on one engine is enough there",
}
TRIALS = {
    WAREHOUSE: {
        "new tables": trials_reading.create_tables,
        "tables of an earlier version": trials_reading.grow_tables,
        "writing": trials_reading.write_tables,
    },
    SITE: {"site": trials_reading.site, "API": trials_reading.api},
    REST: {
        "labelling": trials_reading.labelling,
        "summary": trials_reading.summary,
        "publications": trials_reading.publications,
        "traces": trials_reading.traces,
        "checksums and export": trials_reading.checksums_and_export,
        "failing rows": trials_reading.failing_rows,
        "campaigns": trials_pipeline.campaigns,
        "capture": trials_pipeline.capture,
        "snapshots": trials_pipeline.snapshots,
        "sentiment": trials_pipeline.sentiment,
        "candidates": trials_pipeline.candidates,
        "peaks": trials_pipeline.peaks,
        "effects": trials_pipeline.effects,
        "news": trials_pipeline.news,
        "alerts": trials_pipeline.alerts,
        "entities": trials_pipeline.entities,
        "explanations": trials_pipeline.explanations,
        "gaps": trials_pipeline.gaps,
        "spending": trials_pipeline.spending,
        "landing": trials_pipeline.landing,
        "commands": trials_pipeline.commands,
        "deletions": trials_pipeline.deletions,
        "retention": trials_pipeline.retention,
        "metrics": trials_pipeline.metrics,
    },
}


@dataclass(frozen=True)
class Outcome:
    """`counts` of statements by kind, `refused` of them not taken by the analyzer, `sites` of the product that send SQL."""

    counts: Counter[str]
    refused: int
    findings: list[Finding]
    sites: int
    seconds: float

    @property
    def share(self) -> float:
        """Share of the statements that could be analysed, in [0, 1]."""
        total = self.counts.total()
        return (total - self.refused) / total if total else 0.0


def run(home: Path) -> Outcome:
    """`home` keeps what dbt has parsed for the next time; nothing of it is read by the product. Raises DbtError."""
    started = time.monotonic()
    settings = Settings(home=home)
    book = Book(Engine())
    compiled, sound = read_all(book, settings, HOUR)
    for node, message in style_findings(compiled.sql):
        book.found(node, message)
    places = call_sites()
    if sound:
        for site in unsent(places, book.places):
            book.found(str(site), "sends SQL that no trial of orchestration/sql_check has sent; add one to trials_*.py")
    else:
        book.found("dbt", "what dbt sends and what stands on the models was not analysed: mend them first")
    for file, receiver in stale_exceptions():
        book.found(file, f"{receiver} is excepted in orchestration/sql_check/call_sites.py and is not there any more")
    findings = _without_accepted(book.findings) if sound else list(book.findings)
    return Outcome(book.counts, book.refused, findings, len(places), time.monotonic() - started)


def read_all(book: Book, settings: Settings, window: Window, *, for_production_alone: bool = False) -> tuple[Compiled, bool]:
    """Reads every statement of dbt and of the product into the book; returns as `read_dbt`. The product is left out where dbt is not sound. Raises DbtError."""
    with instead_of_google(AnalysingClient(book, settings.project)):
        trials_reading.create_tables_of(settings)
    compiled, sound = read_dbt(book, settings, window, for_production_alone=for_production_alone)
    if sound:
        _read_product(book, settings, compiled.sql)
    return compiled, sound


def _read_product(book: Book, settings: Settings, compiled: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="sql_check_") as folder:
        trial_settings = settings.model_copy(update={"home": Path(folder)})
        _give_manifest(settings, trial_settings)
        read_product(book, trial_settings, compiled, TRIALS)


def _without_accepted(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that are not accepted, and one for each acceptance that is not needed any more."""
    findings = list(findings)
    left, used = accepted_left_out(findings), {key for finding in findings for key in _reasons(finding)}
    unused = [Finding(where, f"accepted in orchestration/sql_check/check.py and not found any more: {message}") for where, message in ACCEPTED.keys() - used]
    return left + unused


def accepted_left_out(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if not _reasons(finding)]


def _reasons(finding: Finding) -> set[tuple[str, str]]:
    return {key for key in ACCEPTED if finding.where.startswith(key[0]) and finding.message.startswith(key[1])}


def _give_manifest(settings: Settings, trial_settings: Settings) -> None:
    """The manifest that was just read, so that `pulse export` and `pulse checksums` need not read the project again."""
    from orchestration.dbt.compiled import manifest_of
    from orchestration.dbt.project import manifest_file

    target = manifest_file(trial_settings)
    target.parent.mkdir(parents=True)
    shutil.copy(manifest_of(settings), target)
