"""kill -9 and worse at random moments; then the same command again, and the marts of an undisturbed run.  python -m bench.chaos --rounds 200"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.chaos import stream
from bench.chaos.blows import BLOWS, NotStruck
from bench.chaos.homes import Home, Homes, Lane

# The hours in which the recall of the sample's campaign becomes known: the most posts, and news of them.
SAMPLE = Lane(("run", "--campaign", "sample", "--from", "2026-03-11T12:00Z", "--to", "2026-03-11T18:00Z", "--source", "sample"), "sample")


KINDS = (*BLOWS, stream.NAME)


@dataclass(frozen=True)
class Round:
    """One trial. `wrong` is empty when the marts are those of the undisturbed run."""

    number: int
    seed: int
    blow: str
    did: str
    seconds_again: float
    wrong: str

    def line(self) -> str:
        return f"{self.number:>4}  seed {self.seed:<8} {self.blow:<28} {self.wrong or 'equal':<8} again {self.seconds_again:>6.1f} s  {self.did}"


def one_round(number: int, seed: int, blow: str, home: Home, wanted: dict[str, str | None], seconds: float) -> Round:
    began = time.monotonic()
    if blow == stream.NAME:
        did, wrong = stream.trial(home.folder, random.Random(seed))
        return Round(number, seed, blow, did, time.monotonic() - began, wrong)
    try:
        did = BLOWS[blow](home, random.Random(seed), seconds)
        began = time.monotonic()
        code = home.run()
        took = time.monotonic() - began
        if code:
            return Round(number, seed, blow, did, took, f"the second run left with {code}")
        different = sorted(mart for mart, checksum in home.sums().items() if checksum != wanted[mart])
        return Round(number, seed, blow, did, took, f"differ: {', '.join(different)}" if different else "")
    except NotStruck as error:
        return Round(number, seed, blow, "", time.monotonic() - began, f"not struck: {error}")


def undisturbed(homes: Homes) -> tuple[float, dict[str, str | None]]:
    """Seconds of a run that nothing disturbs, and its checksums."""
    home, began = homes.make("undisturbed", SAMPLE), time.monotonic()
    try:
        if home.run():
            sys.exit(f"The undisturbed run failed:\n{home.said.read_text()[-2000:]}")
        return time.monotonic() - began, home.sums()
    finally:
        homes.drop(home)


def table(rounds: list[Round]) -> list[str]:
    lines = [f"{'what went wrong':<30} {'rounds':>6} {'equal':>6} {'median s again':>15}"]
    for blow in KINDS:
        of_blow = [each for each in rounds if each.blow == blow]
        if of_blow:
            median = statistics.median(each.seconds_again for each in of_blow)
            lines.append(f"{blow:<30} {len(of_blow):>6} {sum(not each.wrong for each in of_blow):>6} {median:>15.1f}")
    return [*lines, f"{'all':<30} {len(rounds):>6} {sum(not each.wrong for each in rounds):>6}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="of the first round; the others count on from it")
    parser.add_argument("--only", choices=KINDS, default=None, help="one kind alone")
    asked = parser.parse_args()
    first = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    homes, rounds = Homes(folder), []
    seconds, wanted = (0.0, {}) if asked.only == stream.NAME else undisturbed(homes)
    print(f"Undisturbed: {seconds:.1f} s, {len(wanted)} marts. {asked.rounds} rounds, seeds {first} to {first + asked.rounds - 1}.", flush=True)
    names = [asked.only] if asked.only else list(KINDS)
    for number in range(asked.rounds):
        blow = names[number % len(names)]
        home = homes.make(f"round-{number}", SAMPLE)
        done = one_round(number, first + number, blow, home, wanted, seconds)
        rounds.append(done)
        print(done.line(), flush=True)
        if done.wrong:
            home.close()
            print(f"      its home is kept: {home.folder}", flush=True)
        else:
            homes.drop(home)
    print("\n".join(["", *table(rounds)]))
    return 1 if any(each.wrong for each in rounds) else 0


if __name__ == "__main__":
    sys.exit(main())
