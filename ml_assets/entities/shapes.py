"""What an uncased encoder cannot see: the case of a word, and of the sentence around it.

MiniLM reads "apple" and "Apple" alike. Each word gets one of SHAPES, each sentence one of STYLES; the tagger learns an
embedding of both and adds it to what the encoder reads and to what it answers.
"""

from collections.abc import Sequence

SHAPES = ("lower", "title", "upper", "mixed", "letter", "digit", "sign")
STYLES = ("sentence", "title_case", "capitals")
# Words of three letters and fewer stay small in titles ("of", "and"), and say nothing of the style.
SHORTEST = 4
# At this share of long words with a capital the sentence is a headline: prose of the news has 0.2 to 0.4.
HEADLINE = 0.75
FEWEST_LONG_WORDS = 3


def shape(word: str) -> int:
    """Position in SHAPES."""
    if any(map(str.isdigit, word)):
        return 5
    letters = [letter for letter in word if letter.isalpha()]
    if not letters:
        return 6
    capitals = sum(map(str.isupper, letters))
    if capitals == 0:
        return 0
    if len(letters) == 1:
        return 4
    if capitals == len(letters):
        return 2
    return 1 if capitals == 1 and letters[0].isupper() else 3


def style(words: Sequence[str]) -> int:
    """Position in STYLES; a sentence of too few long words is taken as prose."""
    long = [word for word in words if len(word) >= SHORTEST and word.isalpha()]
    if len(long) < FEWEST_LONG_WORDS:
        return 0
    if sum(map(str.isupper, long)) / len(long) >= HEADLINE:
        return 2
    return 1 if sum(word[0].isupper() for word in long) / len(long) >= HEADLINE else 0
