"""News: terms, canonical links, copies, what was removed, and the budget. What the service answers: tests/contract."""

import gzip
import json
import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration.settings import Settings
from orchestration.sources.news.articles import canonical_url, parse_article
from orchestration.sources.news.base import NewsError, NewsQuestion
from orchestration.sources.news.budget import BudgetSpent, RequestBudget
from orchestration.sources.news.choice import make_news_source
from orchestration.sources.news.copies import are_near_equal, title_words, without_copies
from orchestration.sources.news.files import FileNews
from orchestration.sources.news.terms import as_query, mentioned, search_terms
from orchestration.sources.sample.source import TRUTH

QUESTION = NewsQuestion("c", "chatgpt", date(2023, 4, 4), "America/New_York", ("chatgpt",), ("en",))


def article(**fields):
    made = {
        "source": {"id": None, "name": "Daily"},
        "author": "Ann",
        "title": "ChatGPT is banned",
        "description": "x",
        "url": "https://example.com/a",
        "publishedAt": "2023-04-04T10:00:00Z",
        "content": "y… [+12 chars]",
    }
    return made | fields


def test_the_window_is_the_peak_day_and_its_neighbours_in_the_zone_of_the_campaign():
    assert str(QUESTION.window) == "[2023-04-03T04:00:00Z, 2023-04-06T04:00:00Z)"


def test_terms_come_from_the_campaign_and_from_the_hashtag():
    made = {"news_query": '"Aurora Trail" OR Halvenne', "name": "Aurora", "followed": ["auroratrail"]}
    assert search_terms("boston", **made) == ("Aurora Trail", "Halvenne", "boston")
    assert search_terms("auroratrail", **made) == ("Aurora Trail", "Halvenne")
    assert search_terms("*", **made) == ("Aurora Trail", "Halvenne")
    assert search_terms("*", **(made | {"news_query": None})) == ("Aurora", "auroratrail")


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("auroratrail", "The Aurora Trail is here", True),
        ("AI", "He said so", False),
        ("AI", "New AI model", True),
        ("c++", "learn C++ now", True),
        ("halvenne", "#Halvenne", True),
        ("halvenne", "halvennes", False),
        ("日本", "日本 today", True),
    ],
)
def test_a_mention_is_a_whole_word_whatever_case_and_hyphens(term, text, found):
    assert bool(mentioned([term], text)) == found


def test_a_query_is_cut_by_whole_terms():
    query = as_query([f"term number {n}" for n in range(100)])
    assert len(query) <= 500 and query.endswith('"')


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example.com/a/?utm_source=x&id=4#top", "https://news.example.com/a?id=4"),
        ("https://example.com", "https://example.com/"),
        ("javascript:alert(1)", None),
        ("ftp://example.com/a", None),
        ("https://exa mple.com/a", None),
        ('https://example.com/"onload=x', "https://example.com/%22onload=x"),
        ("http://[bad", None),
        (None, None),
    ],
)
def test_links_are_canonical_and_only_http(url, canonical):
    assert canonical_url(url) == canonical


def test_copies_are_one_article_and_the_earliest_stays():
    copies = [
        article(publishedAt="2023-04-04T12:00:00Z", url="https://example.com/a?utm_medium=rss"),
        article(),
        article(title="ChatGPT is banned - Evening Post", url="https://other.com/b", publishedAt="2023-04-04T11:00:00Z"),
        article(title="Another", url="https://example.com/c"),
    ]
    kept = without_copies(map(parse_article, copies))
    assert {each.title: each.published_at.hour for each in kept} == {"ChatGPT is banned": 10, "Another": 10}
    assert len(kept) == 2


def test_a_wire_story_under_forty_links_is_one_article_that_keeps_count_and_sources():
    """Small changes of the title: other marks, a word more, the publication behind it."""
    titles = [
        "Halvenne recalls 12,000 trail shoes over loose soles",
        "Halvenne recalls 12,000 trail shoes over loose soles - The Courier",
        "HALVENNE RECALLS 12,000 TRAIL SHOES OVER LOOSE SOLES",
        "Shoemaker Halvenne recalls 12,000 trail shoes over loose soles",
    ]
    made = [
        article(title=titles[n % 4], url=f"https://paper{n}.example/{n}", source={"name": f"Paper {n:02}"}, publishedAt=f"2023-04-04T{n % 20:02}:30:00Z")
        for n in range(40)
    ]
    for seed in range(5):
        (kept,) = without_copies(map(parse_article, random.Random(seed).sample(made, 40)))
        assert (kept.copies, len(kept.source_names), kept.published_at.hour, kept.source_name) == (40, 40, 0, "Paper 00"), seed
        assert kept.source_names[:2] == ("Paper 00", "Paper 01")


