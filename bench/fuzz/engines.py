"""What makes inputs: atheris (mutations led by the lines they reach), the same mutations unled, and Hypothesis for values."""

import importlib.util
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.fuzz.findings import Findings, Rows
from bench.fuzz.mutation import Mutate

LONGEST = 16_384
# Hypothesis keeps what it has tried: it is begun anew, so that neither memory nor time grows with the number.
EXAMPLES_AT_ONCE = 500
# Of mutations led by coverage, so many are libFuzzer's own.
OF_LIBFUZZER = 0.25


@dataclass(frozen=True)
class Broken:
    """A target of bytes: `seeds` are good inputs, `mutate` breaks one, `check` gives it to the product."""

    seeds: Sequence[bytes]
    mutate: Mutate
    check: Callable[[bytes], Rows]


@dataclass(frozen=True)
class Made:
    """A target of values that Hypothesis makes."""

    strategy: Any
    check: Callable[[Any], Rows]


def has_atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None


def guided(load: Callable[[], Broken], modules: Sequence[str], findings: Findings, inputs: int, seed: int, corpus: Path, done: Callable[[], None]) -> None:
    """Runs in a process of its own and ends it: libFuzzer never comes back. `load` imports the target, whose `modules` are watched."""
    import atheris

    with atheris.instrument_imports(include=list(modules)):
        target = load()
    corpus.mkdir(parents=True, exist_ok=True)
    for number, given in enumerate(target.seeds):
        (corpus / f"seed-{number:03}").write_bytes(given)

    def one_input(given: bytes) -> None:
        findings.feed(target.check, given)
        findings.led += 1
        if findings.inputs >= inputs:
            done()
            os._exit(0)

    def mutate(given: bytes, most: int, number: int) -> bytes:
        rng = random.Random(number)
        if rng.random() < OF_LIBFUZZER:
            return atheris.Mutate(given, most)
        return target.mutate(given, rng)[:most]

    # What is found is counted here and goes on; libFuzzer stops at a hang alone.
    words = [f"-seed={seed % 2**31 or 1}", f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=4096", f"-artifact_prefix={findings.folder}/", "-print_final_stats=0"]
    atheris.Setup(["fuzz", *words, str(corpus)], one_input, custom_mutator=mutate)
    atheris.Fuzz()


def unguided(target: Broken, findings: Findings, inputs: int, seed: int, found: Sequence[bytes] = ()) -> None:
    """The seeds as they are, and what coverage `found` before; then mutations of them and of one another's results."""
    rng, pool = random.Random(seed), [*target.seeds, *found]
    kept = len(pool)
    for given in pool[:inputs]:
        findings.feed(target.check, given)
    while findings.inputs < inputs:
        at = rng.randrange(len(pool))
        given = target.mutate(pool[at], rng)[:LONGEST]
        findings.feed(target.check, given)
        # What was broken is broken further now and then; those of the beginning stay.
        if rng.random() < 0.1 and len(pool) < kept + 50:
            pool.append(given)
        elif rng.random() < 0.02 and at >= kept:
            pool[at] = given


def made(target: Made, findings: Findings, inputs: int, seed: int) -> None:
    """Values of the target's strategy, without shrinking: what fails is kept as it is."""
    import hypothesis

    while findings.inputs < inputs:
        most = min(EXAMPLES_AT_ONCE, inputs - findings.inputs)

        @hypothesis.seed(seed + findings.inputs)
        @hypothesis.settings(
            max_examples=most, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate]
        )
        @hypothesis.given(target.strategy)
        def run(given: Any) -> None:
            if findings.inputs < inputs:
                findings.feed(target.check, given)

        run()
