"""Makes every post of the sample: kinds, references, metrics, edits, repeated observations, planted oddities."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from orchestration.sources.sample import plan
from orchestration.sources.sample.campaign import COMMUNITY_RUN_DAY, LAUNCH_DAY, local_day
from orchestration.sources.sample.hostile import HOSTILE
from orchestration.sources.sample.people import Person, make_people, pick_author
from orchestration.sources.sample.schedule import make_schedule, pick, topic_at
from orchestration.sources.sample.stars import STARS
from orchestration.sources.sample.texts import write_post
from orchestration.sources.sample.writing import Text
from orchestration.windows import floor_hour

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
REPEATED_OBSERVATIONS = 450
EDITED_POSTS = 40
# Of the edited posts, so many are edited in the hour after the one they were made in.
EDITS_ACROSS_THE_HOUR = 2
RECENT = 500
MOST_LIKES = 600


@dataclass
class Draft:
    """A post before it becomes a record. `metrics` is None when the source had none; `versions` holds ids, oldest first."""

    id: str
    created_at: datetime
    author: Person
    kind: str
    lang: str | None
    mood: str
    topic: str
    text: Text
    metrics: dict[str, int] | None = None
    note: Text | None = None
    target: "Draft | None" = None
    versions: list[str] = field(default_factory=list)
    repeated: bool = False
    planted: str | None = None
    reposted: int = 0

    @property
    def root_id(self) -> str:
        return self.versions[0]

    @property
    def referenced(self) -> "Draft":
        """`target` of a repost, quote or reply. Raises ValueError for an original."""
        if self.target is None:
            raise ValueError(f"{self.id} refers to no post")
        return self.target

    @property
    def tags(self) -> list[str]:
        """Keys of the hashtags: the original's for a repost, the long text's where there is one."""
        if self.kind == "repost":
            return self.referenced.tags
        return (self.note or self.text).tags


def make_posts(seed: int = plan.SEED) -> list[Draft]:
    """Every post, by (created_at, id). The same seed makes the same posts on every machine."""
    rng = random.Random(seed)
    people = make_people(rng)
    ids = Ids(rng)
    planted = _stars(rng, ids) + _hostile(rng, ids, people)
    drafts = _ordinary(rng, ids, people, planted)
    _repeat_observations(rng, drafts)
    drafts += _edits(rng, ids, drafts)
    for draft in drafts:
        if draft.kind == "repost":
            draft.referenced.reposted += 1
    return sorted(drafts, key=lambda draft: (draft.created_at, draft.id))


class Ids:
    """Snowflake ids: the millisecond, then 22 bits of noise; no id twice."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._used: set[int] = set()

    def at(self, moment: datetime) -> str:
        milliseconds = int(moment.timestamp()) * 1000 - SNOWFLAKE_EPOCH_MS
        while (number := (milliseconds + self._rng.randrange(1000) << 22) | self._rng.randrange(1 << 22)) in self._used:
            continue
        self._used.add(number)
        return str(number)


def _ordinary(rng: random.Random, ids: Ids, people: list[Person], planted: list[Draft]) -> list[Draft]:
    """Ordinary posts among the planted ones; those of the launch hour make room so that its total stays as planned."""
    schedule = make_schedule(rng)
    crowd = sum(floor_hour(draft.created_at) == plan.LAUNCH_HOUR for draft in planted)
    in_hour = [slot for slot in schedule if floor_hour(slot[0]) == plan.LAUNCH_HOUR]
    dropped = set(rng.sample(range(len(in_hour)), crowd))
    launch = [slot for number, slot in enumerate(in_hour) if number not in dropped]
    slots = sorted([slot for slot in schedule if floor_hour(slot[0]) != plan.LAUNCH_HOUR] + launch, key=lambda slot: slot[0])

    waiting = sorted(planted, key=lambda draft: draft.created_at)
    drafts: list[Draft] = []
    recent: list[Draft] = []
    famous: list[Draft] = []
    for moment, lang in slots:
        while waiting and waiting[0].created_at <= moment:
            arrived = waiting.pop(0)
            drafts.append(arrived)
            (famous if arrived.planted == "star" else recent).append(arrived)
        draft = _one(rng, ids, people, moment, lang, recent, famous)
        drafts.append(draft)
        if draft.kind != "repost":
            recent.append(draft)
    return drafts + waiting


def _one(
    rng: random.Random, ids: Ids, people: list[Person], moment: datetime, lang: str | None, recent: list[Draft], famous: list[Draft]
) -> Draft:
    in_launch_hour = floor_hour(moment) == plan.LAUNCH_HOUR
    kind = pick(rng, plan.KINDS_IN_LAUNCH_HOUR if in_launch_hour else plan.KINDS)
    if len(recent) < 10 or lang in ("und", "qme"):
        kind = "original"
    author = pick_author(rng, people)
    identity = ids.at(moment)
    target = None if kind == "original" else _target(rng, moment, recent, famous, kind)
    if target is not None and kind == "repost":
        draft = Draft(identity, moment, author, kind, target.lang, target.mood, target.topic, Text(), target=target)
        draft.versions = [identity]
        return draft
    topic = topic_at(rng, moment)
    mood = pick(rng, plan.MOODS[topic])
    written = write_post(rng, kind, topic, mood, lang, target.author if target else None)
    draft = Draft(identity, moment, author, kind, lang, written.mood, topic, written.text, note=written.note, target=target)
    draft.versions = [identity]
    draft.metrics = _metrics(rng, _likes(rng, topic, moment))
    return draft


