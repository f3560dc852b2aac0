"""Brings the countries of ISO 3166-1 into the seed of known names:  python -m ml_assets.training.make_entity_names

Needs `pycountry`, which the product does not. Rows of `dbt_project/seeds/entity_names.csv` whose source is `iso_3166` are made anew,
all others stay as they were written; a spelling that is written by hand is left to that row.
"""

import csv
from collections.abc import Iterable, Mapping
from typing import Any

from ml_assets.entities.known import SEED, alias_key, seed_rows

COLUMNS = ("alias", "label", "name", "kind", "country_code", "model_labels", "source")
SOURCE = "iso_3166"
EVERY_LABEL = "LOC ORG PERSON"
# Codes that newspapers print. Most others are words or other people's initials there: IN, IT, AND, CAN, PER, GB, CA.
PRINTED_CODES = frozenset({"US", "USA", "NZ"})
# Where neither the standard's name nor its common name is what newspapers print.
PRINTED_NAMES = {
    "BN": "Brunei", "BQ": "Bonaire", "BS": "The Bahamas", "CD": "Democratic Republic of the Congo", "CG": "Republic of the Congo", "CI": "Ivory Coast",
    "CV": "Cape Verde", "FK": "Falkland Islands", "FM": "Micronesia", "GM": "The Gambia", "MF": "Saint Martin", "MO": "Macau", "PS": "Palestine",
    "RU": "Russia", "SH": "Saint Helena", "SX": "Sint Maarten", "SY": "Syria", "TR": "Turkey", "VA": "Vatican City", "VG": "British Virgin Islands",
    "VI": "US Virgin Islands",
}  # fmt: skip
# `Congo` alone is one of two countries.
AMBIGUOUS = frozenset({"Congo"})


def country_rows(countries: Iterable[Any], by_hand: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """A row for each spelling of each country that no row of `by_hand` has.

    `countries` have alpha_2, alpha_3 and name, and may have official_name and common_name, as those of pycountry. Names with a comma
    or a bracket are the standard's order of words, not a newspaper's.
    """
    taken = {(row["label"], alias_key(row["alias"])) for row in by_hand}
    rows: dict[str, dict[str, str]] = {}
    for country in countries:
        common = getattr(country, "common_name", None)
        name = PRINTED_NAMES.get(country.alpha_2) or common or country.name
        codes = [code for code in (country.alpha_2, country.alpha_3) if code in PRINTED_CODES]
        for spelling in (name, common, country.name, getattr(country, "official_name", None), name.removeprefix("The "), *codes):
            alias = (spelling or "").removeprefix("the ")
            key = alias_key(alias)
            if not alias or set(alias) & set(",()") or alias in AMBIGUOUS or ("LOC", key) in taken or key in rows:
                continue
            values = (alias, "LOC", name, "country", country.alpha_2, EVERY_LABEL, SOURCE)
            rows[key] = dict(zip(COLUMNS, values, strict=True))
    return list(rows.values())


def in_order(rows: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """By kind, name and alias: the order in which the file is kept, so that a change is seen."""
    return sorted(rows, key=lambda row: (row["kind"], row["name"].casefold(), row["name"], row["label"], row["alias"].casefold(), row["alias"]))


def main() -> None:
    import pycountry

    by_hand = [row for row in seed_rows() if row["source"] != SOURCE]
    made = country_rows(pycountry.countries, by_hand)
    with SEED.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(in_order([*by_hand, *made]))
    print(f"{SEED.name}: {len(by_hand)} rows by hand, {len(made)} of ISO 3166")


if __name__ == "__main__":
    main()
