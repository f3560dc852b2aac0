"""The spool of the stream and the pages of unfinished hours, without what is gone."""

import fcntl
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from orchestration.compliance.gone import GONE, NUMBERS_IN_BYTES, Gone, in_words, loaded, without
from orchestration.settings import Settings

SUFFIXES = frozenset({".jsonl", ".json"})
PART = ".part"
# Of a line: what makes it a post, or a line that could not be read. A line that loses it is gone as a whole.
CONTENT = ("post", "data", "line")


@dataclass
class Rewritten:
    """Files that were written anew, and lines that changed or went, by the id that they named."""

    files: int = 0
    lines: Counter[str] = field(default_factory=Counter)


def files_of(settings: Settings) -> list[Path]:
    """Every file that holds posts, what a killed command left half-written included."""
    found = {file for folder in (settings.spool_dir, settings.x_dir) for file in folder.rglob("*") if file.is_file() and not file.is_symlink()}
    return sorted(file for file in found if file.suffix in SUFFIXES or file.suffix == PART)


def lines_naming(settings: Settings, ids: set[bytes]) -> Iterator[str]:
    """Every line that holds one of the ids as a whole number."""
    for file in files_of(settings):
        with file.open("rb") as opened:
            for line in _records(file, opened):
                if not ids.isdisjoint(NUMBERS_IN_BYTES.findall(line)):
                    yield line.decode("utf-8", "replace")


def rewrite(settings: Settings, ids: set[bytes], gone: Gone) -> Rewritten:
    """Takes what is gone out of every file; each is replaced whole or not at all. Other lines stay as they are, byte for byte."""
    done = Rewritten()
    for file in files_of(settings):
        with file.open("rb") as opened:
            if all(ids.isdisjoint(NUMBERS_IN_BYTES.findall(line)) for line in opened):
                continue
        done.files += _rewrite_file(file, ids, gone, done.lines.update)
    return done


def changing(settings: Settings, ids: set[bytes], gone: Gone) -> int:
    """Lines that `rewrite` would change."""
    return sum(line_without(line.encode(), gone) != line.encode() for line in lines_naming(settings, ids))


def line_without(line: bytes, gone: Gone) -> bytes | None:
    """The line without what is gone, itself when nothing is; None when it is gone as a whole. Keeps the line's end."""
    try:
        value = loaded(line)
        kept = without(value, gone)
        if kept is value:
            return line
        if kept is GONE or _lost_its_content(value, kept):
            return None
        return _dumped(kept) + (b"\n" if line.endswith(b"\n") else b"")
    except (ValueError, RecursionError):
        return None if in_words(line.decode("utf-8", "replace"), gone) else line


def _rewrite_file(file: Path, ids: set[bytes], gone: Gone, note: Callable[[list[str]], None]) -> bool:
    part = file.with_name(file.name + PART)
    # The consumer of the stream holds the same lock while it writes a line, and opens the file anew when it was replaced.
    with file.open("rb") as old:
        fcntl.flock(old, fcntl.LOCK_EX)
        changed = False
        with part.open("wb") as new:
            for line in _records(file, old):
                named = ids.intersection(NUMBERS_IN_BYTES.findall(line))
                kept = line_without(line, gone) if named else line
                if kept != line:
                    changed = True
                    note([sorted(named)[0].decode()])
                new.write(kept or b"")
            new.flush()
            os.fsync(new.fileno())
        if changed:
            status = file.stat()
            shutil.copymode(file, part)
            # A late post is told by the time of its file: a deletion is none.
            os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
            part.replace(file)
        else:
            part.unlink()
    return changed


def _records(file: Path, opened: BinaryIO) -> Iterator[bytes]:
    """Lines, or the whole of a file that is one JSON value."""
    yield from opened if ".jsonl" in file.suffixes else [opened.read()]


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        # Integers over 64 bits and lone surrogates, as escapes.
        return json.dumps(value, separators=(",", ":")).encode()


def _lost_its_content(before: Any, after: Any) -> bool:
    if not isinstance(before, dict):
        return False
    return any(name in before and (name not in after or _lost_its_content(before[name], after[name])) for name in CONTENT)
