"""The analyzer, started once, with two tables; and Google's reference implementation, which answers single expressions."""

import pytest

from orchestration.sql_check.book import Book
from orchestration.sql_check.engine import Column, Engine

POSTS = (
    Column("campaign_id", "STRING"),
    Column("tweet_id", "STRING"),
    Column("text", "STRING"),
    Column("created_at", "TIMESTAMP"),
    Column("day", "DATE"),
    Column("like_count", "INT64"),
    Column("score", "FLOAT64"),
    Column("hashtags", "ARRAY<STRING>"),
)


@pytest.fixture(scope="session")
def engine() -> Engine:
    pytest.importorskip("zetasql")
    return Engine()


@pytest.fixture
def book(engine) -> Book:
    made = Book(engine)
    made.know(("campaign-pulse", "marts", "tweets"), POSTS)
    return made


@pytest.fixture
def findings(book):
    """What is found in one statement, as messages."""

    def read(sql: str, **parameters: str) -> list[str]:
        book.read("test", "here", sql, parameters)
        return [finding.message for finding in book.findings]

    return read
