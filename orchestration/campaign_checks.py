"""What can be wrong in a campaigns file: every problem with its line, before any run. Pure: text in, problems out."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestration.sources.text_entities import hashtags, normalised
from orchestration.sources.x.query import LONGEST_ARCHIVE, LONGEST_RECENT, problems

COLUMNS = (
    "campaign_id", "name", "query", "hashtags", "competitors", "zone",
    "start_day", "end_day", "languages", "news_query", "source", "news_source",
    "capture_from", "capture_until",
)  # fmt: skip
DAYS = ("start_day", "end_day", "capture_from", "capture_until")
CAMPAIGN_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
LISTS = ("hashtags", "competitors", "languages")
SOURCES = ("sample", "archive", "x_search", "x_stream")
NEWS_SOURCES = ("sample", "archive", "newsapi", "gdelt")
LIVE_SOURCES = ("x_search", "x_stream")
# BCP 47 in short, X's own codes (und, qme, zxx) included.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_NEWS_QUERY = 500


@dataclass(frozen=True)
class Problem:
    """What is wrong in a campaigns file; `line` from 1, `column` empty where it is the whole line."""

    line: int
    column: str
    reason: str


def problems_of(text: str, *, full_archive: bool = False) -> list[Problem]:
    """Everything that is wrong in a CSV text, line by line; `full_archive` allows the longer queries of X's full archive."""
    try:
        (line, header), *rows = rows_of(text) or [(1, [])]
    except csv.Error as error:
        return [Problem(_line_of_csv_error(text), "", f"this is no CSV ({error}). A quotation mark inside a field stands twice, and the field in a pair: \"\"\"a b\"\" OR #c\"")]
    found = [Problem(line, name, reason) for name, reason in _wrong_header(header)]
    if found:
        return found
    known = [values_of(header, row).get("campaign_id", "") for _, row in rows]
    for index, (line, row) in enumerate(rows):
        values = values_of(header, row)
        if len(row) > len(header):
            found.append(Problem(line, "", f"{len(row)} fields where the header has {len(header)}. A field with a comma stands between quotation marks"))
        if values.get("campaign_id") in known[:index]:
            found.append(Problem(line, "campaign_id", f"the campaign {values['campaign_id']} stands there twice"))
        found += [Problem(line, name, reason) for name, reason in _wrong_row(values, known, full_archive)]
    return found


def _wrong_header(header: list[str]) -> Iterator[tuple[str, str]]:
    if unknown := sorted(set(header) - set(COLUMNS)):
        hint = " Part the columns by commas." if ";" in unknown[0] else ""
        yield unknown[0], f"unknown columns {', '.join(unknown)}. Known: {', '.join(sorted(COLUMNS))}.{hint}"
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield name, f"the column {name} stands there twice"
    for name in ("campaign_id", "name"):
        if name not in header:
            yield name, f"the column {name} is missing; campaign_id and name are needed"


def _wrong_row(values: dict[str, str], known: list[str], full_archive: bool) -> Iterator[tuple[str, str]]:
    typed: dict[str, Any] = {"campaign_id": "", "name": "", "zone": "UTC", "source": "archive", "news_source": "newsapi", **values}
    for name in LISTS:
        typed[name] = parts_of(values.get(name, ""))
    for name in DAYS:
        typed[name] = None
        if name in values:
            try:
                typed[name] = date.fromisoformat(values[name])
            except ValueError:
                yield name, f"{values[name]!r} is no day. Days are written like 2026-03-02."
    if missing := [name for name in ("campaign_id", "name") if not typed[name]]:
        yield missing[0], "campaign_id and name are needed"
    yield from ((name, reason) for name, reason in wrong_values(typed) if name not in missing)
    yield from _wrong_hashtags(values.get("hashtags", ""))
    yield from _wrong_queries(typed, full_archive)
    for language in typed["languages"]:
        if not LANGUAGE.fullmatch(language):
            yield "languages", f"{language!r} is no language code. Write codes like en, de or pt-BR."
    for other in typed["competitors"]:
        if other == typed["campaign_id"]:
            yield "competitors", f"{other} cannot be its own competitor"
        elif other not in known:
            yield "competitors", f"there is no campaign {other!r} in the file. Add a line for it, or take it out."


