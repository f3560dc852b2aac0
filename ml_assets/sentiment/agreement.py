"""How far two sets of labels agree: people with the model, and people with each other. Takes plain labels and knows no warehouse."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ml_assets.sentiment.labels import LABELS


@dataclass(frozen=True)
class Agreement:
    """`posts` both labelled; `accuracy` the share of equal labels, `kappa` Cohen's, `recall` by class of the first: each in 0..1
    (kappa from -1), None where it is not defined.
    """

    posts: int
    accuracy: float | None
    kappa: float | None
    recall: dict[str, float | None]

    @classmethod
    def of(cls, confusion: Sequence[Sequence[int]]) -> "Agreement":
        """From a confusion as `confusion` makes it.

        Kappa is (observed - expected) / (1 - expected) with the agreement that the two would have by chance, each with the shares
        that it gave. Cohen (1960), A coefficient of agreement for nominal scales. Not defined where both always gave one label.
        """
        rows, columns = [sum(row) for row in confusion], [sum(column) for column in zip(*confusion, strict=True)]
        posts, equal = sum(rows), [row[number] for number, row in enumerate(confusion)]
        recall = {label: equal[number] / rows[number] if rows[number] else None for number, label in enumerate(LABELS)}
        if posts == 0:
            return cls(0, None, None, recall)
        observed = sum(equal) / posts
        by_chance = sum(row * column for row, column in zip(rows, columns, strict=True))
        kappa = None if by_chance == posts**2 else (observed - by_chance / posts**2) / (1 - by_chance / posts**2)
        return cls(posts, observed, kappa, recall)


def confusion(pairs: Iterable[tuple[str, str]]) -> list[list[int]]:
    """Counts of (first, second) label, rows and columns in the order of LABELS: the true class stands in the rows.

    Raises ValueError for a label that is none of LABELS.
    """
    counts = Counter(pairs)
    if unknown := sorted({label for pair in counts for label in pair} - set(LABELS)):
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(LABELS)}")
    return [[counts[true, label] for label in LABELS] for true in LABELS]


def majority(labels: Sequence[str]) -> str | None:
    """The label that more than half gave, or None: two people who disagree leave a post without a true class."""
    label, count = Counter(labels).most_common(1)[0] if labels else (None, 0)
    return label if 2 * count > len(labels) else None
