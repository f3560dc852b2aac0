"""Definitions behind the `?` of the page, from app/glossary.json, which `make docs` makes from dbt's doc blocks."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("glossary.json")


@cache
def _entries() -> dict[str, dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def known(name: str) -> bool:
    return name in _entries()


def all_terms() -> list[tuple[str, str, str]]:
    """Name, definition and formula (empty without one) of every term, by name."""
    return [(name, entry["definition"], entry["facts"].get("Formula", "")) for name, entry in sorted(_entries().items())]


def definition(name: str) -> str:
    """Plain text. Raises KeyError for a name that no mart has."""
    return _entries()[name]["definition"]


def help_text(name: str, *sentences: str) -> str:
    """Definition and formula, then the sentences, for a `help=` of Streamlit: it reads Markdown, so every mark is escaped."""
    formula = _entries()[name]["facts"].get("Formula")
    return escaped(" ".join([definition(name), *([f"Formula: {formula}"] if formula else []), *sentences]))


def escaped(text: str) -> str:
    """Markdown that shows exactly this text."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
