"""Every measure counted again from rows as they were received. Pure but for the questions to `Received`; nothing of dbt's formulas is used."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from orchestration.ages import measured_at
from orchestration.settings import Settings
from orchestration.tracing.engagement import READ_AGAIN, Known, engagement_of
from orchestration.tracing.figures import Figure, Part, Recount, by_day, heaviest_first, in_words
from orchestration.tracing.posts import Post
from orchestration.tracing.received import Received
from orchestration.tracing.scope import Scope

LABELS = {"negative": -1, "neutral": 0, "positive": 1}
WHY_UNKNOWN = {
    "observed": "without a known metric at their source",
    "measured": "without a known metric when they were read again",
    "not_yet": "not yet old enough, or not yet measured",
    "deleted": "deleted or withheld before they were measured",
    "missed": "not measured in time",
}


def volume(received: Received, scope: Scope, keep: Callable[[Post], bool]) -> Recount:
    """Posts, each once."""
    posts = [post for post in received.posts(scope) if keep(post)]
    parts = [_part(post, scope, 1, "repost" if post.is_repost else "original") for post in posts]
    return Recount(Figure.total(len(parts), by_day(parts)), parts)


def authors(received: Received, scope: Scope) -> Recount:
    """Authors, each once, by the first post."""
    posts: dict[str, list[Post]] = defaultdict(list)
    nameless = 0
    for post in received.posts(scope):
        if post.author_key is None:
            nameless += 1
        else:
            posts[post.author_key].append(post)
    parts = [_part(wrote[0], scope, 1, f"first of {in_words(len(wrote), 'post', 'posts')} of one author") for wrote in posts.values()]
    said = (f"{in_words(nameless, 'post names', 'posts name')} no author and {'adds' if nameless == 1 else 'add'} none.",) if nameless else ()
    return Recount(Figure.total(len(parts)), parts, said)


def engagement(received: Received, scope: Scope, settings: Settings) -> Recount:
    """Sum over originals; unknown when there are originals and none is known."""
    posts, known = _with_engagement(received, scope, settings)
    parts = [_engaged(post, scope, each) for post, each in zip(posts, known, strict=True) if each.engagement is not None]
    total = None if posts and not parts else sum(part.contribution for part in parts)
    return Recount(Figure.total(total, by_day(parts)), heaviest_first(parts), _unknown(known))


def engagement_per_post(received: Received, scope: Scope, settings: Settings) -> Recount:
    """Sum over originals, by the number of those whose figure is known."""
    posts, known = _with_engagement(received, scope, settings)
    parts = [_engaged(post, scope, each, of=1) for post, each in zip(posts, known, strict=True) if each.engagement is not None]
    return Recount(Figure.ratio(sum(part.contribution for part in parts), len(parts), by_day(parts)), heaviest_first(parts), _unknown(known))


def engagement_rate_by_impressions(received: Received, scope: Scope, settings: Settings) -> Recount:
    """Sum over originals that were seen, by their impressions. 0 impressions are none: X wrote 0 before it counted them."""
    posts, known = _with_engagement(received, scope, settings)
    engaged = [(post, each) for post, each in zip(posts, known, strict=True) if each.engagement is not None]
    parts = [_engaged(post, scope, each, of=each.impressions) for post, each in engaged if each.impressions and each.impressions > 0]
    unseen = len(engaged) - len(parts)
    said = (f"{in_words(unseen, 'original adds', 'originals add')} nothing: nobody counted impressions.",) if unseen else ()
    figure = Figure.ratio(sum(part.contribution for part in parts), sum(part.of or 0 for part in parts), by_day(parts))
    return Recount(figure, heaviest_first(parts), (*_unknown(known), *said))


def peak_day(received: Received, scope: Scope, settings: Settings) -> Recount:
    """The day of most engagement, the earliest of equals; a day that still grows only where every day does."""
    posts, known = _with_engagement(received, scope, settings)
    totals: dict[date, int] = defaultdict(int)
    waiting: Counter[date] = Counter()
    for post, each in zip(posts, known, strict=True):
        totals[scope.day_of(post.created_at)] += each.engagement or 0
        waiting[scope.day_of(post.created_at)] += each.is_waiting
    days = sorted((day for day, total in totals.items() if total > 0), key=lambda day: (waiting[day] > 0, -totals[day], day))
    parts = [Part(str(day), totals[day], day=day, detail=_growing(waiting[day])) for day in days]
    said: tuple[str, ...] = ()
    if days and not waiting[days[0]] and any(waiting[day] for day in days):
        said = ("Days that still grow stand last: they are compared with their like only.",)
    return Recount(Figure(days[0], totals[days[0]]) if days else Figure(None), parts, said)


def sentiment(received: Received, scope: Scope, weight: Callable[[str], int]) -> Recount:
    """Labels of scored originals, each post with its weight, by the number of them."""
    labels = received.labels(scope)
    originals = [post for post in received.posts(scope) if not post.is_repost]
    parts = [
        _part(post, scope, weight(labels[post.tweet_id]["sentiment_label"]), labels[post.tweet_id]["sentiment_label"], of=1, by=labels[post.tweet_id])
        for post in originals
        if post.tweet_id in labels
    ]
    unscored = len(originals) - len(parts)
    said = (f"{in_words(unscored, 'original was', 'originals were')} not scored: another language, or no words.",) if unscored else ()
    return Recount(Figure.ratio(sum(part.contribution for part in parts), len(parts), by_day(parts)), heaviest_first(parts), said)


def coverage(received: Received, scope: Scope) -> Recount:
    """Posts that are stored or were removed by duty, hour by hour, by how many the source counted; days with an uncounted hour left out."""
    hours, stored = received.hours(scope), received.stored(scope)
    days: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for hour in hours:
        days[scope.day_of(hour["hour"])].append(hour)
    counted = {day: each for day, each in days.items() if all(hour["counted"] is not None for hour in each)}
    parts = [_hour(hour, day, stored.get(hour["hour"], 0)) for day, each in counted.items() for hour in each]
    left_out = len(days) - len(counted)
    said = (f"{in_words(left_out, 'day is', 'days are')} left out: the source did not count every hour.",) if left_out else ()
    if not parts:
        return Recount(Figure(None), [], said)
    figure = Figure.ratio(sum(part.contribution for part in parts), sum(part.of or 0 for part in parts), by_day(parts), most=1.0)
    # What is missing is what wants an explanation.
    return Recount(figure, sorted(parts, key=lambda part: (part.contribution - (part.of or 0), part.id)), said)


def word(received: Received, scope: Scope, kept: Iterable[date]) -> Recount:
    """Texts with the word on the days `kept`: of each group of copies the first original, or else the first repost, where that has the word."""
    posts = {post.tweet_id: post for post in received.posts(scope)}
    groups: dict[tuple[date, str], list[tuple[Post, int]]] = defaultdict(list)
    for row in received.copies(scope):
        if row["tweet_id"] in posts and row["has_text"]:
            groups[row["day"], row["duplicate_group"]].append((posts[row["tweet_id"]], row["occurrences"]))
    days, parts = set(kept), []
    for (day, _), copies in groups.items():
        first, occurrences = min(copies, key=lambda copy: (copy[0].is_repost, copy[0].created_at, copy[0].tweet_id))
        if occurrences and day in days:
            parts.append(_part(first, scope, 1, f"first of {in_words(len(copies), 'copy', 'copies')}"))
    return Recount(Figure.total(len(parts), by_day(parts)), heaviest_first(parts))


def articles(received: Received, scope: Scope) -> Recount:
    """Articles that were kept for the peak."""
    parts = [_article(row, 1, row["source_name"]) for row in _each_once(received.articles(scope))]
    return Recount(Figure.total(len(parts)), heaviest_first(parts))


def naming(received: Received, scope: Scope, label: str) -> Recount:
    """Articles of the peak in which the model found the name, each once."""
    named = received.naming(scope, label)
    rows = [row for row in _each_once(received.articles(scope)) if row["article_id"] in named]
    parts = [_article(row, 1, in_words(named[row["article_id"]]["mentions"], "mention", "mentions"), named[row["article_id"]]) for row in rows]
    return Recount(Figure.total(len(parts)), heaviest_first(parts))


def _with_engagement(received: Received, scope: Scope, settings: Settings) -> tuple[list[Post], list[Known]]:
    """Originals and what is known of each; reposts repeat their original's metrics and have none."""
    originals = [post for post in received.posts(scope) if not post.is_repost]
    readings = received.readings(scope) if any(post.source in READ_AGAIN for post in originals) else {}
    age, last_age = settings.engagement_age_hours, settings.snapshot_ages[-1]
    return originals, [engagement_of(post, readings.get(post.tweet_id, ()), age=age, last_age=last_age) for post in originals]


