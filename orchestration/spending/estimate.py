"""What a capture will cost, before it is made: from how many posts each hour has. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from orchestration.spending.prices import Prices

# Of an hour over the cap the search reads the last slice's excess and one page more than the cap has. Measured on 30 hours of
# 10,001 to 300,000 posts, even and in bursts: 2 to 112 posts over a cap of 10,000, 28 on average, in 101 or 102 pages of 100.
EXCESS_OF_A_PAGE = 0.3
EXTRA_PAGES = 1
# X answers counts by the minute in one piece for its recent search, and by 31 days for the full archive.
COUNTED_AT_ONCE = timedelta(days=31)


@dataclass(frozen=True)
class Estimate:
    """What a capture is expected to need: calls, posts read (billed) and kept, and US dollars at the listed prices."""

    hours: int
    capped_hours: int
    count_requests: int
    search_requests: int
    posts: int
    kept: int
    count_usd: float
    search_usd: float

    @property
    def requests(self) -> int:
        return self.count_requests + self.search_requests

    @property
    def usd(self) -> float:
        return self.count_usd + self.search_usd


def expect(posts_by_hour: Mapping[datetime, float], cap: int, prices: Prices, *, page: int = 100, full_archive: bool = False) -> Estimate:
    """The cost of capturing the first `cap` posts of each hour, for hours of so many posts, in pages of `page`."""
    posts, kept, requests, capped = 0.0, 0.0, 0, 0
    for found in posts_by_hour.values():
        if found > cap:
            capped += 1
            posts += min(found, cap + EXCESS_OF_A_PAGE * page)
            kept += cap
            requests += math.ceil(cap / page) + EXTRA_PAGES
        else:
            posts += found
            kept += found
            requests += max(1, math.ceil(found / page))
    counts = _count_requests(posts_by_hour, full_archive)
    whole = round(posts)
    return Estimate(
        hours=len(posts_by_hour),
        capped_hours=capped,
        count_requests=counts,
        search_requests=requests,
        posts=whole,
        kept=round(kept),
        count_usd=counts * prices.counts_usd,
        search_usd=whole * prices.post_usd,
    )


def _count_requests(hours: Mapping[datetime, float], full_archive: bool) -> int:
    if not hours:
        return 0
    return math.ceil((max(hours) - min(hours) + timedelta(hours=1)) / COUNTED_AT_ONCE) if full_archive else 1


def snapshot_reads(kept: int, ages: int) -> int:
    """The most posts that metric snapshots of `kept` posts read: each post once at each age."""
    return kept * ages
