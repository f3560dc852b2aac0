"""Peaks on campaigns made for it: what of planted events is found, and how often something is found where nothing is.

python -m bench.peaks [--campaigns N] [--quick]

A campaign has a weekly rhythm, overdispersed hours, days that remember the day before, and heavy-tailed engagement (bench/peaks_campaigns.py
says how much). Everything is drawn from printed seeds. Prints Markdown: docs/method.md has the tables of a run.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bench import figures
from bench.figures import HIGHER, Figure
from bench.peaks_campaigns import FIRST_HOUR, ZONE, Planted, capped, days_of, hours_of, planted_at_random
from bench.peaks_rivals import RIVALS, joined
from ml_assets.peaks import DAY, HOUR, SERIES, Measured, detect, series_of
from ml_assets.peaks.series import ENGAGEMENT, NEGATIVE_SHARE, VOLUME, WHOLE_CAMPAIGN, Series

POSTS_PER_HOUR = 60.0
WEEKS, QUIET_WEEKS = 4, 8
FACTORS, LENGTHS = (2, 3, 5), (3, 12)
OURS = "ours"
Span = tuple[datetime, datetime]
Method = Callable[[str, Sequence[Measured]], list[Span]]


@dataclass
class Tally:
    """Planted events and those of them found; all that was flagged, and what of it lay on a planted event."""

    planted: int = 0
    found: int = 0
    flagged: int = 0
    true: int = 0

    def count(self, event: Planted, spans: Sequence[Span]) -> None:
        # It takes an event as long to fade as it lasted.
        faded = event.end + (event.end - event.start)
        on_event = [start < faded and end > event.start for start, end in spans]
        self.planted += 1
        self.found += any(on_event)
        self.flagged += len(spans)
        self.true += sum(on_event)

    @property
    def recall(self) -> str:
        return f"{self.found / self.planted:.0%}"

    @property
    def precision(self) -> str:
        return f"{self.true / self.flagged:.0%}" if self.flagged else "-"


def ours(name: str, hours: Sequence[Measured]) -> list[Span]:
    """(start, end) of each event by the hour and by the day."""
    return [span for grain, measured in ((HOUR, hours), (DAY, days_of(hours))) for span in _found(name, grain, measured)]


def _found(name: str, grain: str, measured: Sequence[Measured]) -> Iterator[Span]:
    verdict = detect(series_of(name, grain, ZONE, WHOLE_CAMPAIGN, measured))
    for event in verdict.events:
        yield verdict.series.starts[event.first], verdict.series.end_of(event.last)


def by_rival(flag: Callable[[np.ndarray], np.ndarray]) -> Method:
    def spans(name: str, hours: Sequence[Measured]) -> list[Span]:
        series: Series = series_of(name, HOUR, ZONE, WHOLE_CAMPAIGN, hours)
        return [(series.starts[first], series.end_of(last)) for first, last in joined(series, flag(series.values))]

    return spans


METHODS: dict[str, Method] = {OURS: ours} | {name: by_rival(flag) for name, flag in RIVALS}


def planted_events(campaigns: int) -> Iterator[tuple[str, float, int, dict[str, Tally]]]:
    """One event in each campaign, by series, factor and length. Rivals judge volume, for which they are made."""
    for name in SERIES:
        for factor in FACTORS:
            for length in LENGTHS:
                tallies = {method: Tally() for method in (METHODS if name == VOLUME else (OURS,))}
                for seed in range(campaigns):
                    rng = np.random.default_rng((1, seed))
                    event = planted_at_random(rng, name, factor, length, WEEKS)
                    hours = hours_of(rng, WEEKS, POSTS_PER_HOUR, [event])
                    for method, tally in tallies.items():
                        tally.count(event, METHODS[method](name, hours))
                yield name, factor, length, tallies


def quiet_campaigns(campaigns: int, weeks: float, posts_per_hour: float) -> dict[str, list[int]]:
    """Flags in each campaign without any event: ours of each series and of all together, of the rivals in volume."""
    flags: dict[str, list[int]] = {}
    for seed in range(campaigns):
        hours = hours_of(np.random.default_rng((2, seed)), weeks, posts_per_hour)
        found = {name: len(ours(name, hours)) for name in SERIES}
        found[f"{OURS}, all three"] = sum(found.values())
        found |= {rival: len(METHODS[rival](VOLUME, hours)) for rival, _ in RIVALS}
        for name, number in found.items():
            flags.setdefault(name, []).append(number)
    return flags


def capped_day() -> list[str]:
    """336,000 posts on a day, 79 % of them in four hours, of which a cap of 10,000 an hour keeps a third; another day of 216,000 is kept whole."""
    hours = []
    for hour in hours_of(np.random.default_rng(3), 3, 2_000):
        age = (hour.start - FIRST_HOUR).total_seconds() / 3600
        day, of_day = divmod(int(age), 24)
        posts = {9: 66_360 if 12 <= of_day < 16 else 3_528, 15: 9_000}.get(day, hour.posts)
        hours.append(Measured(hour.start, posts, max(1, posts // 3), posts * 4, counted=posts, coverage=1.0))
    days = days_of(capped(hours, 10_000))
    captured, counted = max(days, key=lambda day: day.posts), max(days, key=lambda day: day.counted)
    verdict = detect(series_of(VOLUME, DAY, ZONE, WHOLE_CAMPAIGN, days))
    top = max(verdict.events, key=lambda event: verdict.series.values[event.top]).top
    day = days[top]
    return [
        "| question | answer |",
        "|---|---|",
        f"| day of most captured posts | {captured.start:%Y-%m-%d}: {captured.posts:,} of {captured.counted:,} |",
        f"| day of most counted posts | {counted.start:%Y-%m-%d}: {counted.posts:,} of {counted.counted:,} |",
        f"| strongest peak, by counted volume | {verdict.series.day_of(top)}: {day.counted:,} posts, {day.posts:,} captured, coverage {day.coverage:.0%} |",
        f"| the same day on captured posts (a hashtag) | {_on_captured(days, top)} |",
    ]


def _on_captured(days: Sequence[Measured], top: int) -> str:
    series = series_of(VOLUME, DAY, ZONE, "hashtag", days)
    return "not judged: captured below 90 %" if np.isnan(series.values[top]) else f"{series.values[top]:,.0f}"


def report(campaigns: int, found: list[Figure]) -> Iterator[str]:
    """Lines of Markdown; what is measured of volume and of quiet weeks goes to `found`."""
    yield f"{campaigns} campaigns of {WEEKS} weeks with {POSTS_PER_HOUR:.0f} posts an hour, one event in each; seeds (1, 0) to (1, {campaigns - 1}).\n"
    yield "| series | event | method | found | of what is flagged, on the event | flags a campaign |"
    yield "|---|---|---|---:|---:|---:|"
    for name, factor, length, tallies in planted_events(campaigns):
        found += planted_figures(name, factor, length, tallies)
        for method, tally in tallies.items():
            yield f"| {name} | {factor}x for {length} h | {method} | {tally.recall} | {tally.precision} | {tally.flagged / tally.planted:.1f} |"
    for weeks, level in ((QUIET_WEEKS, POSTS_PER_HOUR), (QUIET_WEEKS, 8.0), (2, POSTS_PER_HOUR)):
        yield f"\n{campaigns} campaigns of {weeks} weeks with {level:.0f} posts an hour and no event; seeds (2, 0) to (2, {campaigns - 1}).\n"
        yield "| series or method | flags a campaign | campaigns with 0 | 1 | 2 | 3 and more |"
        yield "|---|---:|---:|---:|---:|---:|"
        flagged = quiet_campaigns(campaigns, weeks, level)
        found += quiet_figures(weeks, level, flagged)
        for name, flags in flagged.items():
            shares = [flags.count(0), flags.count(1), flags.count(2), sum(number > 2 for number in flags)]
            label = name if name.startswith(OURS) or name not in (VOLUME, ENGAGEMENT, NEGATIVE_SHARE) else f"{OURS}, {name}"
            yield f"| {label} | {np.mean(flags):.2f} | {' | '.join(map(str, shares))} |"
    yield "\nThe capped day, seed 3:\n"
    yield from capped_day()


def planted_figures(name: str, factor: int, length: int, tallies: dict[str, Tally]) -> list[Figure]:
    """Of volume: found of 100, beside the rival that found most."""
    if name != VOLUME:
        return []
    best = max((method for method in tallies if method != OURS), key=lambda method: tallies[method].found)
    shares = [100 * tallies[method].found / tallies[method].planted for method in (OURS, best)]
    return [Figure(f"events of {factor}x for {length} h in volume that are found", shares[0], "%", HIGHER, best, shares[1])]


def quiet_figures(weeks: int, level: float, flagged: dict[str, list[int]]) -> list[Figure]:
    """Flags where nothing happened, beside the rival that flags least but for the one that always flags one."""
    ours_all = f"{OURS}, all three"
    best = min((rival for rival, _ in RIVALS if rival != RIVALS[-1][0]), key=lambda rival: np.mean(flagged[rival]))
    # At most one is wanted in eight weeks.
    wanted = 1.0 if weeks == QUIET_WEEKS else None
    name = f"flags in {weeks} quiet weeks of {level:.0f} posts an hour, in all three series"
    return [Figure(name, float(np.mean(flagged[ours_all])), "", peer=f"{best}, in volume alone", peer_value=float(np.mean(flagged[best])), limit=wanted)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--campaigns", type=int, default=50, help="of each kind (default 50: about 3 minutes)")
    parser.add_argument("--quick", action="store_true", help="4 of each kind")
    figures.add_option(parser)
    asked = parser.parse_args()
    began, found = time.monotonic(), []
    for line in report(4 if asked.quick else asked.campaigns, found):
        print(line, flush=True)
    figures.write(asked.json, found)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
