"""kill -9 and worse at random moments; then the same command again, and the marts of an undisturbed run.  python -m bench.chaos --rounds 200"""

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil

from bench.chaos import daemon, network, stream
from bench.chaos.blows import BLOWS, DAMAGE, Blow, NotStruck, Unsaid
from bench.chaos.homes import SALT, Home, Homes, Lane, edges
from orchestration.windows import Window, parse_time

# The hours in which the recall of the sample's campaign becomes known: the most posts, and news of them.
HOURS = Window(parse_time("2026-03-11T12:00Z"), parse_time("2026-03-11T18:00Z"))
SAMPLE = Lane(("run", "--campaign", "sample", *edges(HOURS), "--source", "sample"), "sample")

ON_THE_SAMPLE: dict[str, Blow] = {**BLOWS, daemon.NAME: daemon.killer(HOURS)}
KINDS = (*ON_THE_SAMPLE, network.NAME, stream.NAME)


@dataclass(frozen=True)
class Undisturbed:
    """A lane's run that nothing disturbed: how long it took, the checksum of each mart, and its home, at rest."""

    lane: Lane
    seconds: float
    wanted: dict[str, str | None]
    folder: Path


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


class Plan:
    """What each kind strikes; the runs to compare with are made when the first kind needs them."""

    def __init__(self, homes: Homes, running: ExitStack) -> None:
        self._homes, self._running = homes, running

    @cached_property
    def sample(self) -> Undisturbed:
        return undisturbed(self._homes, SAMPLE)

    @cached_property
    def searched(self) -> tuple[Undisturbed, Blow]:
        faulty = self._running.enter_context(network.Network(HOURS))
        return undisturbed(self._homes, faulty.lane), faulty.strike

    def of(self, kind: str) -> tuple[Undisturbed, Blow]:
        return self.searched if kind == network.NAME else (self.sample, ON_THE_SAMPLE[kind])


def one_round(number: int, seed: int, kind: str, homes: Homes, plan: Plan) -> tuple[Round, Home]:
    """The round, and its home with everything that was said in it."""
    rng, did = random.Random(seed), ""
    if kind == stream.NAME:
        of, home = None, homes.make(f"round-{number}", SAMPLE)
    else:
        of, strike = plan.of(kind)
        # What is damaged must be there first; everything else strikes a home that is new.
        home = homes.make(f"round-{number}", of.lane, of.folder if kind == DAMAGE else None)
    began = time.monotonic()
    try:
        if of is None:
            did, wrong = stream.trial(home.folder, rng)
        else:
            did = strike(home, rng, of.seconds)
            began = time.monotonic()
            wrong = again(home, of.wanted)
    except NotStruck as error:
        wrong = f"not struck: {error}"
    except Unsaid as error:
        wrong = f"nothing said what to do: {error}"
    except subprocess.TimeoutExpired as error:
        wrong = f"it hung for {error.timeout:.0f} s"
    return Round(number, seed, kind, did, time.monotonic() - began, wrong), home


def again(home: Home, wanted: dict[str, str | None]) -> str:
    """The same command once more; what is wrong with what it leaves, empty for nothing."""
    if code := home.run():
        return f"the second run left with {code}"
    different = sorted(mart for mart, checksum in home.sums().items() if checksum != wanted[mart])
    return f"differ: {', '.join(different)}" if different else ""


def undisturbed(homes: Homes, lane: Lane) -> Undisturbed:
    home, began = homes.make(f"undisturbed-{lane.campaign}", lane), time.monotonic()
    if home.run():
        sys.exit(f"The undisturbed run failed:\n{home.said.read_text()[-2000:]}")
    seconds, wanted = time.monotonic() - began, home.sums()
    home.close()
    print(f"Undisturbed: {seconds:.1f} s, {len(wanted)} marts of the campaign {lane.campaign}. Load of the machine {os.getloadavg()[0]:.1f}.", flush=True)
    return Undisturbed(lane, seconds, wanted, home.folder)


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
    parser.add_argument("--only", choices=KINDS, action="append", help="this kind alone; several where it is given again")
    asked = parser.parse_args()
    # Ended by another program it stops as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # The stubs in this process, and every command it starts.
    os.environ["PULSE_AUTHOR_SALT"] = SALT
    first = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    homes, rounds = Homes(Path(tempfile.mkdtemp(prefix="chaos-"))), []
    print(f"{asked.rounds} rounds, seeds {first} to {first + asked.rounds - 1}.", flush=True)
    names, began = asked.only or list(KINDS), time.monotonic()
    with ExitStack() as running:
        plan = Plan(homes, running)
        # Hours of rounds: who ends them early still sees what they came to.
        with suppress(KeyboardInterrupt):
            for number in range(asked.rounds):
                # By its seed alone, so that rounds which follow on go on with the kinds too.
                seed = first + number
                done, home = one_round(number, seed, names[seed % len(names)], homes, plan)
                rounds.append(done)
                print(done.line(), flush=True)
                if done.wrong:
                    home.close()
                    print(f"      its home is kept: {home.folder}", flush=True)
                else:
                    homes.drop(home)
    # Of an interrupted round: what its blow has started would go on in a home that is gone.
    for left in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            # multiprocessing's own tracker is among them, and takes no notice.
            left.terminate()
    homes.clear(keep=any(each.wrong for each in rounds))
    print(f"{len(rounds)} rounds took {(time.monotonic() - began) / 60:.1f} minutes.")
    if len(rounds) < asked.rounds:
        print(f"Interrupted: {asked.rounds - len(rounds)} rounds are left; they are  --seed {first + len(rounds)} --rounds {asked.rounds - len(rounds)}")
    print("\n".join(["", *table(rounds)]))
    return 1 if len(rounds) < asked.rounds or any(each.wrong for each in rounds) else 0


if __name__ == "__main__":
    sys.exit(main())