def _target(rng: random.Random, moment: datetime, recent: list[Draft], famous: list[Draft], kind: str) -> Draft:
    """What a repost, quote or reply refers to: something famous of the last day, or the most liked of three recent posts."""
    fresh = [draft for draft in famous if moment - draft.created_at < timedelta(hours=26)]
    if fresh and rng.randrange(100) < (35 if kind == "repost" else 25):
        return rng.choice(fresh)
    return max((rng.choice(recent[-RECENT:]) for _ in range(3)), key=lambda draft: (draft.metrics or {}).get("like_count", 0))


def _likes(rng: random.Random, topic: str, moment: datetime) -> int:
    base = plan.LIKES_ON_COMMUNITY_RUN if topic == "run" and local_day(moment) == COMMUNITY_RUN_DAY else plan.LIKES[topic]
    return min(int(base * 1000 / (1 + rng.randrange(1000))) - int(base), MOST_LIKES)


def _metrics(rng: random.Random, likes: int) -> dict[str, int] | None:
    """Metrics that go with the likes; one post in a hundred has none at all, three have no impressions."""
    luck = rng.randrange(100)
    metrics = {
        "retweet_count": likes // 7 + rng.randrange(2),
        "reply_count": likes // 12 + rng.randrange(2),
        "like_count": likes,
        "quote_count": likes // 30,
        "bookmark_count": likes // 15,
        "impression_count": likes * 37 + rng.randrange(20, 400),
    }
    if luck == 0:
        return None
    if luck <= 3:
        del metrics["impression_count"]
    return metrics


def _stars(rng: random.Random, ids: Ids) -> list[Draft]:
    drafts = []
    for star in STARS:
        text = Text(star.text)
        for tag in star.tags:
            text.add(" ")
            text.add_tag(tag.key, tag.spellings[0])
        if star.link:
            text.add(" ")
            text.add_link("https://t.co/" + star.link[-10:].replace("/", "x"), star.link)
        identity = ids.at(star.created_at)
        draft = Draft(identity, star.created_at, star.author, "original", star.lang, star.mood, star.topic, text, planted="star")
        draft.versions = [identity]
        draft.metrics = _metrics(rng, star.likes) or {"retweet_count": 0, "reply_count": 0, "like_count": star.likes, "quote_count": 0}
        drafts.append(draft)
    return drafts


def _hostile(rng: random.Random, ids: Ids, people: list[Person]) -> list[Draft]:
    """Each hostile text once, spread over the days; those that are a single word stay without a hashtag."""
    drafts = []
    for number, (label, body) in enumerate(HOSTILE):
        moment = datetime(2026, 3, 2 + number % 14, 12 + number % 9, 7 * number % 60, number, tzinfo=UTC)
        text = Text(body)
        if number % 3 != 2:
            text.add(" ")
            text.add_tag("auroratrail", "AuroraTrail")
        identity = ids.at(moment)
        draft = Draft(identity, moment, pick_author(rng, people), "original", "en", "neutral", "review", text, planted=label)
        draft.versions = [identity]
        draft.metrics = _metrics(rng, rng.randrange(6))
        drafts.append(draft)
    return drafts


def _repeat_observations(rng: random.Random, drafts: list[Draft]) -> None:
    """Mark posts that the source saw twice: soon after the hour, and again a day later with more likes."""
    able = [draft for draft in drafts if draft.metrics and draft.kind != "repost" and draft.metrics["like_count"] >= 3]
    for draft in rng.sample(able, REPEATED_OBSERVATIONS):
        draft.repeated = True


def _edits(rng: random.Random, ids: Ids, drafts: list[Draft]) -> list[Draft]:
    """Later versions of some posts that nothing refers to: a new id, an own time and own metrics, the same root."""
    referred = {id(draft.target) for draft in drafts if draft.target}
    able = [
        draft
        for draft in drafts
        if draft.kind == "original" and draft.lang == "en" and draft.metrics and not draft.note and not draft.repeated
        and draft.planted is None and id(draft) not in referred and draft.text.tags
        and local_day(draft.created_at) != LAUNCH_DAY
    ]  # fmt: skip
    early = [draft for draft in able if 2 <= draft.created_at.minute < 25 and draft.created_at.hour not in (4, 5)]
    late = [draft for draft in able if draft.created_at.minute >= 45 and 14 <= draft.created_at.hour < 22]
    chosen = rng.sample(early, EDITED_POSTS - EDITS_ACROSS_THE_HOUR) + rng.sample(late, EDITS_ACROSS_THE_HOUR)
    added = []
    for number, first in enumerate(chosen):
        assert first.metrics is not None
        versions, previous = list(first.versions), first
        for step in range(1, 3 if number % 4 == 0 else 2):
            minutes = 20 if first.created_at.minute >= 45 else 6 * step + rng.randrange(6)
            moment = previous.created_at + timedelta(minutes=minutes)
            text = Text(first.text.body, list(first.text.tags), first.text.entities)
            text.add(" [corrected]" if step == 1 else " [corrected twice]")
            identity = ids.at(moment)
            versions = [*versions, identity]
            later = Draft(identity, moment, first.author, "original", "en", first.mood, first.topic, text, versions=versions)
            later.metrics = _metrics(rng, 1 + first.metrics["like_count"] // (step + 1)) or dict(first.metrics)
            added.append(later)
            previous = later
    return added
