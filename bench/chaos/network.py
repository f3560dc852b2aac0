"""X's network goes wrong while hours are captured through its stub: connections cut, answers late, halved or no JSON at all."""

import random
from datetime import timedelta

from bench.chaos.blows import NotStruck, end_of
from bench.chaos.homes import Home, Lane, edges
from orchestration.campaigns import Campaign
from orchestration.sources.sample import campaign as sample
from orchestration.windows import Window
from orchestration.x_stub.loading import from_sample
from orchestration.x_stub.running import RunningStub

NAME = "network faults of X"
PATH = "/2/tweets/"
KINDS = ("reset", "half_response", "200_truncated_json", "slow", "stall", "503_html")
# The client asks five times: more failures than that on end it, fewer are healed in passing.
MOST_TIMES, MOST_REQUESTS = 7, 12
# A socket that is silent for 30 s is given up.
SLOW_SECONDS, STALL_SECONDS = (0.2, 5.0), 35.0
CAMPAIGN = Campaign("searched", "Searched", query=sample.QUERY, hashtags=sample.HASHTAGS, zone=sample.ZONE, source="x_search", news_source="sample", news_query=sample.NEWS_QUERY)


class Network:
    """A stub of X on this machine whose clock stands still, and the lane that captures `window` through it."""

    def __init__(self, window: Window) -> None:
        now = window.end + timedelta(hours=2)
        self.stub = RunningStub(from_sample(), now=now, limits=False)
        self._window, self._now = window, now

    def __enter__(self) -> "Network":
        self.stub.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.stub.__exit__(*error)

    @property
    def lane(self) -> Lane:
        environment = {
            "PULSE_X_BASE_URL": self.stub.url, "PULSE_X_CLOCK": f"{self._now:%Y-%m-%dT%H:%M:%SZ}", "X_BEARER_TOKEN": "test-chaos",
            "PULSE_X_BUDGET_RUN_USD": "1000", "PULSE_X_BUDGET_DAY_USD": "10000",
        }  # fmt: skip
        return Lane(("run", "--campaign", CAMPAIGN.campaign_id, *edges(self._window)), CAMPAIGN.campaign_id, environment, (CAMPAIGN,))

    def strike(self, home: Home, rng: random.Random, _: float) -> str:
        """One kind of fault on some requests in a row."""
        kind, nth = rng.choice(KINDS), rng.randint(1, MOST_REQUESTS)
        times = 1 if kind == "stall" else rng.randint(1, MOST_TIMES)
        seconds = STALL_SECONDS if kind == "stall" else rng.uniform(*SLOW_SECONDS)
        asked, seen = len(self.stub.log), home.said_so_far()
        self.stub.faults.add(kind, path=PATH, nth=nth, times=times, seconds=seconds)
        try:
            code = home.run()
        finally:
            self.stub.faults.clear()
        if (asked := len(self.stub.log) - asked) < nth:
            raise NotStruck(f"only {asked} requests were made")
        return f"{kind}, {times} times from request {nth} on: the run {end_of(home, seen, code)}"
