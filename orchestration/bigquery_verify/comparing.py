"""Marts of the scratch datasets beside the marts of this machine: checksums first, then the rows of those that differ. Pure apart from the two warehouses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orchestration.checksums import Checksum, checksums, digests
from orchestration.marts import Mart, Part
from orchestration.warehouse.client import Warehouse

NAMED_ROWS = 3


@dataclass(frozen=True)
class Difference:
    """Of one mart: how many rows only this machine has (`missing`), only BigQuery has (`extra`), or both have with another content (`changed`)."""

    mart: str
    missing: int
    extra: int
    changed: int
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        named = f": {'; '.join(self.examples)}" if self.examples else ""
        return f"marts.{self.mart}: {self.missing:,} rows are missing on BigQuery, {self.extra:,} are only there, {self.changed:,} differ{named}"


def compare(here: Warehouse, there: Warehouse, marts: Iterable[Mart], part: Part) -> tuple[list[Checksum], list[Difference]]:
    """The checksums of this machine, and the marts that differ `there`. Raises WarehouseError."""
    marts = list(marts)
    ours, theirs = (checksums(warehouse, marts, part) for warehouse in (here, there))
    by_name = {mart.name: mart for mart in marts}
    different = [by_name[mine.mart] for mine, other in zip(ours, theirs, strict=True) if mine != other]
    return ours, [rows_that_differ(mart.name, digests(here, mart, part), digests(there, mart, part)) for mart in different]


def rows_that_differ(mart: str, ours: Mapping[tuple[str, ...], str], theirs: Mapping[tuple[str, ...], str]) -> Difference:
    """By key and digest of each row. A mart that is built on one side alone has no rows on the other."""
    missing, extra = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    changed = {key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]}
    named = sorted(missing | extra | changed, key=repr)[:NAMED_ROWS]
    return Difference(mart, len(missing), len(extra), len(changed), tuple(" / ".join(map(str, key)) for key in named))


def not_built(found: Iterable[Checksum]) -> list[str]:
    return [each.mart for each in found if each.rows is None]