def test_one_link_twice_is_no_copy_and_a_publication_counts_once():
    made = [article(), article(url="https://example.com/a?utm_source=rss"), article(url="https://example.com/b")]
    (kept,) = without_copies(map(parse_article, made))
    assert (kept.copies, kept.source_names) == (2, ("Daily",))


def test_the_column_of_every_morning_is_another_article_each_morning():
    made = [article(url=f"https://example.com/{day}", publishedAt=f"2023-04-{day:02}T06:00:00Z") for day in (4, 5)]
    assert [each.copies for each in without_copies(map(parse_article, made))] == [1, 1]
    made = [article(url=f"https://example.com/{hour}", publishedAt=at) for hour, at in enumerate(["2023-04-04T23:50:00Z", "2023-04-05T00:20:00Z"])]
    assert [each.copies for each in without_copies(map(parse_article, made))] == [2]


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        ("Chicago selected to host the 2024 Democratic convention", "Chicago to host the 2024 Democratic convention", True),
        ("Valve works on a new puzzle game - 3DNews", "Valve works on a new puzzle game | VGC", True),
        ("Serrano , 24 , found safe and well in Oslo", "Serrano, 24, found safe and well in Oslo", True),
        ("A &amp; B agree to merge by the summer", "A & B agree to merge by the summer", True),
        ("Halvenne recalls 12,000 trail shoes over soles", "Halvenne recalls 14,000 trail shoes over soles", False),
        ("Court finds that Halvenne did know of loose soles", "Court finds that Halvenne did not know of loose soles", False),
        ("Dog of the mayor bites a man in Oslo", "A man in Oslo bites dog of the mayor", False),
        ("Holding contests British sanctions", "Holding contests American sanctions", False),
        ("Live updates", "Live update", False),
        ("!!!", "???", False),
    ],
)
def test_titles_are_near_equal_when_they_tell_the_same_in_nearly_the_same_words(first, second, equal):
    assert are_near_equal(title_words(first), title_words(second)) is equal
    assert are_near_equal(title_words(second), title_words(first)) is equal


def test_copies_found_by_their_rarest_words_are_those_of_comparing_each_with_each():
    """The index leaves comparisons out; it must leave no copy out."""
    seed = 11
    chance = random.Random(seed)
    words = [f"word{letter}" for letter in "abcdefghijklmnop"]
    base = [chance.choices(words, k=chance.randint(5, 12)) for _ in range(40)]
    titles = [" ".join(word for word in chance.choice(base) if chance.random() > 0.06) for _ in range(300)]
    made = [parse_article(article(title=title, url=f"https://example.com/{n}")) for n, title in enumerate(titles) if title]
    kept, counts = [], []
    for each in sorted(made, key=lambda each: each.article_id):
        place = next((place for place, other in enumerate(kept) if are_near_equal(title_words(each.title), title_words(other.title))), None)
        if place is None:
            kept.append(each)
            counts.append(1)
        else:
            counts[place] += 1
    found = without_copies(made)
    assert [(each.article_id, each.copies) for each in found] == [(each.article_id, count) for each, count in zip(kept, counts)], seed
    assert len(found) < 0.6 * len(made)


@pytest.mark.parametrize(
    ("written", "hour"), [("2023-04-04T10:00:00Z", 10), ("2023-04-04T10:00:00", 10), ("2023-04-04 10:00:00", 10), ("2023-04-04T10:00:00+05:00", 5)]
)
def test_a_date_without_a_zone_is_utc(written, hour):
    assert parse_article(article(publishedAt=written)).published_at == datetime(2023, 4, 4, hour, tzinfo=UTC)


def write(tmp_path, *lines):
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return FileNews(file)


def test_removed_and_empty_articles_and_broken_lines_become_dead_letters(tmp_path):
    removed = article(title="[Removed]", url="https://removed.com", publishedAt="1970-01-01T00:00:00")
    source = write(tmp_path, article(), removed, article(title=None), article(publishedAt="soon"), '{"title": "cut', {"x": 1})
    answer = source.search(QUESTION)
    assert [each.title for each in answer.articles] == ["ChatGPT is banned"]
    assert {letter.line: letter.reason for letter in answer.dead_letters} == {
        2: "removed_article",
        3: "null_article",
        4: "bad_timestamp",
        5: "json_error",
        6: "unknown_shape",
    }


