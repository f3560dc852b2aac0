"""Are days explained by the news that made them, and ordinary days by none?  python -m bench.explain [--quick] [--data FOLDER]

Simulated campaigns of 40 days (`bench/explain_campaigns.py`), seeds printed: how often the planted event's story ranks first with
confidence >= 0.95, how often an ordinary day that was held out gets as much, and both without each signal. Then speed and memory of a
campaign of 30 days, 200,000 posts and 3,000 articles. With `--data`, ChatGPT posts and real headlines of April 2023.
"""

import argparse
import os
import resource
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from bench import figures
from bench.explain_campaigns import FAINT, FIRST, LOUD, PRODUCT, Campaign, campaign, large_campaign
from bench.explain_real import explain_real
from bench.figures import HIGHER, Figure
from ml_assets.explanations.corpus import WHOLE_CAMPAIGN, Corpus
from ml_assets.explanations.evidence import SIGNALS, WEIGHTS, Pool, Weights
from ml_assets.explanations.explain import Trial, explain, ordinary_days
from ml_assets.explanations.rules import CONFIDENT, EXPLAINED, MOST_POSTS

SURE = 0.95
ALL = "all signals"
HELD_OUT_OF_EACH = 2


@dataclass
class Rates:
    """Of planted events: first in rank, and also sure. Of held-out ordinary days: their confidences."""

    events: int = 0
    first: int = 0
    sure: int = 0
    held_out: list[float] = field(default_factory=list)

    def add_event(self, headline_id: str | None, confidence: float) -> None:
        is_first = (headline_id or "").startswith("event")
        self.events += 1
        self.first += is_first
        self.sure += is_first and confidence >= SURE

    def line(self, name: str) -> str:
        null = np.array(self.held_out)
        of_null = f"{np.sum(null >= SURE):4d} of {len(null)} ({np.mean(null >= SURE):6.1%})   {np.mean(null >= CONFIDENT):6.1%}" if len(null) else ""
        return f"  {name:<26} {self.first:4d} {self.sure:5d} of {self.events:<4d}   {of_null}"


class Judged:
    """A day of a simulated campaign against its ordinary days, laid out once, so that it can be judged by several weights."""

    def __init__(self, corpus: Corpus, made: Campaign, day: date) -> None:
        self.placebos = ordinary_days(corpus.days_of(WHOLE_CAMPAIGN), {made.event, day})
        trial = Trial(corpus, WHOLE_CAMPAIGN, WHOLE_CAMPAIGN, day, self.placebos)
        self.pool, self.pairs = Pool(corpus, made.pool(day), day), [trial.pair(placebo) for placebo in self.placebos]
        self.day = (trial.peak_weights(), trial.middle_of(WHOLE_CAMPAIGN, day))

    def headline_id(self, weights: Weights) -> str | None:
        found = self.pool.score(*self.day, weights)
        return self.pool.articles[self.pool.headline(int(found.stories.argmax()), found.score)].article_id if found.best else None

    def confidence(self, weights: Weights, pools: Sequence[Pool] | None = None) -> float:
        """As `explain` says; with `pools`, each ordinary day is scored on its own news instead."""
        lower = []
        for number, (peak, placebo) in enumerate(self.pairs):
            best, other = self.pool.score(*peak, weights).best, (pools[number] if pools else self.pool).score(*placebo, weights).best
            lower.append(1.0 if other < best - 1e-9 else 0.5 if other < best + 1e-9 else 0.0)
        return sum(lower) / len(lower)


def simulate(seeds: Iterable[int], loudness: tuple[float, float], held_out: int) -> tuple[dict[str, Rates], list[float]]:
    """Rates with all signals, by the product, and without each; besides, the held-out days with each ordinary day's own news as placebo."""
    rates, own = {ALL: Rates()} | {f"without {signal}": Rates() for signal in SIGNALS}, []
    for seed in seeds:
        made = campaign(seed, loudness)
        corpus = Corpus(made.posts, made.news, [PRODUCT])
        days = ordinary_days(corpus.days_of(WHOLE_CAMPAIGN), {made.event})
        chosen = [days[each] for each in np.random.default_rng(seed + 10_000).choice(len(days), size=held_out, replace=False)]
        found = explain(corpus, WHOLE_CAMPAIGN, made.event, made.pool(made.event), {made.event})
        rates[ALL].add_event(found.headline_article_id, found.confidence)
        rates[ALL].held_out += [explain(corpus, WHOLE_CAMPAIGN, day, made.pool(day), {made.event}).confidence for day in chosen]
        event, judged = Judged(corpus, made, made.event), [Judged(corpus, made, day) for day in chosen]
        for signal in SIGNALS:
            weights = WEIGHTS.without(signal)
            rates[f"without {signal}"].add_event(event.headline_id(weights), event.confidence(weights))
            rates[f"without {signal}"].held_out += [each.confidence(weights) for each in judged]
        pools = {day: Pool(corpus, made.pool(day), day) for day in days} if chosen else {}
        own += [each.confidence(WEIGHTS, [pools[day] for day in each.placebos]) for each in judged]
    return rates, own


