"""Writes the sample's data files anew:  python -m orchestration.sources.sample.generate

The content is the same on every machine. The gzip bytes are so only with the same zlib: compare contents.
"""

import argparse
import gzip
import io
import json
import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.sources.sample.articles import make_articles, truth_of_articles
from orchestration.sources.sample.posts import Draft, make_posts
from orchestration.sources.sample.records import lines_of_day
from orchestration.sources.sample.truth import truth_of, without_ties

DATA = Path(__file__).parent / "data"
TRUTH_FILE = "truth.json"
ARTICLES_FILE = "articles.jsonl.gz"


def posts_file(day: date) -> str:
    """Name of the file that holds the posts of a UTC day."""
    return f"posts-{day.isoformat()}.jsonl.gz"


def make_files() -> dict[str, bytes]:
    """Content of every data file by name, before compression."""
    drafts = without_ties(make_posts())
    by_day: dict[date, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_day[draft.created_at.date()].append(draft)
    files = {posts_file(day): lines_of_day(posts) for day, posts in sorted(by_day.items())}
    articles = make_articles()
    files[ARTICLES_FILE] = "".join(json.dumps(each) + "\n" for each in articles).encode("ascii")
    files[TRUTH_FILE] = _json(truth_of(drafts) | truth_of_articles(articles))
    return files


def compressed(content: bytes) -> bytes:
    """Gzip without name and time, so that the same content gives the same file."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as stream:
        stream.write(content)
    return buffer.getvalue()


def write_files(files: Mapping[str, bytes], folder: Path) -> dict[str, int]:
    """Write all files, each whole or not at all, and remove posts of days that are no more. Returns sizes in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {}
    for name, content in files.items():
        data = compressed(content) if name.endswith(".gz") else content
        part = folder / (name + ".part")
        part.write_bytes(data)
        os.replace(part, folder / name)
        sizes[name] = len(data)
    for stale in folder.glob("posts-*.jsonl.gz"):
        if stale.name not in files:
            stale.unlink()
    return sizes


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample campaign's data files anew.")
    parser.add_argument("--to", type=Path, default=DATA, help="folder to write to")
    folder = parser.parse_args().to
    sizes = write_files(make_files(), folder)
    for name, size in sizes.items():
        print(f"{size:>10,}  {name}")
    print(f"{sum(sizes.values()):>10,}  bytes in {folder}")


if __name__ == "__main__":
    main()
