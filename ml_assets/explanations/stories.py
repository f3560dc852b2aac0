"""Articles that tell the same story: copies of one text, and groups of similar texts and names."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

# Cosine above which two texts are one, carried by several publications: 0.8 leaves a changed headline on a shared text.
A_COPY = 0.8
# Average cosine at which two groups are one story. Of the sample's 18 articles around the recall, 0.06 joins what runners report with what
# shops do, and 0.16 parts the reports of cracked heels.
A_STORY = 0.08
# Two reports of one event use other words and the same names. At 3 all that happens in one city is one story.
WEIGHT_OF_A_NAME = 2.0


def vectors(keys: Sequence[Counter[str]], is_name: Callable[[str], bool]) -> np.ndarray:
    """TF-IDF rows of length 1, shape (articles, words of at least two of them), float32; a row of zeros where an article shares no word.

    tf is 1 + ln(count), idf is ln((1 + N) / (1 + n)) + 1 over these articles. Salton and Buckley (1988), smoothed as scikit-learn does.
    """
    held = Counter(key for counts in keys for key in counts)
    columns = {key: number for number, key in enumerate(sorted(key for key, articles in held.items() if articles > 1))}
    found = np.zeros((len(keys), len(columns)), dtype=np.float32)
    for row, counts in enumerate(keys):
        for key, count in counts.items():
            if key in columns:
                idf = np.log((1 + len(keys)) / (1 + held[key])) + 1
                found[row, columns[key]] = (1 + np.log(count)) * idf * (WEIGHT_OF_A_NAME if is_name(key) else 1.0)
            # Words of one article alone make it longer and nothing alike.
    lengths = np.array([_length(counts, held, len(keys), is_name) for counts in keys], dtype=np.float32)
    return found / np.maximum(lengths, 1e-9)[:, None]


def _length(counts: Counter[str], held: Counter[str], articles: int, is_name: Callable[[str], bool]) -> float:
    values = (
        (1 + np.log(count)) * (np.log((1 + articles) / (1 + held[key])) + 1) * (WEIGHT_OF_A_NAME if is_name(key) else 1.0)
        for key, count in counts.items()
    )
    return float(np.sqrt(sum(value * value for value in values)))


def copies(similarity: np.ndarray, titles: Sequence[str]) -> np.ndarray:
    """For each article the first one whose text it repeats, itself where there is none; (N,) positions."""
    first = np.arange(len(titles))
    by_title: dict[str, int] = {}
    for article, title in enumerate(titles):
        alike = np.flatnonzero(similarity[article, :article] >= A_COPY)
        if title and title in by_title:
            first[article] = by_title[title]
        elif len(alike):
            first[article] = first[alike[0]]
        by_title.setdefault(title, first[article])
    return first


def groups(similarity: np.ndarray, sizes: Sequence[int] | None = None, least: float = A_STORY) -> list[list[int]]:
    """Positions of each story, by average linkage: the two groups with the highest mean cosine are joined while it is at least `least`.

    Single linkage would chain two stories through one article that tells of both. Equal means join the earliest articles first.
    """
    number = len(similarity)
    members = [[article] for article in range(number)]
    size = np.ones(number) if sizes is None else np.asarray(sizes, dtype=float)
    means = similarity.astype(np.float64).copy()
    np.fill_diagonal(means, -1.0)
    best = means.argmax(1) if number else np.empty(0, dtype=int)
    for _ in range(number - 1):
        left = int(np.argmax(means[np.arange(number), best]))
        right = int(best[left])
        if means[left, right] < least:
            break
        joined = (size[left] * means[left] + size[right] * means[right]) / (size[left] + size[right])
        means[left] = means[:, left] = joined
        means[left, left] = -1.0
        means[right] = means[:, right] = -1.0
        size[left] += size[right]
        members[left] += members[right]
        members[right] = []
        stale = np.flatnonzero((best == left) | (best == right))
        for row in {*stale.tolist(), left}:
            best[row] = means[row].argmax()
        closer = means[:, left] > means[np.arange(number), best]
        best[closer] = left
    return [sorted(found) for found in members if found]


def central(similarity: np.ndarray, members: Sequence[int], among: Iterable[int]) -> int:
    """The member of `among` most like all members; the earliest of equals."""
    among = list(among)
    likeness = similarity[np.ix_(among, list(members))].mean(1)
    return among[int(np.argmax(np.round(likeness, 6)))]


def publications(sources: Sequence[tuple[str | None, int]]) -> int:
    """How many publications carried these articles: named ones once each, or more where an article says that more did."""
    by_name: dict[str | None, int] = defaultdict(int)
    for name, count in sources:
        by_name[name] = max(by_name[name], count)
    return max(sum(1 for name in by_name if name is not None) + (None in by_name), max(by_name.values(), default=0))
