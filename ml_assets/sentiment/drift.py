"""Whether posts still look to a model like those on which it was measured: its validation profile, and how far posts are from it."""

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import log
from pathlib import Path
from typing import Any

from ml_assets.sentiment.labels import LABELS

FILE = "profile.json"
# Siddiqi (2006), Credit Risk Scorecards, chapter 8: below 0.1 nothing has changed, above 0.25 the population has shifted.
WATCH, MOVED = 0.10, 0.25
# Fewer get no verdict: of 200 posts without any drift, ten bins alone make a PSI of 0.045 on average.
FEWEST_POSTS = 200


@dataclass(frozen=True)
class Profile:
    """What a model answers on its labelled validation posts; aggregates only, no text.

    `class_shares` are of its labels in the order of LABELS, `confidence_deciles` the nine edges of the largest probability and
    `confidence_shares` the ten shares between them (tenths but for ties and rounded edges), `unknown_token_share` a fraction of all tokens, `tokens_per_post` a mean; both count the tokens that mark start and end.
    """

    model_revision: str
    code_version: str
    posts: int
    class_shares: tuple[float, ...]
    confidence_deciles: tuple[float, ...]
    confidence_shares: tuple[float, ...]
    unknown_token_share: float
    tokens_per_post: float

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2) + "\n"


def read_profile(folder: Path) -> Profile | None:
    """The profile beside a model; None when there is none that can be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
        profile = Profile(**fields)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    sizes = [len(each) for each in (profile.class_shares, profile.confidence_deciles, profile.confidence_shares) if isinstance(each, tuple)]
    return profile if sizes == [len(LABELS), 9, 10] else None


def by_confidence(sure: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """Posts in each bin between ascending edges; one that stands on an edge is in the bin above it."""
    bins = [0] * (len(edges) + 1)
    for confidence in sure:
        bins[bisect_right(edges, confidence)] += 1
    return tuple(bins)


def stability_index(expected: Sequence[float], counts: Sequence[int], expected_posts: int) -> float:
    """Population stability index, sum of (a - e) ln(a / e) over the bins: `expected` shares e, of `expected_posts`, against counts.

    Siddiqi (2006), chapter 8. Half a post is added to each bin, so that an empty one does not make it infinite.
    Raises ValueError when the two have another number of bins.
    """
    posts, bins = sum(counts), len(counts)
    pairs = zip(expected, counts, strict=True)
    index = 0.0
    for share, count in pairs:
        e = (share * expected_posts + 0.5) / (expected_posts + 0.5 * bins)
        a = (count + 0.5) / (posts + 0.5 * bins)
        index += (a - e) * log(a / e)
    return index


@dataclass(frozen=True)
class Seen:
    """Scored posts of a campaign: by label in the order of LABELS, and by the profile's ten bins of confidence."""

    campaign_id: str
    labels: tuple[int, ...]
    confidence: tuple[int, ...]

    @property
    def posts(self) -> int:
        return sum(self.labels)


@dataclass(frozen=True)
class Moved:
    """A property of the posts whose `index` says how far it is from the profile; `said` says it in words."""

    index: float
    said: str

    @property
    def is_drift(self) -> bool:
        return self.index > MOVED

    @property
    def is_to_watch(self) -> bool:
        return WATCH < self.index <= MOVED


def moves(profile: Profile, seen: Seen) -> list[Moved]:
    """How far labels and confidence of a campaign are from the profile; nothing for fewer than FEWEST_POSTS."""
    if seen.posts < FEWEST_POSTS:
        return []
    labels = stability_index(profile.class_shares, seen.labels, profile.posts)
    moved_most = max(range(len(LABELS)), key=lambda k: abs(seen.labels[k] / seen.posts - profile.class_shares[k]))
    confidence = stability_index(profile.confidence_shares, seen.confidence, profile.posts)
    unsure, expected = sum(seen.confidence[:5]) / sum(seen.confidence), sum(profile.confidence_shares[:5])
    return [
        Moved(
            labels,
            f"{seen.campaign_id}: {seen.labels[moved_most] / seen.posts:.0%} of {seen.posts:,} posts are {LABELS[moved_most]}, "
            f"{profile.class_shares[moved_most]:.0%} of the validation posts (PSI {labels:.2f})",
        ),
        Moved(
            confidence,
            f"{seen.campaign_id}: the model is {'less' if unsure > expected else 'more'} sure of its labels: {unsure:.0%} of {seen.posts:,} posts are below the "
            f"median confidence of the validation posts, of which {expected:.0%} are (PSI {confidence:.2f})",
        ),
    ]


def unknown_tokens_move(profile: Profile, posts: int, tokens: int, unknown: int) -> Moved | None:
    """How far the share of unknown tokens is from the profile's; None for fewer than FEWEST_POSTS posts."""
    if posts < FEWEST_POSTS or not tokens:
        return None
    shares = [profile.unknown_token_share, 1 - profile.unknown_token_share]
    index = stability_index(shares, [unknown, tokens - unknown], round(profile.posts * profile.tokens_per_post))
    said = f"{unknown / tokens:.2%} of the tokens of {posts:,} posts are unknown to the model, {profile.unknown_token_share:.2%} in validation (PSI {index:.2f})"
    return Moved(index, said)
