"""Archives that people have, read as `pulse run --archive` reads them: lines of JSON, rows of CSV, whole files and compressed ones."""

import gzip
import os
import tempfile
from functools import cache
from pathlib import Path

from bench.fuzz import mutation
from bench.fuzz.corpus import HOUR, check_post, lines, page, post, shapes, v1
from bench.fuzz.engines import Broken
from bench.fuzz.findings import Rows, Wrong
from orchestration.sources.archive.files import Reading, records
from orchestration.sources.archive.source import ArchiveSource
from orchestration.sources.base import CampaignQuery, Post, SourceError
from orchestration.sources.values import BadRecord

HEADER = b"tweet_id,created_at,text,likes_count,retweets,user_id,username,hashtags,lang\n"
ROWS = (
    b'1899000000000000101,2026-03-02 05:00:01,"one, with a comma",5,1,71,ann,"[\'a\', \'b\']",en\n',
    b"1899000000000000102,2026-03-02 05:00:02,plain words,5,1,72,bob,,en\n",
    b'1899000000000000103,2026-03-02 05:00:03,"two\nlines, ""quoted""",5,1,73,cem,a b,en\n',
    b'1899000000000000104,2026-03-02 05:00:04,"last #Tag",5,1,74,dia,,en\n',
)
BROKEN_ROWS = (
    b'1899000000000000001,2026-03-02 05:10:01,"mine, #One",5,1,71,ann,"[\'a\', \'b\']",en',
    b"1.899e+18,Mon Mar 02 05:10:02 +0000 2026,RT @ann: plain,,1.0,71.0,@Ann,#x #y,",
    b',1772428203,"several\nlines ""here""","1,234",nan,,ann,nan,und',
)
# In memory where the system has such a place: a file is written for every input.
SHM = Path("/dev/shm")
FILES = ("posts.jsonl", "posts.json", "posts.csv", "posts.tsv", "posts.jsonl.gz", "posts.csv.gz")


def json_lines() -> Broken:
    """One broken line among good ones: theirs come out, and of the broken one a post, a dead letter, or nothing where it holds no post."""
    return Broken(lines(shapes()), mutation.of_json, _json_line)


def csv_rows() -> Broken:
    """One broken row among good ones, a good one of two lines with quotes in it included."""
    return Broken(BROKEN_ROWS, mutation.of_row, _csv_row)


def whole_files() -> Broken:
    """A file broken anywhere, its header and its compression too: posts, dead letters, or an error that names the file."""
    of_json = b"\n".join(lines(shapes()))
    of_csv = HEADER + b"".join(ROWS)
    contents = (of_json, lines([shapes()])[0], of_csv, of_csv.replace(b",", b"\t"), gzip.compress(of_json, 1, mtime=0), gzip.compress(of_csv, 1, mtime=0))
    return Broken([bytes([kind]) + content for kind, content in enumerate(contents)], mutation.behind_first_byte(mutation.of_bytes), _whole_file)


@cache
def _folder() -> Path:
    os.environ.setdefault("PULSE_AUTHOR_SALT", "salt-of-the-fuzzer")
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=SHM if SHM.is_dir() else None))


def _good_lines() -> list[tuple[bytes, frozenset[str]]]:
    """Lines and the ids that are in them."""
    values = ([post(101)], [post(102), post(103)], [v1(104)], [post(105)])
    envelopes = (values[0][0], page(*values[1]), values[2][0], page(*values[3]))
    return [(line + b"\n", frozenset(str(each.get("id_str", each["id"])) for each in held)) for line, held in zip(lines(envelopes), values)]


GOOD_LINES = _good_lines()
ROW_IDS = frozenset(row.partition(b",")[0].decode() for row in ROWS)


def _json_line(given: bytes) -> Rows:
    file = _folder() / "lines.jsonl"
    before, after = GOOD_LINES[:2], GOOD_LINES[2:]
    file.write_bytes(b"".join(line for line, _ in before) + given + b"\n" + b"".join(line for line, _ in after))
    return _came_out(file, frozenset().union(*(ids for _, ids in GOOD_LINES)))


def _csv_row(given: bytes) -> Rows:
    file = _folder() / "rows.csv"
    file.write_bytes(HEADER + ROWS[0] + ROWS[1] + given + b"\n" + ROWS[2] + ROWS[3])
    return _came_out(file, ROW_IDS)


def _came_out(file: Path, wanted: frozenset[str]) -> Rows:
    found, reading = _read(file)
    # A broken line may say the same id again: then both are read, and the later observation counts.
    lost = wanted - {each.tweet_id for each in found}
    for letter in reading.dead_letters:
        if not (letter.reason and letter.detail and type(letter.raw_record) is str):
            raise Wrong("a dead letter does not say what it is")
    return Rows(len(wanted), len(lost))


def _read(file: Path) -> tuple[list[Post], Reading]:
    """As `ArchiveSource.fetch`, of all hours."""
    reading, posts = Reading(), []
    for found in records(file, {}, reading):
        try:
            posts.append(found.read())
        except BadRecord as bad:
            reading.bury(bad, found.source_ref, found.line, found.raw)
            continue
        check_post(posts[-1])
    return posts, reading


def _whole_file(given: bytes) -> Rows:
    file = _folder() / FILES[given[0] % len(FILES) if given else 0]
    file.write_bytes(given[1:])
    source = ArchiveSource(file)
    try:
        _read(file)
        source.fetch(HOUR, CampaignQuery("fuzz"), 10)
    except SourceError as error:
        if not str(error):
            raise Wrong("the error says nothing") from None
    return Rows()
