"""Organisations, places and people named in articles, one row per article and distinct name.

`CODE_VERSION` is written on every row. Raise it whenever the same article and the same model could give other rows:
a change in `reading.py`, `names.py`, the seed `entity_names.csv` or the labels kept. Not for speed or wording.
"""

from ml_assets.entities.finder import EntityFinder, find
from ml_assets.entities.names import FoundEntity
from ml_assets.entities.reading import ArticleText, reason_not_read

CODE_VERSION = "2"

__all__ = ["CODE_VERSION", "ArticleText", "EntityFinder", "FoundEntity", "find", "reason_not_read"]
