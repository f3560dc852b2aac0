"""Sentiment beside VADER, a lexicon with rules: speed on the same posts, and macro-averaged recall where there are labelled ones.

python -m bench.vader [--posts N] [--data FILE.jsonl.gz]

A line of the file is {"text": ..., "label": "negative|neutral|positive"}. VADER gets the text as written and one core, which is what it uses; its label follows
its authors' thresholds, a compound score of 0.05 and -0.05. Ours gets the same text and all cores. The two take turns.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import figures, peers
from bench.figures import HIGHER, Figure
from bench.sentiment import distinct, generated_posts, seconds_of
from ml_assets.labelled import read_rows
from ml_assets.sentiment import Scorer
from ml_assets.sentiment.evaluate import figures as quality
from ml_assets.sentiment.labels import LABELS, SentimentScore
from orchestration.settings import Settings

PACKAGE = "vaderSentiment==3.3.2"
EDGE = 0.05
ROUNDS = 3

Judge = Callable[[Sequence[str]], list[SentimentScore]]


def vader() -> Judge:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    def judged(texts: Sequence[str]) -> list[SentimentScore]:
        return [label_of(analyzer.polarity_scores(text)["compound"]) for text in texts]

    return judged


def label_of(compound: float) -> SentimentScore:
    """All of the probability on one label: VADER gives none, so it has no calibration to compare."""
    label = "positive" if compound >= EDGE else "negative" if compound <= -EDGE else "neutral"
    return SentimentScore(label, **{f"p_{each}": float(each == label) for each in LABELS})


def ours() -> Judge:
    settings = Settings()
    scorer = Scorer(settings.sentiment_model, settings.sentiment_revision)
    return lambda texts: scorer.score(texts, ["en"] * len(texts))


def rate(judge: Judge, posts: Sequence[str]) -> float:
    return len(posts) / seconds_of(lambda: judge(posts))[0]


def compared(count: int, data: Path | None, judges: dict[str, Judge]) -> list[Figure]:
    """`judges` are ours, and VADER where it could be installed."""
    posts = distinct(generated_posts(), count)
    for judge in judges.values():
        judge(posts[:64])
    rates = {name: max(rates) for name, rates in zip(judges, zip(*([rate(judge, posts) for judge in judges.values()] for _ in range(ROUNDS))))}
    peer = "VADER" if "VADER" in judges else None
    found = [Figure(f"sentiment of {len(posts):,} posts beside a lexicon", rates["ours"], "posts/s", HIGHER, peer, rates.get("VADER"))]
    if data is None or not data.exists():
        print("No labelled posts were given (--data FILE.jsonl.gz), so nothing is said of quality.")
        return found
    rows = read_rows(data, lambda row: isinstance(row.get("text"), str) and row.get("label") in LABELS, "text and label")
    texts, labels = [row["text"] for row in rows], [row["label"] for row in rows]
    recall = {name: quality(labels, judge(texts))["macro_recall"] for name, judge in judges.items()}
    return [*found, Figure(f"macro-averaged recall on {len(rows):,} labelled posts", recall["ours"], "", HIGHER, peer, recall.get("VADER"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=5_000)
    parser.add_argument("--data", type=Path, help="labelled posts")
    figures.add_option(parser)
    asked = parser.parse_args()
    with peers.installed(PACKAGE) as there:
        found = compared(asked.posts, asked.data, {"ours": ours()} | ({"VADER": vader()} if there else {}))
    figures.write(asked.json, found)
    print("\n".join(figures.table(found)))


if __name__ == "__main__":
    main()
