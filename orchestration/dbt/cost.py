"""What dbt's statements cost on BigQuery, from what the adapter says of each node. Pure; knows neither Dagster nor a warehouse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GIBIBYTE = 1024**3
# On-demand price of BigQuery in the US, per TiB billed: https://cloud.google.com/bigquery/pricing
USD_PER_TEBIBYTE = 6.25


@dataclass(frozen=True)
class Cost:
    """Bytes read, bytes billed and slot time (ms) of one statement or of several; None where nobody said."""

    bytes_processed: int | None = None
    bytes_billed: int | None = None
    slot_ms: int | None = None

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            _sum(self.bytes_processed, other.bytes_processed), _sum(self.bytes_billed, other.bytes_billed), _sum(self.slot_ms, other.slot_ms)
        )


NOT_SAID = Cost()


@dataclass(frozen=True)
class Verdict:
    """Whether a run stayed within its budget (bytes), and the sentence about it."""

    passed: bool
    billed: int | None
    budget: int
    says: str


def cost_of(response: Mapping[str, Any] | None, *, is_bigquery: bool) -> Cost:
    """The figures of an `adapter_response` of dbt-bigquery.

    The server on this machine answers 0 bytes for everything: that is no measurement, so without `is_bigquery` it is None.
    """
    if not is_bigquery or not response:
        return NOT_SAID
    return Cost(*(_whole(response.get(name)) for name in ("bytes_processed", "bytes_billed", "slot_ms")))


def costs_of_models(responses: Mapping[str, Mapping[str, Any]], nodes: Mapping[str, Any], *, is_bigquery: bool) -> dict[str, dict[str, int]]:
    """Metadata of each model by unique id: its own statement, and the data tests that hang on it. Absent is what nobody said.

    `responses` are adapter responses by unique id, `nodes` those of the manifest.
    """
    own: dict[str, Cost] = {}
    tests: dict[str, Cost] = {}
    for uid, response in responses.items():
        cost = cost_of(response, is_bigquery=is_bigquery)
        if uid.startswith("test."):
            model = nodes.get(uid, {}).get("attached_node")
            tests[model] = tests.get(model, NOT_SAID) + cost
        else:
            own[uid] = cost
    return {uid: _metadata(own.get(uid, NOT_SAID), tests.get(uid, NOT_SAID)) for uid in (own | tests) if uid}


def within_budget(billed: Mapping[str, int], budget: int) -> Verdict:
    """Whether the bytes billed by model (name -> bytes) are at most `budget` together; empty is a warehouse that bills nothing."""
    if not billed:
        return Verdict(True, None, budget, "This warehouse bills no bytes, so none were counted.")
    total = sum(billed.values())
    if total <= budget:
        return Verdict(True, total, budget, f"dbt billed {in_words(total)}; the budget is {in_words(budget)}.")
    largest = sorted(billed.items(), key=lambda item: (-item[1], item[0]))[:3]
    return Verdict(
        False,
        total,
        budget,
        f"dbt billed {in_words(total)} ({total / 1024**4 * USD_PER_TEBIBYTE:.2f} USD at {USD_PER_TEBIBYTE} USD a TiB), the budget is {in_words(budget)}. "
        f"Most of it: {', '.join(f'{name} {in_words(size)}' for name, size in largest)}. See which model has lost its bounds: "
        "pytest tests/dbt/test_cost.py. If the posts have become more, set PULSE_DBT_BYTES_BUDGET.",
    )


def billed_by(metadata: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, int]:
    """Name -> bytes billed by a model and its tests, from the (name, metadata) that `costs_of_models` made; without those of no figure."""
    found = {}
    for name, values in metadata:
        figures = [values[key] for key in ("bytes_billed", "bytes_billed_by_tests") if values.get(key) is not None]
        if figures:
            found[name] = sum(figures)
    return found


def _metadata(own: Cost, tests: Cost) -> dict[str, int]:
    figures = {
        "bytes_processed": own.bytes_processed,
        "bytes_billed": own.bytes_billed,
        "slot_ms": own.slot_ms,
        "bytes_billed_by_tests": tests.bytes_billed,
    }
    return {name: value for name, value in figures.items() if value is not None}


def _sum(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else a + b


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def in_words(size: int) -> str:
    """Bytes as people read them: GiB, or MiB below a hundredth of one."""
    return f"{size / GIBIBYTE:.2f} GiB" if size >= GIBIBYTE / 100 else f"{size / 1024**2:.1f} MiB"