def _unknown(known: Iterable[Known]) -> tuple[str, ...]:
    counts = Counter(each.state for each in known if each.engagement is None)
    return tuple(
        f"{in_words(counts[state], 'original adds', 'originals add')} nothing: {why}." for state, why in WHY_UNKNOWN.items() if counts[state]
    )


def _engaged(post: Post, scope: Scope, known: Known, of: int | None = None) -> Part:
    at = f"read at {known.age_hours:.1f} h" if known.state == "measured" else measured_at([known.state])
    return _part(post, scope, known.engagement or 0, at, of=of, by={"run_id": known.run_id})


def _growing(waiting: int) -> str | None:
    return f"{in_words(waiting, 'post is', 'posts are')} still to be measured" if waiting else None


def _part(post: Post, scope: Scope, contribution: int, detail: str | None, *, of: int | None = None, by: dict[str, Any] | None = None) -> Part:
    decided = by or {}
    return Part(
        post.tweet_id, contribution, of, scope.day_of(post.created_at), post.hour, detail, post.source, post.source_ref, post.run_id,
        decided.get("run_id"), decided.get("code_version"), decided.get("model_id"), decided.get("model_revision"),
    )  # fmt: skip


def _hour(hour: dict[str, Any], day: date, stored: int) -> Part:
    removed = f", {hour['removed']:,} removed since" if hour["removed"] else ""
    said = f"{stored:,} stored{removed}; {hour['counted']:,} counted"
    start: datetime = hour["hour"]
    return Part(
        f"{start:%Y-%m-%dT%H:00Z}", stored + hour["removed"], hour["counted"], day, start, said, hour["source"], hour["source_ref"], hour["run_id"]
    )


def _each_once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["article_id"]: row for row in rows}.values())


def _article(row: dict[str, Any], contribution: int, detail: str | None, by: dict[str, Any] | None = None) -> Part:
    published, decided = row["published_at"], by or {}
    return Part(
        row["article_id"], contribution, hour=published.replace(minute=0, second=0, microsecond=0) if published else None, detail=detail,
        source=row["source"], source_ref=row["url"], run_id=row["run_id"], decided_by_run=decided.get("run_id"),
        code_version=decided.get("code_version"), model_id=decided.get("model_id"), model_revision=decided.get("model_revision"),
    )  # fmt: skip
