"""Labels made elsewhere, as a CSV file with the columns tweet_id and label."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ml_assets.sentiment.labels import LABELS, NOT_SCORED
from orchestration.labelling.store import LabelError
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import ever

COLUMNS = ("tweet_id", "label")
IDS_AT_ONCE = 10_000
UNKNOWN, REPOST = "unknown", "repost"


@dataclass(frozen=True)
class BadRow:
    """A row that is not imported: its line in the file, from 1, and why."""

    line: int
    reason: str


def read_labels(file: Path) -> tuple[dict[str, tuple[int, str]], list[BadRow]]:
    """(line, label) by tweet_id, and the rows that hold no label. Of two rows of one post that differ, neither is taken.

    UTF-8, with or without a byte order mark. Raises LabelError when the file cannot be read or lacks a column.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            absent = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if absent:
                raise LabelError(f"{file} has no column {' and no column '.join(absent)}. Its first line must be:  tweet_id,label")
            rows = [(reader.line_num, (row["tweet_id"] or "").strip(), (row["label"] or "").strip().lower()) for row in reader]
    except FileNotFoundError:
        raise LabelError(f"There is no file {file}. Give the path of a CSV file with the columns tweet_id and label.") from None
    except (UnicodeDecodeError, csv.Error, IsADirectoryError) as error:
        raise LabelError(f"{file} cannot be read as CSV in UTF-8: {error}. Save it as `CSV UTF-8` and import it again.") from error
    found: dict[str, tuple[int, str]] = {}
    bad, torn = [], set()
    for line, tweet_id, label in rows:
        if not tweet_id:
            bad.append(BadRow(line, "tweet_id is empty"))
        elif label not in LABELS:
            bad.append(BadRow(line, f"the label {label!r} is none of {', '.join(LABELS)}"))
        elif tweet_id in found and found[tweet_id][1] != label:
            torn.add(tweet_id)
            bad.append(BadRow(line, f"post {tweet_id} is {found[tweet_id][1]} in line {found[tweet_id][0]} and {label} here; neither is taken"))
        else:
            found.setdefault(tweet_id, (line, label))
    return {each: value for each, value in found.items() if each not in torn}, bad


def of_campaign(labels: Mapping[str, tuple[int, str]], known: Mapping[str, str], campaign_id: str) -> tuple[dict[str, str], list[BadRow]]:
    """Labels by tweet_id, without those of posts about which the model said nothing. `known` is what `states` answers."""
    taken, bad = {}, []
    for tweet_id, (line, label) in labels.items():
        state = known.get(tweet_id, UNKNOWN)
        if state == UNKNOWN:
            bad.append(BadRow(line, f"{tweet_id} is no post of {campaign_id}; spreadsheets damage long ids: format the column as text"))
        elif state == REPOST:
            bad.append(BadRow(line, f"{tweet_id} is a repost, which has no sentiment of its own"))
        elif state == NOT_SCORED:
            bad.append(BadRow(line, f"{tweet_id} is not scored (another language, or no words), so there is nothing to compare with"))
        else:
            taken[tweet_id] = label
    return taken, bad


def states(warehouse: Warehouse, campaign_id: str, ids: list[str]) -> dict[str, str]:
    """`repost`, `not_scored` or the model's label, by id, of the ids that are posts of the campaign."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        rows = warehouse.query(
            f"""
            select tweet_id, if(is_repost, '{REPOST}', coalesce(sentiment_label, '{NOT_SCORED}')) as state from {warehouse.qualified('marts.tweets')}
            where campaign_id = @campaign and {ever('created_at', 'TIMESTAMP')} and tweet_id in unnest(@ids)
            """,
            campaign=campaign_id,
            ids=ids[start : start + IDS_AT_ONCE],
        )
        found |= {row["tweet_id"]: row["state"] for row in rows}
    return found
