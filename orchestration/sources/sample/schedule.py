"""When each post of the sample is made, and in which language: the day's volume spread over its hours."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from orchestration.sources.sample.campaign import LAUNCH_DAY, RECALL_DAY, ZONE, local_day
from orchestration.sources.sample.plan import (
    DIURNAL,
    HOURS_AHEAD,
    LANGUAGES,
    LAUNCH_HOUR,
    LAUNCH_HOUR_POSTS,
    POSTS_PER_DAY,
    RECALL_ANNOUNCED,
    SILENT_HOURS,
    TOPICS,
)
from orchestration.windows import floor_hour

T = TypeVar("T")
Slot = tuple[datetime, str | None]


def make_schedule(rng: random.Random) -> list[Slot]:
    """(created_at, language) of every post, in order of time; exactly `LAUNCH_HOUR_POSTS` in the launch hour."""
    slots: list[Slot] = []
    for day, posts in POSTS_PER_DAY.items():
        slots += [_ordinary(rng, day) for _ in range(posts)]
    slots += [(_in_launch_hour(rng), pick(rng, LANGUAGES)) for _ in range(LAUNCH_HOUR_POSTS)]
    return sorted(slots, key=lambda slot: slot[0])


def pick(rng: random.Random, weights: dict[T, int]) -> T:
    """One key, by whole-number weights: no floating point, so every machine draws the same."""
    number = rng.randrange(sum(weights.values()))
    for key, weight in weights.items():
        number -= weight
        if number < 0:
            return key
    raise AssertionError("the weights are all zero")


def topic_at(rng: random.Random, moment: datetime) -> str:
    """What a post at `moment` is about; nothing is said of an event before it happened."""
    day = local_day(moment)
    topic = pick(rng, TOPICS[day])
    if topic == "launch" and day == LAUNCH_DAY and moment < LAUNCH_HOUR:
        return "teaser"
    if topic == "recall" and day == RECALL_DAY and moment < RECALL_ANNOUNCED:
        return "review"
    return topic


def _ordinary(rng: random.Random, day: date) -> Slot:
    lang = pick(rng, LANGUAGES)
    while True:
        hour = pick(rng, dict(enumerate(DIURNAL)))
        clock = time((hour - HOURS_AHEAD.get(lang or "", 0)) % 24, rng.randrange(60), rng.randrange(60))
        moment = datetime.combine(day, clock, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        if floor_hour(moment) != LAUNCH_HOUR and floor_hour(moment) not in SILENT_HOURS and local_day(moment) == day:
            return moment, lang


def _in_launch_hour(rng: random.Random) -> datetime:
    """Rather early in the hour, as people wait for the launch."""
    return LAUNCH_HOUR + timedelta(seconds=min(rng.randrange(3600), rng.randrange(3600)))
