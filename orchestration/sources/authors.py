"""Pseudonyms of authors."""

import hashlib


def author_key(author_id: str | None, handle: str | None) -> str | None:
    """16 hex digits: a hash of the id, else of the handle; None when both are unknown.

    The same author keeps the key in every archive that names the id. It hides the name from a reader of the marts, not
    from somebody who can try all ids.
    """
    if author_id:
        return _hash(f"id:{author_id}")
    if handle:
        return _hash(f"handle:{handle.lstrip('@＠').casefold()}")
    return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
