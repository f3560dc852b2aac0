"""The edge of what is too deep: 200 levels of lists and objects are read, 201 are not."""

import pytest

from orchestration.sources.values import MOST_LEVELS, is_too_deep


@pytest.mark.parametrize("leaf", [1, "text", None])
@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": 1, "b": inner}, lambda inner: [1, inner, "[[["]])
def test_the_most_levels_are_read_and_one_more_is_not(leaf, wrap):
    value = leaf
    for _ in range(MOST_LEVELS):
        value = wrap(value)
    assert not is_too_deep(leaf) and not is_too_deep(value)
    assert is_too_deep(wrap(value))