def without_news(seeds: Iterable[int]) -> int:
    """How many events that no article reports are called explained all the same."""
    called = 0
    for seed in seeds:
        made = campaign(seed, LOUD, with_news=False)
        called += (
            explain(Corpus(made.posts, made.news, [PRODUCT]), WHOLE_CAMPAIGN, made.event, made.pool(made.event), {made.event}).verdict == EXPLAINED
        )
    return called


def print_rates(seeds: range, faint: range, *, held_out: int = HELD_OUT_OF_EACH) -> Rates:
    """Prints the tables; returns the rates of the shipped weights."""
    rates, own = simulate(seeds, LOUD, held_out)
    print(f"{len(seeds)} campaigns with one event, seeds {seeds.start} to {seeds.stop - 1}; confidence of the event's story and of ordinary days")
    print("                              first  >= 0.95           ordinary days >= 0.95    >= 0.8")
    for name, found in rates.items():
        print(found.line(name), flush=True)
    null = np.array(rates[ALL].held_out)
    print(
        f"  if nothing but chance decided, {chance_of_sure(37):.1%} of ordinary days would reach 0.95 against 37 others; mean here {null.mean():.2f} (0.50)"
    )
    print(f"  against each ordinary day's own news instead: {np.mean(np.array(own) >= SURE):.1%} reach 0.95, mean {np.mean(own):.2f}")
    weak, _ = simulate(faint, FAINT, 0)
    print(
        f"{len(faint)} campaigns whose event {FAINT[0]:.0%} to {FAINT[1]:.0%} of the additional posts name, seeds {faint.start} to {faint.stop - 1}"
    )
    for name, found in weak.items():
        print(found.line(name), flush=True)
    called = without_news(faint)
    print(f"{len(faint)} campaigns whose event no article reports: called explained in {called}")
    return rates[ALL]


def chance_of_sure(placebos: int) -> float:
    """Share of days that reach SURE when the day and the ordinary days could be exchanged: its rank among them is uniform."""
    return sum(lower / placebos >= SURE for lower in range(placebos + 1)) / (placebos + 1)


def print_speed(posts: int, articles: int) -> list[Figure]:
    """30 days, six hashtags with three peaks each; posts as the asset reads them: at most MOST_POSTS texts of a hashtag's day. Seconds and memory."""
    days = 30
    made, tags = large_campaign(7, days=days, posts=posts, articles=articles)
    counted, kept = Counter(), []
    for post in made.posts:
        chosen = frozenset(tag for tag in post.tags if counted[tag, post.day] < MOST_POSTS)
        counted.update((tag, post.day) for tag in chosen)
        if chosen:
            kept.append(replace(post, tags=chosen))
    peaks = [(tag, FIRST + timedelta(days=day)) for tag in tags for day in (5, 14, 23)]
    started, busy = time.perf_counter(), time.process_time()
    corpus = Corpus(kept, made.news, [PRODUCT])
    read = time.perf_counter() - started
    for tag, day in peaks:
        explain(corpus, tag, day, made.pool(day), {day for _, day in peaks})
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"speed, {os.cpu_count()} cores: {posts:,} posts of {days} days ({len(kept):,} texts after the sample), {articles:,} articles, {len(peaks)} peaks:"
    )
    print(
        f"  {seconds:.1f} s (60 wanted; {busy:.1f} s of processor), of which words {read:.1f} s; largest memory of the process {memory:,.0f} MiB (1,536 wanted), the made posts included",
        flush=True,
    )
    name = f"{len(peaks)} peaks explained, {posts:,} posts of {days} days, {articles:,} articles"
    return [Figure(name, seconds, "s", limit=60), Figure(f"{name}: largest memory", memory, "MiB", limit=1_536)]


def figures_of(found: Rates) -> list[Figure]:
    null = np.array(found.held_out)
    return [
        Figure(f"planted events whose story ranks first with confidence {SURE} or more", 100 * found.sure / found.events, "%", HIGHER),
        Figure(f"ordinary days that reach {SURE} all the same", 100 * float(np.mean(null >= SURE)), "%", peer="chance alone", peer_value=100 * chance_of_sure(37)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the campaigns, no speed")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder of chatgpt_daily_2023 and newsapi_headlines_2023; skipped when absent"
    )
    figures.add_option(parser)
    asked = parser.parse_args()
    if asked.quick:
        figures.write(asked.json, figures_of(print_rates(range(10), range(100, 104))))
        return
    rates = print_rates(range(100), range(100, 140))
    figures.write(asked.json, [*figures_of(rates), *print_speed(200_000, 3_000)])
    explain_real(asked.data)


if __name__ == "__main__":
    main()
