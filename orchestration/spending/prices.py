"""What X asks for a call, by its price list."""

from dataclasses import dataclass
from datetime import date

from orchestration.settings import Settings
from orchestration.sources.x.metering import COUNTS, FREE, LOOKUP, SEARCH, STREAM

BY_POST = frozenset({SEARCH, LOOKUP, STREAM})


@dataclass(frozen=True)
class Prices:
    """US dollars of one post read and of one request for counts, as listed on the day `as_of`."""

    post_usd: float
    counts_usd: float
    as_of: date

    @classmethod
    def of_settings(cls, settings: Settings) -> "Prices":
        return cls(settings.x_price_post_usd, settings.x_price_counts_usd, settings.x_prices_as_of)

    def of(self, kind: str, posts: int, requests: int) -> float:
        """US dollars of `requests` calls that brought `posts` posts. Raises ValueError for a kind that has no price here."""
        if kind in BY_POST:
            return posts * self.post_usd
        if kind == COUNTS:
            return requests * self.counts_usd
        if kind == FREE:
            return 0.0
        raise ValueError(f"{kind!r} is no kind of call")
