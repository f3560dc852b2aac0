"""Labels in the warehouse: written one at a time, read beside what the model said of the same posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever
from orchestration.warehouse.tables import POST_LABELS, TWEET_SENTIMENT

RUN_ID = "pulse label"


class LabelError(Exception):
    """Labels cannot be read or kept; the message says what to do."""


@dataclass(frozen=True)
class Scorer:
    """What labelled a post: a model, its revision and the version of our code around it."""

    model_id: str
    model_revision: str
    code_version: str


@dataclass(frozen=True)
class Judged:
    """A person's label of a post, beside the model's label of it."""

    campaign_id: str
    tweet_id: str
    label: str
    labelled_by: str
    model_label: str
    scorer: Scorer


def keep(warehouse: Warehouse, campaign_id: str, person: str, labels: Mapping[str, str]) -> int:
    """Stores labels by tweet_id at once; a person's second answer takes the place of the first. Returns rows changed; raises WarehouseError."""
    now = datetime.now(UTC)
    rows = [
        {"campaign_id": campaign_id, "tweet_id": tweet_id, "label": label, "labelled_at": now, "labelled_by": person}
        for tweet_id, label in labels.items()
    ]
    return warehouse.add(POST_LABELS, rows, run_id=RUN_ID)


def labels_of(warehouse: Warehouse, campaign_id: str, person: str) -> dict[str, str]:
    """The person's labels in the campaign, by tweet_id."""
    rows = warehouse.query(
        f"select tweet_id, label from {warehouse.qualified(POST_LABELS)} where campaign_id = @campaign and labelled_by = @person",
        campaign=campaign_id,
        person=person,
    )
    return {row["tweet_id"]: row["label"] for row in rows}


def judged(warehouse: Warehouse, campaign_id: str | None = None) -> list[Judged]:
    """Every label of a post that the model labelled too, in all campaigns or in one."""
    rows = warehouse.query(
        f"""
        select l.campaign_id, l.tweet_id, l.label, l.labelled_by, s.sentiment_label, s.model_id, s.model_revision, s.code_version
        from {warehouse.qualified(POST_LABELS)} as l
        inner join (
            select campaign_id, tweet_id, sentiment_label, model_id, model_revision, code_version from {warehouse.qualified(TWEET_SENTIMENT)}
            where {ever('created_at', 'TIMESTAMP')} and sentiment_label != 'not_scored'
        ) as s
            on l.campaign_id = s.campaign_id and l.tweet_id = s.tweet_id
        where @campaign = '' or l.campaign_id = @campaign
        """,
        campaign=campaign_id or "",
    )
    return [
        Judged(
            row["campaign_id"], row["tweet_id"], row["label"], row["labelled_by"], row["sentiment_label"],
            Scorer(row["model_id"], row["model_revision"], row["code_version"]),
        )
        for row in rows
    ]  # fmt: skip
