"""The edge of what is too deep: 200 levels of lists and objects are read, 201 are not."""

import json

import pytest

from orchestration.sources.values import MOST_LEVELS, is_too_deep

LONGER_THAN_64_BITS = 2**70
LONE_SURROGATE = "\ud83d"


# What orjson does not write is looked at level by level, to the same edge.
@pytest.mark.parametrize("leaf", [1, "text", None, LONGER_THAN_64_BITS, LONE_SURROGATE])
@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": 1, "b": inner}, lambda inner: [1, inner, "[[["]])
def test_the_most_levels_are_read_and_one_more_is_not(leaf, wrap):
    value = leaf
    for _ in range(MOST_LEVELS):
        value = wrap(value)
    assert not is_too_deep(leaf) and not is_too_deep(value)
    assert is_too_deep(wrap(value))
    assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize("beside", [1, LONE_SURROGATE])
def test_an_empty_list_at_the_deepest_level_counts(beside):
    value = []
    for _ in range(MOST_LEVELS - 1):
        value = [beside, value]
    assert not is_too_deep(value) and is_too_deep([value])