def wrong_values(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(column, reason) for what can never be a campaign."""
    campaign_id, start, end = values["campaign_id"], values["start_day"], values["end_day"]
    if not CAMPAIGN_ID.fullmatch(campaign_id):
        yield "campaign_id", f"{campaign_id!r} is no campaign id. Use lower case letters, digits, _ and -."
    if not values["name"].strip():
        yield "name", f"Campaign {campaign_id} has no name. Give one with --name."
    try:
        ZoneInfo(values["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "zone", f"{values['zone']!r} is no time zone. Use a name like Europe/Berlin or UTC."
    if start and end and end < start:
        yield "end_day", f"Campaign {campaign_id} ends on {end}, before it starts on {start}."
    capture_from, capture_until = values.get("capture_from"), values.get("capture_until")
    if capture_from and start and capture_from > start:
        yield "capture_from", f"Campaign {campaign_id} starts on {start}, before it is captured from {capture_from} on."
    if capture_until and end and capture_until < end:
        yield "capture_until", f"Campaign {campaign_id} ends on {end}, after it is captured until {capture_until}."
    if values["source"] not in SOURCES:
        yield "source", f"{values['source']!r} is no tweet source. Choose {', '.join(SOURCES)}."
    if values["news_source"] not in NEWS_SOURCES:
        yield "news_source", f"{values['news_source']!r} is no news source. Choose {', '.join(NEWS_SOURCES)}."


def _wrong_hashtags(text: str) -> Iterator[tuple[str, str]]:
    if "," in text and (spaced := [part.strip() for part in text.split(",") if len(part.split()) > 1]):
        yield "hashtags", f"{spaced[0]!r} has a blank; a hashtag has none. Part hashtags by blanks or by commas, not by both."
        return
    for tag in parts_of(text):
        if "#" in tag or "＃" in tag:
            yield "hashtags", f"{tag!r} is written without the sign: {tag.strip('#＃')}"
        elif normalised(hashtags(f"#{tag}")) != normalised([tag]):
            yield "hashtags", f"{tag!r} is no hashtag: X takes letters, digits and _, and not digits alone."


def _wrong_queries(values: Mapping[str, Any], full_archive: bool) -> Iterator[tuple[str, str]]:
    source, query, news_query = values["source"], values.get("query"), values.get("news_query") or ""
    longest = LONGEST_ARCHIVE if full_archive or source == "x_stream" else LONGEST_RECENT
    if query:
        yield from (("query", reason) for reason in problems(query, longest, stream=source == "x_stream"))
    elif source in LIVE_SOURCES and not values["hashtags"]:
        yield "query", f"{source} needs a query, or hashtags to make one of"
    elif source in LIVE_SOURCES and (length := len(query_of_hashtags(values["hashtags"], values["languages"]))) > longest:
        yield "hashtags", f"the query made of them has {length:,} characters and X takes {longest:,}. Follow fewer."
    if len(news_query) > LONGEST_NEWS_QUERY:
        yield "news_query", f"it has {len(news_query):,} characters; news sources take {LONGEST_NEWS_QUERY}."
    if news_query.count('"') % 2:
        yield "news_query", 'A quotation mark " is missing its partner. Write "phrases like this".'


def query_of_hashtags(tags: Iterable[str], languages: Iterable[str]) -> str:
    """`(#a OR #b) lang:en`; without a language where there are several, or none."""
    tags, languages = list(tags), list(languages)
    either = " OR ".join(f"#{tag}" for tag in tags)
    if len(languages) != 1:
        return either
    return f"({either}) lang:{languages[0]}" if len(tags) > 1 else f"{either} lang:{languages[0]}"


def rows_of(text: str) -> list[tuple[int, list[str]]]:
    """(line at which it begins, fields) of every row that is not blank. Raises csv.Error."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, before = [], 0
    for row in reader:
        if any(field.strip() for field in row):
            rows.append((before + 1, [field.replace("\r\n", "\n").replace("\r", "\n").strip() for field in row]))
        before = reader.line_num
    return rows


def _line_of_csv_error(text: str) -> int:
    """Where the row begins that cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 0
    try:
        for _ in reader:
            line = reader.line_num
    except csv.Error:
        pass
    return line + 1


def values_of(header: list[str], row: list[str]) -> dict[str, str]:
    return {name: value for name, value in zip(header, row) if value}


def parts_of(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", text) if part)
