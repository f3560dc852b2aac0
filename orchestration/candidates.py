"""Scores by models that are not in use, side by side with those that are: made, listed, found by name, dropped. Loads no Dagster."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ml_assets.checkpoints import ModelError, of_folder
from ml_assets.sentiment import CODE_VERSION, NOT_SCORED, Scorer
from ml_assets.sentiment.comparison import Comparison, comparison
from orchestration.progress import report
from orchestration.scoring import (
    POSTS,
    SCORED_AT_ONCE,
    SCORES,
    chunks_of,
    known_scores,
    posts_by_hour,
    posts_in,
    score_rows,
)
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import delete, ever, literal
from orchestration.warehouse.tables import TWEET_SENTIMENT, TWEET_SENTIMENT_CANDIDATES
from orchestration.windows import Window

CURRENT = "current"


@dataclass(frozen=True)
class Scored:
    """`posts` originals of the range; `made` rows that were scored now, `reused` whose scores were there."""

    posts: int
    made: int
    reused: int
    seconds: float


@dataclass(frozen=True)
class ModelScores:
    """What a model has scored: of `ml.tweet_sentiment` (`in_use`) or of its candidates."""

    model_id: str
    model_revision: str
    in_use: bool
    posts: int
    scored: int
    campaigns: int
    first: datetime
    last: datetime

    @property
    def name(self) -> str:
        return f"{self.model_id}@{self.model_revision}"


@dataclass(frozen=True)
class Side:
    """Whose labels are compared: those in use whatever model made them, or of one model and revision."""

    model_id: str | None = None
    model_revision: str | None = None

    @property
    def name(self) -> str:
        return f"{self.model_id}@{self.model_revision}" if self.model_id else CURRENT


def score_candidate(
    warehouse: Warehouse, scorer: Scorer, campaign_id: str, window: Window, *, languages: str, run_id: str, land_every: int = SCORED_AT_ONCE
) -> Scored:
    """Scores the originals of a campaign into `ml.tweet_sentiment_candidates`; scores in use stay as they are.

    Lands `land_every` posts at a time, and a text whose scores have landed is not scored again: after a kill, run it again.
    At its end the rows of the model, the campaign and the window are exactly its posts. Raises ModelError, WarehouseError.
    """
    began = time.monotonic()
    scope = {"campaign_id": [campaign_id], "model_id": [scorer.model_id], "model_revision": [scorer.model_revision]}
    # Whole hours of about as many posts as land at a time: what lands is bounded by partitions, as a MERGE by key alone is not.
    chunks = chunks_of(window, posts_by_hour(warehouse, window, campaign_id), land_every)
    expected, done, made = sum(count for _, count in chunks), 0, 0
    report("candidate", 0, expected, "posts")
    for chunk, _ in chunks:
        # In order, so that a run that goes on after a kill meets first what has landed.
        posts = sorted(posts_in(warehouse, chunk, campaign_id), key=lambda post: (post["created_at"], post["tweet_id"]))
        known = known_scores(warehouse, chunk, scorer) if posts else {}
        rows = []
        for start in range(0, max(1, len(posts)), land_every):
            part = list(score_rows(posts[start : start + land_every], known, scorer, languages))
            fresh = [row for row in part if row["text_hash"] not in known]
            known |= {row["text_hash"]: {name: row.get(name) for name in SCORES} for row in fresh}
            rows += part
            if fresh or len(rows) == len(posts):
                # A post that is there no more, deleted or replaced by its later version, leaves the candidates here.
                warehouse.replace_window(TWEET_SENTIMENT_CANDIDATES, chunk, rows, run_id=run_id, scope=scope)
            made += len(fresh)
            done += len(part)
            report("candidate", done, expected, "posts")
    return Scored(done, made, done - made, time.monotonic() - began)


def models_with_scores(warehouse: Warehouse) -> list[ModelScores]:
    """Every model and revision that has scores, those in use first, then by name."""
    found = []
    for table, in_use in ((TWEET_SENTIMENT, True), (TWEET_SENTIMENT_CANDIDATES, False)):
        rows = warehouse.query(f"""
            select model_id, model_revision, count(*) as posts, countif(sentiment_label != '{NOT_SCORED}') as scored,
                count(distinct campaign_id) as campaigns, min(created_at) as first, max(created_at) as last
            from {warehouse.qualified(table)} where {ever("created_at", "TIMESTAMP")}
            group by model_id, model_revision order by model_id, model_revision
        """)
        found += [ModelScores(in_use=in_use, **row) for row in rows]
    return found


def side_of(given: str, stored: Sequence[ModelScores]) -> Side | None:
    """Whose scores `given` means: `current`, a folder, an id, or `ID@REVISION` (its first digits do); None when it has no scores.

    Raises ModelError when an id has scores of several revisions.
    """
    if given == CURRENT:
        return Side() if any(each.in_use for each in stored) else None
    folder = Path(given).expanduser()
    if folder.is_dir():
        checkpoint = of_folder(folder)
        model_id, revision = checkpoint.id, checkpoint.revision
    else:
        model_id, _, revision = given.partition("@")
    fitting = {each.name: each for each in stored if each.model_id == model_id and each.model_revision.startswith(revision)}
    if len(fitting) > 1:
        raise ModelError(f"{given!r} has scores of {len(fitting)} revisions. Say which: {' or '.join(sorted(fitting))}.")
    return next((Side(each.model_id, each.model_revision) for each in fitting.values()), None)


def compare(warehouse: Warehouse, a: Side, b: Side, campaign_id: str) -> Comparison:
    """Labels of A against B over the campaign's originals that both have scored with the same text, by day in its zone."""
    rows = warehouse.query(
        f"""
        with originals as (
            select tweet_id, day from {warehouse.qualified(POSTS)}
            where {ever("created_at", "TIMESTAMP")} and campaign_id = @campaign and not is_repost
        ),
        a as ({_labels(warehouse, a)}),
        b as ({_labels(warehouse, b)})
        select originals.day, a.sentiment_label as label_a, b.sentiment_label as label_b, count(*) as posts
        from originals
        inner join a on originals.tweet_id = a.tweet_id
        inner join b on originals.tweet_id = b.tweet_id and a.text_hash = b.text_hash
        group by originals.day, label_a, label_b
        """,
        campaign=campaign_id,
    )
    return comparison((row["day"], row["label_a"], row["label_b"], row["posts"]) for row in rows)


