"""Every target: where it lives, its share of a million inputs, and the modules whose lines lead the mutations. Imports none of them."""

import importlib
from dataclasses import dataclass

from bench.fuzz.engines import Broken, Made


@dataclass(frozen=True)
class Target:
    """`inputs` of a run of a million; `watched` modules are instrumented by atheris, none where Hypothesis makes the inputs."""

    name: str
    place: str
    inputs: int
    watched: tuple[str, ...] = ()

    def load(self) -> Broken | Made:
        module, _, function = self.place.partition(":")
        return getattr(importlib.import_module(f"bench.fuzz.{module}"), function)()


_SOURCES = (
    "orchestration.sources.values", "orchestration.sources.records", "orchestration.sources.envelopes", "orchestration.sources.text_entities",
    "orchestration.sources.archive", "orchestration.sources.x", "orchestration.sources.news", "orchestration.stream",
)  # fmt: skip

# Cheap inputs get many, dear ones few: an input of the site takes some thirty times as long as a line of the stream.
TARGETS = (
    Target("stream lines", "stream_lines:stream_lines", 400_000, _SOURCES),
    Target("archive, lines of JSON", "archives:json_lines", 190_000, _SOURCES),
    Target("archive, rows of CSV", "archives:csv_rows", 130_000, _SOURCES),
    Target("archive, whole files", "archives:whole_files", 40_000, _SOURCES),
    Target("X API bodies", "x_bodies:x_bodies", 40_000, _SOURCES),
    Target("NewsAPI and GDELT bodies", "news_bodies:news_bodies", 40_000, _SOURCES),
    Target("campaign files", "campaign_files:campaign_files", 10_000),
    Target("tokens", "tokens:token_texts", 180_000, ("app.auth.tokens", "jwt")),
    Target("session cookies", "tokens:session_cookies", 8_000),
    Target("site API bodies and forms", "site_bodies:site_bodies", 8_000, ("app.api", "app.auth")),
)
