"""What is true of the sample, counted from the drafts before any record, file or pipeline exists."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from orchestration.sources.sample import campaign, plan
from orchestration.sources.sample.posts import Draft
from orchestration.windows import floor_hour

CAP = 10_000
WHOLE = "*"
ENGAGEMENT = ("like_count", "reply_count", "quote_count", "retweet_count")
RULES = (
    "A day is a day in the campaign's zone.",
    "posts: distinct posts, an edited post once; reposts: those of kind repost; originals: all others.",
    "engagement: likes + replies + quotes + reposts of originals, latest observation, latest version of an edited post.",
    "A post without metrics adds nothing; a repost row adds nothing.",
    "authors: distinct authors of posts, reposts included.",
    "Hashtags of a repost are its original's; of a long post those of the long text; keys are NFKC, case-folded, without sign.",
    "`days` and `peaks` hold what a cap of 10,000 posts an hour keeps; `launch_day_without_cap` holds everything.",
)


def kept_under_cap(drafts: list[Draft], cap: int = CAP) -> list[Draft]:
    """The first `cap` posts of each hour; `drafts` are in order of (created_at, id)."""
    seen: Counter[datetime] = Counter()
    kept = []
    for draft in drafts:
        hour = floor_hour(draft.created_at)
        seen[hour] += 1
        if seen[hour] <= cap:
            kept.append(draft)
    return kept


def latest_versions(drafts: list[Draft]) -> list[Draft]:
    """One draft for each root: the last version."""
    return list({draft.root_id: draft for draft in drafts}.values())


def engagement_of(draft: Draft) -> int:
    if draft.kind == "repost" or draft.metrics is None:
        return 0
    return sum(draft.metrics[name] for name in ENGAGEMENT) + draft.reposted


def totals_by_day(drafts: list[Draft]) -> dict[date, dict[str, dict[str, int]]]:
    """Measures of each local day and hashtag; `*` is every post."""
    rows: dict[tuple[date, str], list[Draft]] = defaultdict(list)
    for draft in latest_versions(drafts):
        for key in (WHOLE, *draft.tags):
            rows[campaign.local_day(draft.created_at), key].append(draft)
    days: dict[date, dict[str, dict[str, int]]] = defaultdict(dict)
    for (day, key), posts in sorted(rows.items()):
        reposts = sum(draft.kind == "repost" for draft in posts)
        days[day][key] = {
            "posts": len(posts),
            "originals": len(posts) - reposts,
            "reposts": reposts,
            "authors": len({draft.author.id for draft in posts}),
            "engagement": sum(engagement_of(draft) for draft in posts),
        }
    return dict(days)


def peaks_of(days: dict[date, dict[str, dict[str, int]]]) -> dict[str, dict[str, Any]]:
    """Day of most engagement of each hashtag, and the runner-up. Raises ValueError when two days tie at the top."""
    by_key: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for day, row in days.items():
        for key, measures in row.items():
            by_key[key].append((measures["engagement"], day))
    peaks = {}
    for key, candidates in sorted(by_key.items()):
        ranked = sorted(candidates, key=lambda each: (-each[0], each[1]))
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            raise ValueError(f"{ranked[0][1]} and {ranked[1][1]} tie as peak of {key}; `without_ties` should have parted them")
        peaks[key] = {"peak_day": ranked[0][1].isoformat(), "engagement": ranked[0][0]}
        if len(ranked) > 1:
            peaks[key] |= {"runner_up_day": ranked[1][1].isoformat(), "runner_up_engagement": ranked[1][0]}
    return peaks


def without_ties(drafts: list[Draft]) -> list[Draft]:
    """Give one more like where two days would tie as peak of a rare hashtag, with the cap or without it."""
    while True:
        for posts in (drafts, kept_under_cap(drafts)):
            tied = _tied(posts)
            if tied is not None:
                assert tied.metrics is not None
                tied.metrics["like_count"] += 1
                break
        else:
            return drafts


def _tied(drafts: list[Draft]) -> Draft | None:
    """A post of the earlier of two tied days."""
    days = totals_by_day(drafts)
    try:
        peaks_of(days)
    except ValueError:
        pass
    else:
        return None
    for key in sorted({key for row in days.values() for key in row}):
        ranked = sorted(((row[key]["engagement"], day) for day, row in days.items() if key in row), key=lambda each: (-each[0], each[1]))
        if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
            return next(
                draft
                for draft in latest_versions(drafts)
                if key in draft.tags and draft.metrics and draft.kind != "repost"
                and any(campaign.local_day(draft.created_at) == day for value, day in ranked if value == ranked[0][0])
            )  # fmt: skip
    return None


def truth_of(drafts: list[Draft]) -> dict[str, Any]:
    """Everything that a test or a reader may hold against the pipeline."""
    kept = kept_under_cap(drafts)
    days = totals_by_day(kept)
    hours = Counter(floor_hour(draft.created_at) for draft in drafts)
    busiest, counted = max(hours.items(), key=lambda each: each[1])
    in_busiest = [draft for draft in kept if floor_hour(draft.created_at) == busiest]
    return {
        "campaign": _campaign(),
        "rules": RULES,
        "hourly_cap": CAP,
        "counts": _counts(drafts, kept, hours),
        "busiest_hour": {
            "hour": _z(busiest),
            "counted": counted,
            "captured": len(in_busiest),
            "capped_at": _z(in_busiest[-1].created_at),
        },
        "hours_over_cap": [_z(hour) for hour, posts in sorted(hours.items()) if posts > CAP],
        "silent_hours": [_z(hour) for hour in sorted(plan.SILENT_HOURS)],
        "days": {day.isoformat(): row for day, row in days.items()},
        "launch_day_without_cap": totals_by_day(drafts)[campaign.LAUNCH_DAY],
        "peaks": peaks_of(days),
        "mood_of_english_originals": _moods(kept),
        "planted": _planted(drafts),
    }


def _campaign() -> dict[str, Any]:
    return {
        "id": campaign.CAMPAIGN_ID,
        "name": campaign.NAME,
        "zone": campaign.ZONE,
        "first_day": campaign.FIRST_DAY.isoformat(),
        "last_day": campaign.LAST_DAY.isoformat(),
        "span": [_z(campaign.SPAN.start), _z(campaign.SPAN.end)],
        "hours": len(list(campaign.SPAN.hours())),
    }


def _counts(drafts: list[Draft], kept: list[Draft], hours: Counter[datetime]) -> dict[str, Any]:
    return {
        "records": len(drafts) + sum(draft.repeated for draft in drafts),
        "rows": len(drafts),
        "rows_under_cap": len(kept),
        "posts_under_cap": len(latest_versions(kept)),
        "hours_with_posts": len(hours),
        "kinds": dict(sorted(Counter(draft.kind for draft in drafts).items())),
        "languages": dict(sorted(Counter(draft.lang or "absent" for draft in drafts).items())),
        "distinct_texts_of_originals": len({draft.text.body for draft in drafts if draft.kind != "repost"}),
        "without_metrics": sum(draft.kind != "repost" and draft.metrics is None for draft in drafts),
        "without_impressions_only": sum(1 for draft in drafts if draft.metrics and "impression_count" not in draft.metrics),
    }


def _moods(kept: list[Draft]) -> dict[str, dict[str, int]]:
    """Moods that the generator put into the English originals of each day: what a good model should roughly find."""
    moods: dict[str, Counter[str]] = defaultdict(Counter)
    for draft in latest_versions(kept):
        if draft.kind != "repost" and draft.lang == "en":
            moods[campaign.local_day(draft.created_at).isoformat()][draft.mood] += 1
    return {day: {mood: counter[mood] for mood in ("negative", "neutral", "positive")} for day, counter in sorted(moods.items())}


def _planted(drafts: list[Draft]) -> dict[str, Any]:
    by_id = {draft.id: draft for draft in drafts}
    edited = [draft for draft in latest_versions(drafts) if len(draft.versions) > 1]
    return {
        "hostile": {draft.planted: draft.id for draft in drafts if draft.planted not in (None, "star")},
        "long_posts": [draft.id for draft in drafts if draft.note is not None],
        "seen_twice": [draft.id for draft in drafts if draft.repeated],
        "edits": {draft.root_id: draft.versions for draft in edited},
        "edits_across_the_hour": [
            draft.root_id
            for draft in edited
            if floor_hour(by_id[draft.root_id].created_at) != floor_hour(draft.created_at)
        ],
    }


def _z(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
