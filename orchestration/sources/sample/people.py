"""The invented authors of the sample: ids, handles, and how often each speaks."""

import random
from dataclasses import dataclass

AUTHORS = 5200
FIRST = (
    "mara", "jonas", "ines", "tomek", "ayumi", "noor", "felix", "lena", "omar", "grace", "hiro", "salma", "pablo", "elif", "ruth",
    "kofi", "ivy", "dario", "nell", "sven", "luz", "amir", "tess", "bodil", "ravi", "june", "otto", "rana", "milo", "wren",
)  # fmt: skip
SECOND = (
    "runs", "trail", "hills", "miles", "peaks", "outside", "jogs", "north", "coach", "k", "lopes", "berg", "fell", "rivers", "writes",
    "moves", "ridge", "w", "hiker", "pace", "stone", "ultra", "and_dog", "fit", "gear",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    id: str
    username: str


OFFICIAL = Person("871200345", "HalvenneRun")
SUPPORT = Person("1190220518", "HalvenneCare")
NEWSDESK = Person("402118877", "NorthwayPost")


def make_people(rng: random.Random) -> list[Person]:
    """All authors; ids are distinct and shorter than today's, so that old and new accounts both occur."""
    people, used = [], {OFFICIAL.id, SUPPORT.id, NEWSDESK.id}
    for number in range(AUTHORS):
        old = rng.randrange(100) < 80
        identity = str(rng.randrange(10**7, 4 * 10**9) if old else rng.randrange(12 * 10**17, 18 * 10**17))
        while identity in used:
            identity = str(int(identity) + 1)
        used.add(identity)
        people.append(Person(identity, f"{rng.choice(FIRST)}_{rng.choice(SECOND)}"[:11] + str(number)))
    return people


def pick_author(rng: random.Random, people: list[Person]) -> Person:
    """A few speak often, most of them once or twice: the smaller of two draws favours the front of the list."""
    return people[min(rng.randrange(len(people)), rng.randrange(len(people)))]
