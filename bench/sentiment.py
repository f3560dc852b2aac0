"""Speed of sentiment against `transformers.pipeline` one text at a time, on the same posts, in the same run.

python -m bench.sentiment [--posts N] [--model FOLDER_OR_ID] [--generated]

Both read the same cleaned texts, all distinct, so that scoring each distinct text once earns nothing here. Loading is
left out on both sides. Ours is timed before and after the pipeline, so that a busy neighbour hits both alike.
"""

import argparse
import os
import random
import time
from collections.abc import Sequence

from ml_assets.sentiment import Scorer
from ml_assets.sentiment.language import reason_not_scored
from ml_assets.sentiment.scorer import share_cores
from ml_assets.sentiment.text import for_model
from orchestration.settings import Settings

THINGS = ("the new shoes", "this update", "customer service", "the launch", "my order", "that interview", "the app")
VERDICTS = (
    "are really great and I love them",
    "is a complete disaster, never again",
    "arrived on Tuesday as planned",
    "made my whole week",
    "keeps crashing and nobody answers",
    "will be discussed at five in the main hall",
    "could be better, could be worse",
)
TAILS = ("", "Thanks @{name}!", "#{name}", "https://t.co/{name}", "Anyone else seeing this?", "Just saying, {name}.")


def generated_posts(seed: int = 7):
    """Endless made-up posts of 5 to 40 words."""
    rng = random.Random(seed)
    while True:
        name = "".join(rng.choices("abcdefghijklmnop", k=6))
        sentences = [f"{rng.choice(THINGS)} {rng.choice(VERDICTS)}." for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))]
        yield " ".join([*sentences, rng.choice(TAILS).format(name=name)])


def sample_posts():
    """English posts of the sample campaign that are no reposts. Raises ImportError where the sample is not installed."""
    from orchestration.sources.sample.posts import make_posts

    drafts = [draft for draft in make_posts() if draft.kind != "repost" and draft.lang == "en"]
    random.Random(7).shuffle(drafts)
    return ((draft.note or draft.text).body for draft in drafts)


def distinct(posts, count: int) -> list[str]:
    """The first `count` posts that a model reads and that read differently."""
    found: dict[str, str] = {}
    for post in posts:
        if reason_not_scored(post, "en", {"en"}) is None:
            found.setdefault(for_model(post), post)
        if len(found) == count:
            break
    return list(found.values())


def seconds_of(work) -> tuple[float, list]:
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def compare(posts: Sequence[str], model: str, revision: str | None) -> dict[str, float]:
    """Posts a second of both, their ratio, and the share of posts with the same label."""
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    share_cores()
    from transformers import pipeline
    from transformers.utils import logging

    logging.disable_progress_bar()
    scorer = Scorer(model, revision)
    langs = ["en"] * len(posts)
    one_by_one = pipeline("text-classification", model=model, revision=revision, device="cpu", dtype="float32")
    readings = [for_model(post) for post in posts]
    scorer.score(posts[:64], langs[:64])
    for reading in readings[:8]:
        one_by_one(reading, truncation=True, max_length=64)

    before, ours = seconds_of(lambda: scorer.score(posts, langs))
    theirs_seconds, theirs = seconds_of(lambda: [one_by_one(r, truncation=True, max_length=64)[0] for r in readings])
    after, _ = seconds_of(lambda: scorer.score(posts, langs))

    same = sum(mine.label == their["label"].lower() for mine, their in zip(ours, theirs, strict=True))
    ours_seconds = (before + after) / 2
    return {
        "posts": len(posts),
        "ours_per_second": len(posts) / ours_seconds,
        "pipeline_per_second": len(posts) / theirs_seconds,
        "ratio": theirs_seconds / ours_seconds,
        "same_label": same / len(posts),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description="Speed of sentiment against the pipeline one text at a time.")
    arguments.add_argument("--posts", type=int, default=512)
    arguments.add_argument("--model", default=Settings().sentiment_model)
    arguments.add_argument("--revision", default=Settings().sentiment_revision)
    arguments.add_argument("--generated", action="store_true", help="made-up posts instead of the sample campaign's")
    given = arguments.parse_args()

    kind, posts = "generated", generated_posts()
    if not given.generated:
        try:
            kind, posts = "sample campaign", sample_posts()
        except ImportError:
            print("the sample campaign is not here; using generated posts")
    found = compare(distinct(posts, given.posts), given.model, given.revision)
    print(
        f"sentiment, {found['posts']} distinct posts ({kind}): {found['ours_per_second']:.0f} posts/s; "
        f"transformers.pipeline one by one: {found['pipeline_per_second']:.0f} posts/s; "
        f"ratio {found['ratio']:.1f}x (at least 4 wanted); same label {found['same_label']:.1%}"
    )


if __name__ == "__main__":
    main()
