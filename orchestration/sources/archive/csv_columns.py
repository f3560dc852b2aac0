"""Which header of a CSV file means which field: the spellings of public collections, or the person's own mapping."""

import csv
import io
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.sources.base import SourceError
from orchestration.sources.values import parse_observed_at

# Compared without case and signs: `Tweet Id`, `tweet_id` and `tweetId` are one. The earlier one wins in a file that has both.
ALIASES: dict[str, tuple[str, ...]] = {
    "tweet_id": ("tweetid", "idstr", "statusid", "postid", "id"),
    "created_at": (
        "createdat", "tweetcreated", "tweetcreatedat", "postedat", "postcreated", "datetime", "timestamp", "date", "time",
    ),
    "observed_at": ("tweetextracted", "extractedat", "retrievedat", "scrapedat", "collectedat", "crawledat", "observedat"),
    "text": ("fulltext", "text", "tweettext", "tweet", "rawcontent", "content", "posttext", "body"),
    "author_id": ("userid", "authorid", "useridstr"),
    "author_handle": ("userusername", "username", "screenname", "userscreenname", "handle", "user", "author", "name"),
    "author_followers": (
        "userfollowerscount", "authorpublicmetricsfollowerscount", "authorfollowerscount", "userfollowers", "followerscount", "followers",
    ),
    "lang": ("lang", "language", "tweetlang"),
    "hashtags": ("hashtags",),
    "is_repost": ("isretweet", "isrepost"),
    "like_count": ("likecount", "likes", "likescount", "nlikes", "favoritecount", "favoritescount", "favorites", "favouritecount"),
    "reply_count": ("replycount", "replies", "repliescount", "nreplies"),
    "quote_count": ("quotecount", "quotes", "quotescount", "nquotes"),
    "repost_count": ("retweetcount", "retweets", "retweetscount", "nretweets", "repostcount", "reposts"),
    "bookmark_count": ("bookmarkcount", "bookmarks"),
    "impression_count": ("impressioncount", "impressions", "viewcount", "views"),
}  # fmt: skip
REQUIRED = ("text", "created_at")
# Words of a header that hint at a field, for the proposal in the error message.
HINTS = {
    "created_at": ("date", "time", "created", "posted", "when"),
    "text": ("tweet", "text", "content", "message", "body", "post"),
    "like_count": ("like", "favo"),
    "repost_count": ("retweet", "repost", "share"),
    "reply_count": ("repl", "comment"),
    "tweet_id": ("id",),
}


@dataclass(frozen=True)
class Columns:
    """Position of each field in a row."""

    positions: Mapping[str, int]
    count: int

    def value(self, row: Sequence[str], field: str) -> str | None:
        position = self.positions.get(field)
        if position is None:
            return None
        value = row[position].strip()
        return value or None


def find_columns(name: str, headers: Sequence[str], given: Mapping[str, str], sample: Sequence[Sequence[str]] = ()) -> Columns:
    """Columns of the file `name`; `given` maps fields to headers and wins over what we know.

    Raises SourceError that names the headers and the `--columns` option that would map them. `sample` are some rows, from
    which a proposal is made.
    """
    exact = {header.strip(): position for position, header in enumerate(headers)}
    known = {_plain(header): position for position, header in reversed(list(enumerate(headers)))}
    positions = {}
    for field, header in given.items():
        if field not in ALIASES:
            raise SourceError(f"--columns knows no field {field!r}. Fields: {', '.join(ALIASES)}.")
        if header in exact:
            positions[field] = exact[header]
    for field, aliases in ALIASES.items():
        if field not in positions:
            found = next((known[alias] for alias in aliases if alias in known and known[alias] not in positions.values()), None)
            if found is not None:
                positions[field] = found
    missing = [field for field in REQUIRED if field not in positions]
    if missing:
        raise SourceError(_explain(name, headers, positions, missing, given, sample))
    return Columns(positions, len(headers))


def _explain(
    name: str, headers: Sequence[str], positions: Mapping[str, int], missing: Sequence[str], given: Mapping[str, str], sample: Sequence[Sequence[str]]
) -> str:
    left = [(position, header) for position, header in enumerate(headers) if position not in positions.values() and header.strip()]
    proposal = dict(given) | {
        field: headers[position] for field, position in _propose(left, [field for field in ALIASES if field not in positions], sample).items()
    }
    for field in missing:
        proposal.setdefault(field, "HEADER")
    options = " ".join(shlex.quote(f"{field}={header}") for field, header in proposal.items())
    what = " and ".join(missing)
    shown = ", ".join(repr(header) for _, header in left) or "none"
    return (
        f"{name}: no column for {what}. {len(left)} headers are not known: {shown}.\n"
        f"Map them and run again:  pulse run ... --columns {options}"
    )


def _propose(left: Sequence[tuple[int, str]], fields: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[str, int]:
    """The best guess for each field: by words of the header, then by the values."""
    proposal: dict[str, int] = {}
    for field in fields:
        for position, header in left:
            words = _plain(header)
            if position not in proposal.values() and any(hint in words for hint in HINTS.get(field, ())):
                proposal[field] = position
                break
    free = [position for position, _ in left if position not in proposal.values()]
    if "created_at" in fields and "created_at" not in proposal:
        dated = [p for p in free if sample and all(len(row) > p and parse_observed_at(row[p]) for row in sample)]
        if dated:
            proposal["created_at"] = dated[0]
            free.remove(dated[0])
    if "text" in fields and "text" not in proposal and sample and free:
        longest = max(free, key=lambda p: sum(len(row[p]) for row in sample if len(row) > p))
        proposal["text"] = longest
    return proposal


def dialect_of(start: str) -> type[csv.Dialect]:
    """Comma, semicolon or tab, whichever parts the first line most."""
    first = next(csv.reader(io.StringIO(start)), [])
    line = start.splitlines()[0] if start.splitlines() else ""
    best = max(",;\t", key=line.count)

    class Found(csv.excel):
        delimiter = "," if len(first) > 1 and best == "," else best

    return Found


def _plain(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.strip().lstrip("\ufeff").lower())
