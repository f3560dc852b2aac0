"""Speed of sentiment against `transformers.pipeline`, one text at a time and in batches, on the same posts, in the same run.

python -m bench.sentiment [--posts N] [--model FOLDER_OR_ID] [--generated]

All read the same cleaned texts, all distinct, so that scoring each distinct text once earns nothing here. The pipeline gets
the weights as fp32, as it would load them. Loading is left out on all sides and timed apart, in a process of its own, with the
largest memory. Ours is timed before, between and after the others, so that a busy neighbour hits all alike.

The matrix peak is that of the widest product in the model, for as many rows as a batch has tokens, in the numbers that ours
computes in; what of it is reached counts the matrix products of real tokens only.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import figures
from bench.figures import HIGHER, OF_RATIO, Figure
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
    """English posts of the sample campaign that are no reposts."""
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


LOADING = """
import json, resource, sys, time
from ml_assets.sentiment import Scorer
scorer = Scorer(sys.argv[1], sys.argv[2] or None)
started = time.perf_counter()
import torch, transformers
libraries = time.perf_counter()
scorer.score(["I love this phone"], ["en"])
loaded = time.perf_counter()
scorer.score([f"I love phone number {n}, and all that comes with it: {'good ' * (n % 40)}" for n in range(2_000)], ["en"] * 2_000)
print(json.dumps([libraries - started, loaded - libraries, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


@dataclass(frozen=True)
class Compared:
    """Posts a second of ours and of the pipeline's two ways, same labels as one by one, and gigaflops a second."""

    posts: int
    ours: float
    one_by_one: float
    batched: float
    same_label: float
    numbers: str
    reached: float
    peak: float


def compare(posts: Sequence[str], model: str, revision: str | None) -> Compared:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    share_cores()
    from transformers import pipeline
    from transformers.utils import logging

    from ml_assets.checkpoints import locate
    from ml_assets.sentiment.classifier import Classifier

    logging.disable_progress_bar()
    scorer, langs, readings = Scorer(model, revision), ["en"] * len(posts), [for_model(post) for post in posts]
    plain = Classifier(locate(str(model), revision, setting="--model"), bf16=False)
    theirs = pipeline("text-classification", model=plain.model, tokenizer=plain.tokenizer, device="cpu")
    cut = {"truncation": True, "max_length": 64}
    scorer.score(posts[:64], langs[:64])
    theirs(readings[:8], **cut)

    first, ours = seconds_of(lambda: scorer.score(posts, langs))
    alone, answers = seconds_of(lambda: [theirs(reading, **cut)[0] for reading in readings])
    second, _ = seconds_of(lambda: scorer.score(posts, langs))
    batches, _ = seconds_of(lambda: theirs(readings, batch_size=32, **cut))
    third, _ = seconds_of(lambda: scorer.score(posts, langs))
    seconds = (first + second + third) / 3
    tokens = sum(map(len, plain.tokens(readings)))
    numbers = "bf16" if scorer._classifier.bf16 else "fp32"
    return Compared(
        len(posts), len(posts) / seconds, len(posts) / alone, len(posts) / batches,
        sum(mine.label == answer["label"].lower() for mine, answer in zip(ours, answers, strict=True)) / len(posts),
        numbers, tokens * flops_of_a_token(plain.model) / seconds / 1e9, matrix_peak(plain.model.config, numbers),
    )  # fmt: skip


def flops_of_a_token(model) -> float:
    """Two for each weight of the matrices that every token passes; attention and the head are left out."""
    return 2.0 * sum(w.numel() for name, w in model.named_parameters() if w.ndim == 2 and "embedding" not in name and "classifier" not in name and "pooler" not in name)


def matrix_peak(config, numbers: str, seconds: float = 2.0) -> float:
    """Gigaflops a second of (800, H) x (H, 4 H), the best of many."""
    import torch

    kind, wide, inner = (torch.bfloat16 if numbers == "bf16" else torch.float32), config.hidden_size, config.intermediate_size
    rows, matrix = torch.randn(800, wide, dtype=kind), torch.randn(inner, wide, dtype=kind)
    best, end = float("inf"), time.perf_counter() + seconds
    with torch.inference_mode():
        while time.perf_counter() < end:
            took, _ = seconds_of(lambda: [torch.nn.functional.linear(rows, matrix) for _ in range(20)])
            best = min(best, took / 20)
    return 2 * 800 * wide * inner / best / 1e9


def loading(model: str, revision: str | None) -> tuple[float, float, float]:
    """(seconds of the libraries, of the model up to its first score, largest memory in MiB over 2,000 posts) of a fresh process."""
    answer = subprocess.run([sys.executable, "-c", LOADING, str(model), revision or ""], capture_output=True, text=True, check=True)
    return tuple(json.loads(answer.stdout.splitlines()[-1]))


def figures_of(found: Compared, load: float, memory: float) -> list[Figure]:
    of = f"sentiment, {found.posts:,} distinct posts, {found.numbers}"
    return [
        Figure(f"{of}: beside one text at a time", found.ours, "posts/s", HIGHER, "transformers.pipeline", found.one_by_one, 5, OF_RATIO),
        Figure(f"{of}: beside batches of 32", found.ours, "posts/s", HIGHER, "transformers.pipeline", found.batched, 3, OF_RATIO),
        Figure("sentiment: same label as one by one", 100 * found.same_label, "%", HIGHER, limit=99.5),
        Figure(f"sentiment: of the {found.numbers} matrix peak", 100 * found.reached / found.peak, "%", HIGHER, limit=75),
        Figure("sentiment: model loaded, after the libraries", load, "s", limit=3),
        Figure("sentiment: largest memory", memory, "MiB", limit=1_024),
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--posts", type=int, default=512)
    arguments.add_argument("--model", default=Settings().sentiment_model)
    arguments.add_argument("--revision", default=Settings().sentiment_revision)
    arguments.add_argument("--generated", action="store_true", help="made-up posts instead of the sample campaign's")
    figures.add_option(arguments)
    given = arguments.parse_args()

    kind, posts = ("generated", generated_posts()) if given.generated else ("sample campaign", sample_posts())
    libraries, load, memory = loading(given.model, given.revision)
    found = compare(distinct(posts, given.posts), given.model, given.revision)
    figures.write(given.json, figures_of(found, load, memory))
    print(f"sentiment, {found.posts} distinct posts ({kind}), {os.cpu_count()} cores, {found.numbers}:")
    print(f"  {'ours':<44} {found.ours:7.0f} posts/s")
    print(f"  {'transformers.pipeline, one by one':<44} {found.one_by_one:7.0f} posts/s   ours is {found.ours / found.one_by_one:.1f} times (5 wanted)")
    print(f"  {'transformers.pipeline, batches of 32':<44} {found.batched:7.0f} posts/s   ours is {found.ours / found.batched:.1f} times (3 wanted)")
    print(f"  same label as one by one {found.same_label:.2%} (99.5 % wanted)")
    print(f"  {found.reached:.0f} of {found.peak:.0f} GFLOP/s, {found.reached / found.peak:.0%} of this machine's {found.numbers} matrix peak over real tokens (75 % is the goal)")
    print(f"  model loaded in {load:.1f} s (3 wanted) after {libraries:.1f} s of libraries; largest memory {memory:.0f} MiB (1,024 wanted)")


if __name__ == "__main__":
    main()
