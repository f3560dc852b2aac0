"""What happens when: volumes, topics, moods, languages and hashtags of the sample campaign, day by day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from orchestration.sources.sample.campaign import COMMUNITY_RUN_DAY, LAUNCH_DAY, RECALL_DAY

SEED = 20260305

# The hour of the launch, 12:00 in New York: the only one with more posts than the default cap of 10,000.
LAUNCH_HOUR = datetime(2026, 3, 5, 17, tzinfo=UTC)
LAUNCH_HOUR_POSTS = 10_600

# Nobody posts in these hours (03:00 to 05:00 in New York), so that an empty hour is part of the sample.
SILENT_HOURS = frozenset({datetime(2026, 3, 9, 7, tzinfo=UTC), datetime(2026, 3, 9, 8, tzinfo=UTC)})

RECALL_ANNOUNCED = datetime(2026, 3, 11, 13, 40, tzinfo=UTC)

POSTS_PER_DAY = {
    date(2026, 3, 2): 700,
    date(2026, 3, 3): 760,
    date(2026, 3, 4): 1080,
    LAUNCH_DAY: 2200,
    date(2026, 3, 6): 1500,
    date(2026, 3, 7): 1120,
    date(2026, 3, 8): 960,
    date(2026, 3, 9): 840,
    date(2026, 3, 10): 790,
    RECALL_DAY: 4000,
    date(2026, 3, 12): 1850,
    date(2026, 3, 13): 1240,
    COMMUNITY_RUN_DAY: 1300,
    date(2026, 3, 15): 800,
    date(2026, 3, 16): 660,
}

TOPICS = {
    date(2026, 3, 2): {"teaser": 60, "run": 40},
    date(2026, 3, 3): {"teaser": 62, "run": 38},
    date(2026, 3, 4): {"teaser": 75, "run": 25},
    LAUNCH_DAY: {"launch": 86, "run": 14},
    date(2026, 3, 6): {"launch": 48, "review": 36, "run": 16},
    date(2026, 3, 7): {"launch": 20, "review": 50, "run": 30},
    date(2026, 3, 8): {"review": 55, "run": 45},
    date(2026, 3, 9): {"review": 62, "run": 38},
    date(2026, 3, 10): {"review": 64, "run": 36},
    RECALL_DAY: {"recall": 88, "review": 6, "run": 6},
    date(2026, 3, 12): {"recall": 70, "review": 15, "run": 15},
    date(2026, 3, 13): {"recall": 36, "review": 30, "run": 34},
    COMMUNITY_RUN_DAY: {"run": 78, "review": 13, "recall": 9},
    date(2026, 3, 15): {"run": 47, "review": 40, "recall": 13},
    date(2026, 3, 16): {"run": 42, "review": 44, "recall": 14},
}

MOODS = {
    "teaser": {"negative": 8, "neutral": 42, "positive": 50},
    "launch": {"negative": 8, "neutral": 24, "positive": 68},
    "review": {"negative": 18, "neutral": 27, "positive": 55},
    "run": {"negative": 6, "neutral": 34, "positive": 60},
    "recall": {"negative": 72, "neutral": 20, "positive": 8},
}

LANGUAGES = {"en": 755, "es": 70, "de": 52, "fr": 42, "ja": 38, "ar": 26, "und": 8, "qme": 5, None: 4}

# Hours by which a language's day runs ahead of New York's.
HOURS_AHEAD = {"es": 3, "de": 6, "fr": 6, "ja": 14, "ar": 8}

# Share of a day's posts by local hour, 0 to 23.
DIURNAL = (6, 3, 2, 1, 1, 2, 8, 18, 28, 34, 38, 42, 46, 42, 38, 36, 38, 44, 48, 50, 52, 44, 28, 14)

KINDS = {"original": 47, "reply": 12, "quote": 6, "repost": 35}
KINDS_IN_LAUNCH_HOUR = {"original": 42, "reply": 8, "quote": 5, "repost": 45}

# Typical likes by topic: an ordinary post has about this many, a lucky one a hundred times as many.
LIKES = {"teaser": 2.0, "launch": 3.0, "review": 2.5, "run": 2.5, "recall": 6.0}
LIKES_ON_COMMUNITY_RUN = 9.0


@dataclass(frozen=True)
class Tag:
    """`key` is the hashtag as the platform must count it, written by hand; `spellings` are the ways people type it."""

    key: str
    spellings: tuple[str, ...]
    peak_day: date


AURORA_TRAIL = Tag(
    "auroratrail",
    ("AuroraTrail",) * 14 + ("auroratrail",) * 4 + ("AURORATRAIL", "Auroratrail", "ＡｕｒｏｒａＴｒａｉｌ"),
    LAUNCH_DAY,
)
RUN_THE_AURORA = Tag("runtheaurora", ("RunTheAurora", "RunTheAurora", "runtheaurora"), COMMUNITY_RUN_DAY)
TRAIL_RUNNING = Tag("trailrunning", ("trailrunning", "TrailRunning", "Trailrunning"), LAUNCH_DAY)
HALVENNE = Tag("halvenne", ("Halvenne", "halvenne"), RECALL_DAY)
AURORA_RECALL = Tag("aurorarecall", ("AuroraRecall", "AuroraRecall", "aurorarecall"), RECALL_DAY)
# The second spelling ends in e + combining acute: another string of code points, the same hashtag.
CORRE_AURORA = Tag("corréaurora", ("CorréAurora", "Corre\u0301Aurora", "corréaurora"), LAUNCH_DAY)
LAUFSTRASSE = Tag("laufstrasse", ("Laufstraße", "Laufstraße", "LAUFSTRASSE"), date(2026, 3, 6))
JAPANESE = Tag("オーロラトレイル", ("オーロラトレイル", "オーロラトレイル", "ｵｰﾛﾗﾄﾚｲﾙ"), date(2026, 3, 6))
ARABIC = Tag("أورورا_تريل", ("أورورا_تريل",), LAUNCH_DAY)

TAGS = (AURORA_TRAIL, RUN_THE_AURORA, TRAIL_RUNNING, HALVENNE, AURORA_RECALL, CORRE_AURORA, LAUFSTRASSE, JAPANESE, ARABIC)

# Chance in percent that a post on the topic carries the tag.
TAGS_OF_TOPIC = {
    "teaser": ((AURORA_TRAIL, 80), (HALVENNE, 14), (TRAIL_RUNNING, 8)),
    "launch": ((AURORA_TRAIL, 85), (TRAIL_RUNNING, 16), (HALVENNE, 8), (RUN_THE_AURORA, 2)),
    "review": ((AURORA_TRAIL, 72), (TRAIL_RUNNING, 26), (HALVENNE, 8)),
    "run": ((RUN_THE_AURORA, 62), (TRAIL_RUNNING, 32), (AURORA_TRAIL, 28)),
    "recall": ((AURORA_RECALL, 70), (HALVENNE, 42), (AURORA_TRAIL, 30)),
}
TAG_OF_LANGUAGE = {"es": CORRE_AURORA, "de": LAUFSTRASSE, "ja": JAPANESE, "ar": ARABIC}
TAG_OF_LANGUAGE_PERCENT = 65

STRAY_TAGS = (
    "running", "ultrarunning", "shoes", "gear", "MondayMotivation", "Boston", "Oslo", "marathon", "fitness", "10k",
    "giveaway", "ShoeReview", "outdoors", "hiking", "UltraTrail2026", "RunChat", "injury", "customerservice", "refund", "womenrun",
)  # fmt: skip
STRAY_PERCENT = 4
