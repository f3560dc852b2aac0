"""Names that are known beforehand: `dbt_project/seeds/entity_names.csv`, the same file that dbt loads."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "entity_names.csv"


@dataclass(frozen=True)
class KnownName:
    """`kind` is country, city, region or organisation, None where the name alone does not tell; `country_code` is ISO 3166-1 alpha-2."""

    label: str
    name: str
    kind: str | None
    country_code: str | None


def known_name(model_label: str, spelling: str) -> KnownName | None:
    """What is known by this spelling where the model says ORG, LOC or PERSON; None for everything else."""
    return _by_label_and_key().get((model_label, alias_key(spelling)))


def alias_key(name: str) -> str:
    """Without dots, spaces run together, case folded; but `us` in small letters is the pronoun, so case of three or less stays."""
    bare = " ".join(name.replace(".", "").replace("’", "'").split())
    return bare if len(bare) <= 3 else bare.casefold()


def seed_rows() -> list[dict[str, str]]:
    """Rows of the seed as they stand in the file: alias, label, name, kind, country_code, model_labels, source."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def _by_label_and_key() -> dict[tuple[str, str], KnownName]:
    return {
        (model_label, alias_key(row["alias"])): KnownName(row["label"], row["name"], row["kind"] or None, row["country_code"] or None)
        for row in seed_rows()
        for model_label in row["model_labels"].split()
    }