def test_a_response_of_the_service_is_read_and_an_empty_one_is_no_error(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"status": "ok", "articles": [article()]}, indent=1))
    (tmp_path / "b.json").write_text("{}")
    assert len(FileNews(tmp_path).search(QUESTION).articles) == 1


def test_a_day_without_news_says_so(tmp_path):
    answer = write(tmp_path, article(publishedAt="2023-05-04T10:00:00Z")).search(QUESTION)
    assert (answer.status, answer.articles) == ("no_articles", ())
    assert "2023-04-03 to 2023-04-05" in answer.reason


def test_a_missing_archive_says_what_to_set(tmp_path):
    with pytest.raises(NewsError, match="PULSE_NEWS_ARCHIVE"):
        FileNews(tmp_path / "none").search(QUESTION)
    with pytest.raises(NewsError, match="PULSE_NEWS_ARCHIVE is not set"):
        make_news_source("archive", Settings())
    with pytest.raises(NewsError, match="no articles"):
        FileNews(Path(__file__)).search(QUESTION)


def test_the_sample_has_the_stories_of_its_events_without_copies():
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))
    source = make_news_source("sample", Settings())
    for event in truth["events"]:
        terms = search_terms("*", news_query='"Aurora Trail" OR Halvenne', name="", followed=[])
        answer = source.search(NewsQuestion("sample", "*", date.fromisoformat(event["day"]), "America/New_York", terms))
        assert event["stories"] <= len(answer.articles) <= event["stories"] + 3
        assert all(each.url is None or each.url.startswith("https://") for each in answer.articles)


def test_requests_are_booked_before_they_are_made_and_never_beyond_the_budget():
    booked = []
    budget = RequestBudget(limit=25, spent=11, book=booked.append)
    for made in range(14):
        budget.take()
        assert booked[-1] >= made + 1
    with pytest.raises(BudgetSpent, match="All 25 requests"):
        budget.take()
    assert (booked, budget.made) == ([10, 14], 14)


def test_what_was_booked_and_not_made_is_taken_back_at_the_end():
    booked = []
    budget = RequestBudget(limit=80, spent=0, book=booked.append)
    for _ in range(3):
        budget.take()
    budget.settle()
    budget.settle()
    assert booked == [10, 3]


def test_a_budget_that_is_spent_or_lowered_books_nothing():
    booked = []
    for spent in (80, 95):
        with pytest.raises(BudgetSpent):
            RequestBudget(limit=80, spent=spent, book=booked.append).take()
    assert booked == []


def test_a_link_with_half_an_emoji_in_it_is_a_link():
    """Its query could not be written, and the UnicodeEncodeError ended the search for news."""
    assert canonical_url("https://example.org/?q=\ud83d&utm_source=x") == "https://example.org/?q=%3F"


def test_a_line_separator_in_a_headline_ends_no_line_of_an_archive(tmp_path):
    """`splitlines` ends a line at U+2028 and U+0085 too: the article was two lines of broken JSON."""
    kept = [article(url="https://example.com/a", title="One\u2028two\x85three"), article(url="https://example.com/b", title="Another")]
    file = tmp_path / "news.jsonl"
    file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in kept), encoding="utf-8")
    assert [each.title for each in FileNews(file).articles()] == ["One\u2028two\x85three", "Another"]


@pytest.mark.parametrize("depth", [250, 985, 100_000])
def test_an_article_nested_too_deeply_is_a_dead_letter_of_its_own(tmp_path, depth):
    file = tmp_path / "news.jsonl"
    deep = json.dumps(article(new="deep")).replace('"deep"', "[" * depth + "]" * depth)
    file.write_text("\n".join([json.dumps(article()), deep]), encoding="utf-8")
    answer = FileNews(file).search(QUESTION)
    assert len(answer.articles) == 1 and [letter.reason for letter in answer.dead_letters] == ["json_error"]


def test_a_damaged_compressed_archive_of_news_is_named(tmp_path):
    file = tmp_path / "news.jsonl.gz"
    whole = gzip.compress(json.dumps(article()).encode())
    for damaged in (whole[:-9], whole[:20] + b"\x00" * 30, b"no gzip"):
        file.write_bytes(damaged)
        with pytest.raises(NewsError, match="news.jsonl.gz cannot be read.*Fetch it again"):
            FileNews(file).articles()