def _labels(warehouse: Warehouse, side: Side) -> str:
    """SQL: one row per post that has a label of the side; of one model its candidates and what of it is in use."""
    found = f"""
        select tweet_id, text_hash, sentiment_label from {{table}}
        where {ever("created_at", "TIMESTAMP")} and campaign_id = @campaign and sentiment_label != '{NOT_SCORED}'
    """
    if side.model_id is None:
        return found.format(table=warehouse.qualified(TWEET_SENTIMENT))
    of_model = f"and {' and '.join(_of_model(side))} and code_version = '{CODE_VERSION}'"
    tables = (TWEET_SENTIMENT, TWEET_SENTIMENT_CANDIDATES)
    return "union distinct".join(found.format(table=warehouse.qualified(table)) + of_model + "\n" for table in tables)


def drop_candidate(warehouse: Warehouse, side: Side) -> int:
    """Deletes the candidate's scores; those in use stay. Returns the rows deleted."""
    bounds = (ever("created_at", "TIMESTAMP"), *_of_model(side))
    return warehouse.execute(delete(warehouse.qualified(TWEET_SENTIMENT_CANDIDATES), bounds))


def _of_model(side: Side) -> tuple[str, str]:
    if side.model_id is None or side.model_revision is None:
        raise ValueError("the scores in use are of no one model")
    return f"model_id = {literal(side.model_id)}", f"model_revision = {literal(side.model_revision)}"
