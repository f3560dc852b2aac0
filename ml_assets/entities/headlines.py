"""How well names are read from headlines, as they are and in capitals:  python -m ml_assets.entities.headlines [--model PATH] [--data FILE.jsonl]

Reads invented headlines (`headlines.jsonl`, lines {"headline", "organizations", "places"}) through all of the entity step: model,
aliases, labels. Each is read in sentence case as it stands, in Title Case and in ALL CAPS, the latter two made from it. Prints JSON:
for each setting precision, recall and f1 of distinct names per headline, case apart, for all, ORG and LOC. People are left out.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ml_assets.entities.finder import EntityFinder
from ml_assets.entities.reading import ArticleText
from ml_assets.labelled import command, read_rows

HEADLINES = Path(__file__).with_name("headlines.jsonl")
NEEDED = '"headline" (text), "organizations" and "places" (lists of texts)'
LABELS = {"organizations": "ORG", "places": "LOC"}


def title_case(headline: str) -> str:
    """The first letter of every word large, the others as they are."""
    return " ".join(word[:1].upper() + word[1:] for word in headline.split())


SETTINGS: dict[str, Callable[[str], str]] = {"sentence_case": str, "title_case": title_case, "all_caps": str.upper}
# (number of the headline, label, name in small letters)
Name = tuple[int, str, str]


def evaluate(data: Path, model: Path | str) -> dict[str, Any]:
    """Raises DataError and ModelError."""
    rows = read_rows(data, _fits, NEEDED)
    finder = EntityFinder(model)
    expected = {(n, label, name.casefold()) for n, row in enumerate(rows) for key, label in LABELS.items() for name in row[key]}
    found = {setting: _read(finder, [written(row["headline"]) for row in rows]) for setting, written in SETTINGS.items()}
    return {
        "model": finder.model_id,
        "revision": finder.model_revision,
        "headlines": len(rows),
        "settings": {setting: figures(expected, names) for setting, names in found.items()},
    }


def figures(expected: Iterable[Name], found: Iterable[Name]) -> dict[str, dict[str, float]]:
    """Precision, recall and their harmonic mean of the names found, micro-averaged, for all, ORG and LOC; 0 where nothing was to be found."""
    return {part: _quality(*({name for name in names if part in ("all", name[1])} for names in (expected, found))) for part in ("all", *LABELS.values())}


def _quality(expected: set[Name], found: set[Name]) -> dict[str, float]:
    right = len(expected & found)
    precision, recall = (right / len(names) if names else 0.0 for names in (found, expected))
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def _read(finder: EntityFinder, headlines: list[str]) -> set[Name]:
    articles = [ArticleText(str(n), headline, None, None, "en") for n, headline in enumerate(headlines)]
    return {(int(each.article_id), each.label, each.name.casefold()) for each in finder.find(articles) if each.label in LABELS.values()}


def _fits(row: dict[str, Any]) -> bool:
    return isinstance(row.get("headline"), str) and all(
        isinstance(row.get(key), list) and all(isinstance(name, str) for name in row[key]) for key in LABELS
    )


if __name__ == "__main__":
    raise SystemExit(command("ml_assets.entities.headlines", __doc__, "entities-en", evaluate, HEADLINES))
