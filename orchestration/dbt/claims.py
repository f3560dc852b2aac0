"""What a data test of dbt claims, in words: the name of a check in Dagster tells an engineer, not the person who must decide."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def claim(test: Mapping[str, Any]) -> str:
    """One sentence for a test node of the manifest: its own description, else made from its kind and arguments.

    Raises KeyError for a generic test that nobody has put into words (a test of the project finds it).
    """
    if test.get("description"):
        return test["description"]
    metadata = test["test_metadata"]
    model = (test.get("attached_node") or "").rsplit(".", 1)[-1]
    arguments = {**metadata["kwargs"], **(metadata["kwargs"].get("arguments") or {})}
    column = test.get("column_name") or arguments.get("column") or ""
    return _WORDS[metadata["name"]](model, column, arguments)


def _key(model: str, _: str, arguments: Mapping[str, Any]) -> str:
    columns = arguments["columns"]
    return f"No two rows of {model} share {listed(columns)}, and {'it is' if len(columns) == 1 else 'none of them is'} never NULL."


def _range(model: str, column: str, arguments: Mapping[str, Any]) -> str:
    lowest, highest = arguments.get("lowest"), arguments.get("highest")
    if lowest is not None and highest is not None:
        return f"Where it is known, {column} of {model} lies between {lowest} and {highest}."
    bound = f"at least {lowest}" if lowest is not None else f"at most {highest}"
    return f"Where it is known, {column} of {model} is {bound}."


_WORDS: dict[str, Callable[[str, str, Mapping[str, Any]], str]] = {
    "unique_combination": _key,
    "accepted_range": _range,
    "not_null": lambda model, column, _: f"{column} of {model} is never NULL.",
    "unique": lambda model, column, _: f"No two rows of {model} share {column}.",
    "accepted_values": lambda model, column, a: f"{column} of {model} is one of {listed(a['values'], 'or')}.",
    "labels_add_up": lambda model, *_: f"In {model}, every post is scored or not, and every scored one is negative, neutral or positive.",
    "shares_add_up": lambda model, _, a: f"In {model}, {listed(a['columns'])} add up to 1, or none of them is known.",
    "voices_add_up": lambda model, *_: f"In {model}, the shares of each competitor set add up to 1 on every day on which they are known.",
    "kinds_of_posts_add_up": lambda model, *_: f"In {model}, every post is an original or a repost, and replies and quotes are originals.",
    "days_are_in_the_present_zone": lambda model, *_: "Every day was built in the time zone that its campaign has now; where not, run its hours again.",
    "events_end_after_their_top": lambda model, *_: f"In {model}, every event starts by its top, ends after it, and stands above what was expected.",
    "changes_have_an_interval_or_a_reason": lambda model, *_: f"In {model}, every change has its interval or the reason why not, and a direction only where 0 is outside.",
    "originals_accounted_for": lambda model, *_: f"In {model}, every original is measured, waiting, deleted or missed, and none twice.",
}


def listed(names: Sequence[Any], last: str = "and") -> str:
    """`a, b and c`."""
    words = [str(name) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
