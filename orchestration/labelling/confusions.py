"""Rows of ml.sentiment_confusion: what people's labels say of a model in a campaign, and the correction that follows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ml_assets.sentiment.agreement import Agreement, confusion, majority
from ml_assets.sentiment.labels import LABELS
from orchestration.labelling.store import Judged, Scorer
from orchestration.warehouse.tables import CORRECTED


@dataclass(frozen=True)
class Measured:
    """A model's confusion in a campaign: rows are people's classes, columns the model's labels, both in the order of LABELS."""

    campaign_id: str
    scorer: Scorer
    counts: list[list[int]]
    labelled_by: tuple[str, ...]
    # Posts left out because no class has a majority.
    disputed: int

    @property
    def agreement(self) -> Agreement:
        return Agreement.of(self.counts)

    def as_row(self) -> dict[str, Any]:
        """A row of ml.sentiment_confusion; the correction is NULL where there is none, and `reason` says why."""
        # Not at the top: Dagster imports this file in every process, and NumPy with it.
        from ml_assets.sentiment.shares import correction, obstacle

        agreement, made = self.agreement, correction(self.counts)
        return {
            "campaign_id": self.campaign_id,
            "model_id": self.scorer.model_id,
            "model_revision": self.scorer.model_revision,
            "code_version": self.scorer.code_version,
            "labelled": agreement.posts,
            "labelled_by": list(self.labelled_by),
            **{f"{true}_as_{label}": self.counts[i][j] for i, true in enumerate(LABELS) for j, label in enumerate(LABELS)},
            "accuracy": agreement.accuracy,
            "kappa": agreement.kappa,
            **{f"recall_{label}": agreement.recall[label] for label in LABELS},
            "reason": obstacle(self.counts),
            **{
                f"{kind}_{measure}_{label}": float(values[i][j]) if values is not None else None
                for kind, values in (("w", None if made is None else made.weights), ("s", None if made is None else made.spread))
                for i, measure in enumerate(CORRECTED)
                for j, label in enumerate(LABELS)
            },
        }


def measure(labels: Iterable[Judged]) -> list[Measured]:
    """One for each campaign and scorer. A post that several people labelled counts once, with the label of more than half of them."""
    groups: dict[tuple[str, Scorer], dict[str, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    for each in labels:
        groups[each.campaign_id, each.scorer][each.tweet_id].append(each)
    found = []
    for (campaign_id, scorer), posts in sorted(groups.items(), key=lambda item: str(item[0])):
        agreed = [(majority([each.label for each in of_post]), of_post[0].model_label) for of_post in posts.values()]
        people = sorted({each.labelled_by for of_post in posts.values() for each in of_post})
        pairs = [(true, label) for true, label in agreed if true is not None]
        found.append(Measured(campaign_id, scorer, confusion(pairs), tuple(people), len(agreed) - len(pairs)))
    return found


def between_people(labels: Sequence[Judged]) -> dict[tuple[str, str], Agreement]:
    """The agreement of each two people on the posts of one campaign that both labelled; no entry for two who share none."""
    by_person: dict[str, dict[str, str]] = defaultdict(dict)
    for each in labels:
        by_person[each.labelled_by][each.tweet_id] = each.label
    found = {}
    for first, second in combinations(sorted(by_person), 2):
        shared = by_person[first].keys() & by_person[second].keys()
        if shared:
            found[first, second] = Agreement.of(confusion((by_person[first][post], by_person[second][post]) for post in shared))
    return found
