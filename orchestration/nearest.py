"""What somebody may have meant who wrote a name that is not there. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """` Did you mean a, b?`, or nothing."""
    names = get_close_matches(name.lower(), list(known), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(names)}?" if names else ""
