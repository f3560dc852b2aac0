"""Campaign files that people write: `campaigns.csv` with anything in any column, and text that is no such file at all."""

import csv
import io
from typing import Any

from hypothesis import strategies as st

from bench.fuzz.corpus import HOUR
from bench.fuzz.engines import Made
from bench.fuzz.findings import Rows, Wrong
from bench.fuzz.mutation import STRINGS
from orchestration.campaign_checks import COLUMNS, problems_of, rows_of
from orchestration.campaigns import CampaignError, as_csv, parse
from orchestration.sources.base import SourceError
from orchestration.stream.rules import wanted

# Of each column values that people write, good and bad.
WRITTEN: dict[str, tuple[str, ...]] = {
    "campaign_id": ("trail", "other", "a-1", "0"),
    "name": ("Trail", "Ünïcode, with comma", "x"),
    "query": ("", "#a", "(a OR b) lang:en -is:retweet", '"a phrase" has:links', "from:nasa (#a OR @b) min_likes:5", "a -(b OR -c)", "(" * 60 + "a" + ")" * 60, "-" * 300 + "a", "x " * 600),
    "hashtags": ("", "a b", "a,b", "AuroraTrail ＃x", "日本", "#a", "1 2"),
    "competitors": ("", "other", "trail", "nobody"),
    "zone": ("", "UTC", "Europe/Oslo", "America", "../UTC", "Etc/GMT+14", "posixrules", "tzdata.zi", "\x00", "a" * 400),
    "start_day": ("", "2026-03-02", "0001-01-01", "9999-12-31", "2026-W10-1", "20260302", "2026-02-30"),
    "end_day": ("", "2026-03-17", "0001-01-01", "9999-12-31"),
    "languages": ("", "en", "en de", "pt-BR", "english"),
    "news_query": ("", "Aurora Trail", '"Aurora Trail" OR x', '"', "x" * 600),
    "source": ("", "archive", "x_search", "x_stream", "sample", "twitter"),
    "news_source": ("", "newsapi", "gdelt", "bbc"),
    "capture_from": ("", "2026-02-01", "9999-12-31"),
    "capture_until": ("", "2026-04-01"),
}  # fmt: skip

# Of each column the values that stand together in a file that is taken.
TAKEN = {name: values[:2] if name in ("campaign_id", "query", "competitors") else values[:3] for name, values in WRITTEN.items()} | {
    "campaign_id": tuple(f"c{number}" for number in range(40)), "competitors": ("",), "end_day": ("", "2026-03-17"), "capture_from": ("", "2026-02-01"), "capture_until": ("", "2026-04-01"),
    "start_day": ("", "2026-03-02"), "news_source": ("newsapi", "gdelt"), "source": ("archive", "sample"),
}  # fmt: skip


def campaign_files() -> Made:
    """A file is read, or refused with the line and the reason; what is read is written and read again as the same."""
    return Made(st.one_of(_files(), _files(), _files(), st.text(max_size=200), st.text(alphabet='",;\n\rab 1#', max_size=120)), _file)


def _files() -> st.SearchStrategy[str]:
    anything = st.one_of(st.text(max_size=30), st.sampled_from(STRINGS).map(lambda text: text[:3_000].encode("utf-8", "replace").decode()))
    wrong = {name: st.one_of(st.sampled_from(WRITTEN[name]), anything) for name in COLUMNS}

    @st.composite
    def file(draw: Any) -> str:
        columns = draw(st.one_of(st.just(list(COLUMNS)), st.lists(st.sampled_from(COLUMNS), min_size=2, max_size=14, unique=True).map(lambda names: ["campaign_id", "name", *names])))
        columns = list(dict.fromkeys(columns)) if draw(st.integers(0, 19)) else columns
        rows = [columns]
        for _ in range(draw(st.integers(0, 3))):
            # Most values are good ones: a file with one wrong value is refused, whatever else is in it.
            rows.append([draw(wrong[name] if draw(st.integers(0, 19)) == 0 else st.sampled_from(TAKEN[name])) for name in columns])
        written = io.StringIO()
        csv.writer(written, delimiter=draw(st.sampled_from(",,,;")), lineterminator=draw(st.sampled_from(("\n", "\r\n")))).writerows(rows)
        return written.getvalue()

    return file()


def _file(text: str) -> Rows:
    found = problems_of(text)
    for problem in found:
        if problem.line < 1 or not problem.reason:
            raise Wrong("a problem without its line or reason")
    try:
        campaigns = parse(text)
    except CampaignError as error:
        if not found or not str(error):
            raise Wrong("the file is refused, and no problem is named") from None
        return Rows()
    if found:
        raise Wrong("the file is taken, though it has problems")
    if parse(as_csv(campaigns)) != campaigns:
        raise Wrong("written and read again it is another file")
    for each in campaigns:
        each.is_active_in(HOUR)
        each.as_query()
    try:
        wanted(campaigns, HOUR.start)
    except SourceError as error:
        if not str(error):
            raise Wrong("the error says nothing") from None
    _, *rows = rows_of(text)
    return Rows(len(rows), len(rows) - len(campaigns))
