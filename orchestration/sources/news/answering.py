"""What every news source does with what it received: articles or dead letters, one of several copies, most telling first; and when it stops asking."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from orchestration.sources.base import DeadLetter
from orchestration.sources.news.articles import most_telling_first
from orchestration.sources.news.base import Article, NewsError, NewsQuestion, Unanswered
from orchestration.sources.news.copies import without_copies
from orchestration.sources.news.terms import mentioned
from orchestration.sources.values import BadRecord

LONGEST_KEPT = 8_192
T = TypeVar("T")


def told(articles: Iterable[Article], question: NewsQuestion) -> tuple[Article, ...]:
    """One of several copies, those that mention most and are nearest to the middle of the window first."""
    window = question.window
    return tuple(most_telling_first(without_copies(articles), window.start + (window.end - window.start) / 2))


def sorted_out(
    records: Iterable[Any], question: NewsQuestion, parse: Callable[[Any], Article], service: str
) -> tuple[tuple[Article, ...], tuple[DeadLetter, ...]]:
    """Articles of the window with the terms they mention, as `told`; and what could not be used, with the reason that `parse` raised as BadRecord.

    A service looks for the terms where it shows nothing of: an article may match and mention none of them here.
    """
    articles, letters = [], []
    for record in records:
        try:
            article = parse(record)
        except BadRecord as bad:
            letters.append(DeadLetter(bad.reason, bad.detail, service, None, json.dumps(record, ensure_ascii=False)[:LONGEST_KEPT]))
            continue
        # What a service includes at the edges is not documented to the second.
        if article.published_at in question.window:
            terms = mentioned(question.terms, article.title, article.description, article.content)
            articles.append(replace(article, matched_terms=terms))
    return told(articles, question), tuple(letters)


@dataclass
class Door:
    """Open until a service refuses all questions: what refused one peak would refuse the next, and each costs a request."""

    closed: Unanswered | NewsError | None = None

    def through(self, call: Callable[..., T], *arguments: Any) -> T:
        """The answer of `call`. Raises what it raises, and once that counts for all questions, the same without calling."""
        if self.closed:
            raise self.closed
        try:
            return call(*arguments)
        except Unanswered as error:
            if error.for_all:
                self.closed = error
            raise
        except NewsError as error:
            self.closed = error
            raise
