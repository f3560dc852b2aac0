"""sentiment_drift: whether the newest posts still look like those on which the sentiment model was measured. A warning, never a stop."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import dagster as dg

from ml_assets.sentiment import CODE_VERSION, NOT_SCORED, Scorer
from ml_assets.sentiment.drift import FEWEST_POSTS, Moved, Profile, Seen, moves, read_profile, unknown_tokens_move
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import in_window
from orchestration.warehouse.tables import TWEET_SENTIMENT
from orchestration.windows import Window

SENTIMENT_DRIFT = dg.AssetCheckSpec(
    "sentiment_drift",
    asset=["ml", "tweet_sentiment"],
    description="Labels, confidence and unknown words of the seven days up to the run are like those on which the model was measured. A warning: "
    "either the mood is another one, or the model no longer fits; `pulse label CAMPAIGN` measures which.",
)
# A week: a day of an event is not yet another way of writing. Up to the end of the run, which bounds what is read.
LOOK_BACK = timedelta(days=7)
WHAT_TO_DO = "The mood may really be another one, or the model may no longer fit: `pulse label CAMPAIGN` measures its accuracy on your posts (docs/models.md)."


def check_drift(warehouse: Warehouse, scorer: Scorer, window: Window) -> dg.AssetCheckResult:
    """Each campaign's posts of seven days up to the window's end against the profile of the model that scored them."""
    profile = read_profile(scorer.checkpoint.folder)
    if profile is None or (profile.model_revision, profile.code_version) != (scorer.model_revision, CODE_VERSION):
        has = "has no validation profile" if profile is None else "has the validation profile of another revision"
        made = "python -m ml_assets.sentiment.profile --data FILE --model FOLDER"
        return _result([], [], f"No verdict: {scorer.model_id} {has}. Make it from labelled posts:  {made}")
    week = Window(window.end - LOOK_BACK, window.end)
    seen = seen_posts(warehouse, scorer, profile, week)
    found = [move for each in seen for move in moves(profile, each)]
    if unknown := unknown_tokens_move(profile, scorer.read.texts, scorer.read.tokens, scorer.read.unknown):
        found.append(unknown)
    return _result(seen, found, "" if found else f"No verdict: no campaign has {FEWEST_POSTS} scored posts in the seven days up to the run.")


def seen_posts(warehouse: Warehouse, scorer: Scorer, profile: Profile, window: Window) -> list[Seen]:
    """Scored posts of the window by campaign, those of this model and revision."""
    edges = profile.confidence_deciles
    below = ", ".join(f"countif(confidence < {edge!r}) as below_{number}" for number, edge in enumerate(edges, 1))
    rows = warehouse.query(
        f"""
        select campaign_id, count(*) as posts, countif(sentiment_label = 'negative') as negative,
            countif(sentiment_label = 'neutral') as neutral, countif(sentiment_label = 'positive') as positive, {below}
        from (
            select campaign_id, sentiment_label, greatest(p_negative, p_neutral, p_positive) as confidence
            from {warehouse.qualified(TWEET_SENTIMENT)}
            where {" and ".join(in_window("created_at", window))} and sentiment_label != '{NOT_SCORED}'
                and model_id = @model and model_revision = @revision
        )
        group by campaign_id order by campaign_id
        """,
        model=scorer.model_id,
        revision=scorer.model_revision,
    )
    found = []
    for row in rows:
        up_to = [0, *(row[f"below_{number}"] for number in range(1, len(edges) + 1)), row["posts"]]
        bins = tuple(after - before for before, after in pairwise(up_to))
        found.append(Seen(row["campaign_id"], (row["negative"], row["neutral"], row["positive"]), bins))
    return found


def _result(seen: Sequence[Seen], found: Sequence[Moved], reason: str) -> dg.AssetCheckResult:
    drifted, watched = [move for move in found if move.is_drift], [move for move in found if move.is_to_watch]
    if drifted:
        reason = "; ".join(move.said for move in drifted) + f". {WHAT_TO_DO}"
    return dg.AssetCheckResult(
        check_name=SENTIMENT_DRIFT.name,
        passed=not drifted,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "reason": reason,
            "watch": "; ".join(move.said for move in watched),
            "largest_stability_index": round(max((move.index for move in found), default=0.0), 4),
            "campaigns": len(seen),
            "posts": sum(each.posts for each in seen),
        },
    )
