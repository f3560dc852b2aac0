"""From spans the model marked to distinct names: aliases, case, titles and company forms merged; places apart from organisations."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ml_assets.entities.known import known_name

# Countries and cities (GPE) and buildings (FAC) are places too; nationalities, dates and the rest are not kept.
LABELS = {"ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "FAC": "LOC", "PERSON": "PERSON", "PER": "PERSON"}
EDGES = " \t\"'“”‘’«»()[]{}<>,;:!?*#@/\\|–—-_•·…"
POSSESSIVE = re.compile(r"(['’]s|(?<=s)['’])$", re.IGNORECASE)
THE = re.compile(r"^the\s+(?=\S)", re.IGNORECASE)
HONORIFIC = re.compile(r"^(mr|mrs|ms|dr|sir|prof|president|sen|rep|gov)\.?\s+(?=\S)", re.IGNORECASE)
COMPANY_FORM = re.compile(r",?\s+(inc|corp|corporation|ltd|limited|llc|plc|co|ag|gmbh)\.?$", re.IGNORECASE)
# A name of this form is an organisation whatever place it carries. `West Bank` and `Times Square` do not have it.
ORGANISATION_FORM = re.compile(
    r"^((central|national|federal|royal|state) )?(bank|university|college|institute|ministry|department|board|bureau|office|council) of (?=\S)"
    r"|(?<=\S) (university|institute|times|post|herald|tribune|gazette|chronicle|police|airlines|airways|council|parliament|united|fc)$",
    re.IGNORECASE,
)
SMALL_WORDS = frozenset({"a", "an", "and", "at", "de", "for", "in", "of", "on", "the", "to"})
# Longer words in capitals come from headlines in capitals; shorter ones are more often initials (NASA, NATO).
LONGEST_INITIALS = 5


@dataclass(frozen=True)
class FoundEntity:
    """`surface_forms` are the spellings in the article, sorted; `mentions` counts them all."""

    article_id: str
    label: str
    name: str
    surface_forms: tuple[str, ...]
    mentions: int


def merged(article_id: str, spans: Iterable[tuple[str, str]]) -> list[FoundEntity]:
    """One entity per label and name from the (model label, surface form) of an article, most mentioned first."""
    forms: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for label, surface in spans:
        if label in LABELS and (named := name_of(LABELS[label], surface)):
            forms[named][" ".join(surface.split())] += 1
    for surname, full in surnames(forms).items():
        forms[full] += forms.pop(surname)
    by_spelling: dict[tuple[str, str], list[str]] = defaultdict(list)
    for label, name in forms:
        by_spelling[label, spelling_key(name)].append(name)
    found = []
    for (label, _), names in by_spelling.items():
        counts = sum((forms[label, name] for name in names), Counter())
        name = max(names, key=lambda n: (sum(forms[label, n].values()), not n.isupper(), n))
        found.append(FoundEntity(article_id, label, name, tuple(sorted(counts)), sum(counts.values())))
    return sorted(found, key=lambda entity: (-entity.mentions, entity.label, entity.name))


def name_of(label: str, surface: str) -> tuple[str, str] | None:
    """(label, name) of one span, or None when it is no name: a sign, a number, a single character.

    What is known of the spelling decides the label as well: the model may see a place in "OpenAI" and an organisation in
    "Washington said". Of a spelling with several meanings only the one counts that the model's label agrees with.
    """
    name = POSSESSIVE.sub("", " ".join(surface.split()).strip(EDGES)).strip(EDGES)
    if label == "PERSON":
        name = HONORIFIC.sub("", name)
    if name.count(".") == 1:
        name = name.removesuffix(".")
    bare = THE.sub("", name)
    without_form = COMPANY_FORM.sub("", bare)
    for spelling in (name, bare, without_form):
        known = known_name(label, spelling)
        # A company may be called as a place is: `Georgia Co` is not Georgia.
        if known and (known.label == "ORG" or spelling != without_form or without_form == bare):
            return known.label, known.name
    if label != "ORG" and ORGANISATION_FORM.search(bare):
        label = "ORG"
    name = without_form if label == "ORG" else bare
    if len(name) < 2 or not any(map(str.isalpha, name)):
        return None
    return label, cased(name)


def cased(name: str) -> str:
    """`REPUBLIC OF LETTERS` -> `Republic of Letters`; `NASA`, `OpenAI` and `iPhone` as they are."""
    words = name.split()
    if not name.isupper() or (len(words) == 1 and len(name) <= LONGEST_INITIALS):
        return name
    return " ".join(_cased_word(word, first=not n) for n, word in enumerate(words))


def _cased_word(word: str, *, first: bool) -> str:
    if "." in word:
        return word
    return word.lower() if word.lower() in SMALL_WORDS and not first else word.capitalize()


def surnames(forms: dict[tuple[str, str], Counter[str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """`Musk` -> `Elon Musk` where the article names exactly one person who ends so."""
    people = [name for label, name in forms if label == "PERSON"]
    merged_into = {}
    for name in people:
        full = [other for other in people if " " in other and other.split()[-1].casefold() == name.casefold()]
        if " " not in name and len(full) == 1:
            merged_into["PERSON", name] = ("PERSON", full[0])
    return merged_into


def spelling_key(name: str) -> str:
    return re.sub(r"[\s.\-]+", " ", name).strip().casefold()
