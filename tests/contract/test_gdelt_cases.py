"""The news around a peak from GDELT, over real HTTP against the stub: queries, limits, text in place of JSON, broken JSON."""

from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.assets.news import ask, request_row
from orchestration.campaigns import Campaign
from orchestration.news_stub.running import RunningNewsStub
from orchestration.settings import Settings
from orchestration.sources.news.base import NewsError, NewsQuestion, Unanswered
from orchestration.sources.news.choice import make_news_source
from orchestration.sources.news.gdelt import Gdelt, parse_gdelt_article
from orchestration.sources.news.gdelt_calls import SECONDS_APART, GdeltCalls, read, seen_at
from orchestration.sources.news.gdelt_query import LONGEST_QUERY, gdelt_query
from orchestration.sources.values import BadRecord

PEAK_DAY = date(2026, 3, 5)
NOW = datetime(2026, 3, 20, tzinfo=UTC)


def article(number=0, **fields):
    made = {
        "source": {"id": None, "name": f"Paper {number}"},
        "title": f"Halvenne opens trail number {number}, and another",
        "description": "A standfirst.",
        "url": f"https://www.paper{number}.example/a?utm_source=x",
        "publishedAt": "2026-03-05T10:07:31Z",
    }
    return made | fields


def question(*terms, languages=("en",), hashtag="*", day=PEAK_DAY):
    return NewsQuestion("c", hashtag, day, "America/New_York", terms or ("Aurora Trail", "Halvenne"), languages)


class Desk:
    """The source before a running stub whose clock goes on while the source waits."""

    def __init__(self, stub):
        self.stub, self.slept = stub, []
        self.calls = GdeltCalls(stub.url, sleep=self.sleep, clock=lambda: stub.clock.now().timestamp())
        self.source = self.made()

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.stub.clock.advance(seconds)

    def made(self, now=NOW):
        return Gdelt(self.calls, now=lambda: now)

    def search(self, *terms, **how):
        return self.source.search(question(*terms, **how))

    @property
    def statuses(self):
        return [entry["status"] for entry in self.stub.log]


@pytest.fixture(scope="module")
def server():
    with RunningNewsStub() as stub:
        yield stub


@pytest.fixture
def news(server):
    server.renew(now=NOW)
    server.put([article(1), article(2, title="Nothing of it", description="of Halvenne"), article(3, title="Another", description="x")])
    return Desk(server)


def test_headlines_come_with_their_time_domain_and_language_and_without_a_text(news):
    answer = news.search()
    assert (answer.status, answer.query) == ("ok", '("Aurora Trail" OR Halvenne) sourcelang:english')
    first = answer.articles[0]
    assert (first.title, first.source_name, first.language) == ("Halvenne opens trail number 1, and another", "paper1.example", "en")
    assert (first.published_at, first.url) == (datetime(2026, 3, 5, 10, tzinfo=UTC), "https://www.paper1.example/a")
    assert first.description is first.content is None and first.matched_terms == ("Halvenne",)
    (entry,) = news.stub.log
    assert entry["parameters"] == {
        "query": answer.query, "mode": "artlist", "format": "json", "maxrecords": "250", "sort": "hybridrel",
        "startdatetime": "20260304050000", "enddatetime": "20260307045959",
    }  # fmt: skip


def test_an_article_that_names_the_term_in_its_text_alone_is_kept_behind_those_that_say_it_in_the_headline(news):
    assert [(each.title, each.matched_terms) for each in news.search().articles] == [
        ("Halvenne opens trail number 1, and another", ("Halvenne",)),
        ("Nothing of it", ()),
    ]


def test_requests_are_made_so_far_apart_as_the_service_asks(news):
    for day in (3, 4, 5):
        assert news.search(day=date(2026, 3, day)).status in {"ok", "no_articles"}
    waits = [wait for wait in news.slept if wait > 0]
    assert len(waits) == len(news.stub.log) - 1 and all(wait == pytest.approx(SECONDS_APART) for wait in waits)
    assert set(news.statuses) == {200}


def test_the_same_question_of_two_hashtags_is_asked_once(news):
    assert news.search(hashtag="*") == news.search(hashtag="trail") and len(news.stub.log) == 1


@pytest.mark.parametrize("kind", ["gdelt_429", "gdelt_200_limit"])
def test_a_limit_is_waited_for_and_then_puts_off_every_peak(news, kind):
    news.stub.faults.add(kind, nth=1)
    assert news.search().status == "ok" and 20.0 in news.slept
    news.stub.faults.add(kind)
    news.source = news.made()
    answer = news.search()
    assert answer.status == "rate_limited" and "Tried 3 times" in answer.reason
    asked = len(news.stub.log)
    assert news.search(day=date(2026, 3, 6)).status == "rate_limited" and len(news.stub.log) == asked


def test_a_limit_of_gdelt_is_over_by_the_next_run_of_the_same_day(news):
    campaign, peaks = Campaign("c", "C", news_source="gdelt", news_query="Halvenne"), [("c", "*", PEAK_DAY)]
    settings = Settings(gdelt_base_url=news.stub.url, gdelt_clock=NOW)
    stored = [{"campaign_id": "c", "hashtag": "*", "peak_day": PEAK_DAY, "source": "gdelt", "status": "rate_limited", "loaded_at": NOW}]
    assert [answer.status for _, answer in ask(peaks, {"c": campaign}, settings, stored, now=NOW)] == ["ok"]


@pytest.mark.parametrize("kind", ["gdelt_200_busy", "gdelt_503", "gdelt_cut"])
def test_what_heals_is_asked_again_and_then_said(news, kind):
    news.stub.faults.add(kind, nth=1)
    assert news.search().status == "ok" and len(news.stub.log) == 2
    news.stub.faults.add(kind)
    news.source = news.made()
    answer = news.search()
    assert answer.status == "failed" and "Tried 3 times" in answer.reason


def test_an_empty_answer_is_believed_the_second_time(news):
    news.stub.faults.add("gdelt_200_empty", nth=1)
    assert news.search().status == "ok" and len(news.stub.log) == 2
    news.stub.put([])
    news.source = news.made()
    assert news.search().status == "no_articles" and len(news.stub.log) == 4


def test_escapes_that_json_does_not_know_cost_no_article(news):
    news.stub.faults.add("gdelt_bad_escapes")
    answer = news.search()
    assert answer.status == "ok" and len(answer.articles) == 2 and answer.dead_letters == ()
    assert "It\\'s \\x24" in answer.articles[0].title


def test_a_refused_query_is_said_in_the_services_words_and_not_tried_again(news):
    with pytest.raises(Unanswered, match="GDELT refused: Queries containing OR'd terms must be surrounded by") as raised:
        news.calls.articles("one OR two", question().window)
    assert raised.value.status == "failed" and len(news.stub.log) == 1


def test_a_start_before_the_service_begins_is_unavailable_by_its_word(news):
    old = NewsQuestion("c", "*", date(2015, 1, 10), "UTC", ("Halvenne",))
    news.source.reach = timedelta(days=10_000)
    answer = news.source.search(old)
    assert answer.status == "unavailable_plan_window" and "Invalid query start date" in answer.reason and len(news.stub.log) == 1


@pytest.mark.parametrize(("now", "status"), [(datetime(2026, 3, 7, 6, tzinfo=UTC), "too_fresh"), (datetime(2026, 6, 20, tzinfo=UTC), "unavailable_plan_window")])
def test_a_day_that_it_cannot_show_is_not_asked_for(news, now, status):
    news.source = news.made(now=now)
    assert news.search().status == status and news.stub.log == []


@pytest.mark.parametrize("source", ["gdelt", "newsapi"])
def test_a_peak_waits_until_its_window_is_over_is_then_fetched_once_and_never_again(news, source, monkeypatch):
    monkeypatch.setenv("NEWSAPI_KEY", "test-key")
    monkeypatch.setattr("time.sleep", lambda seconds: news.stub.clock.advance(seconds))
    campaign, peaks, stored = Campaign("c", "C", news_source=source, news_query="Halvenne", zone="America/New_York"), [("c", "*", PEAK_DAY)], []
    for at, wanted in [("2026-03-05T23:00", "too_fresh"), ("2026-03-07T04:00", "too_fresh"), ("2026-03-08T20:00", "ok"), ("2026-03-09T20:00", None), ("2026-08-09T20:00", None)]:
        moment = datetime.fromisoformat(f"{at}+00:00")
        news.stub.clock.set(moment)
        settings = Settings(gdelt_base_url=news.stub.url, gdelt_clock=moment, newsapi_base_url=news.stub.url, newsapi_clock=moment)
        answers = [answer for _, answer in ask(peaks, {"c": campaign}, settings, stored, now=moment)]
        assert [answer.status for answer in answers] == ([wanted] if wanted else [])
        if answers:
            stored = [request_row({"campaign_id": "c", "hashtag": "*", "peak_day": PEAK_DAY}, answers[0]) | {"loaded_at": moment}]
    assert len(news.stub.log) == 1


def test_two_hundred_and_fifty_records_are_the_most_and_it_says_so(news):
    words = ["alpha", "bravo", "carol", "delta", "eagle", "fancy"]
    news.stub.put(
        article(n, title=f"Halvenne {words[n % 6]} {n}", url=f"https://p.example/{n}", publishedAt=f"2026-03-05T{n % 24:02}:00:00Z") for n in range(260)
    )
    answer = news.search()
    assert len(answer.articles) == 250 and "250 of them at most" in answer.reason


@pytest.mark.parametrize(
    ("terms", "languages", "text", "left_out"),
    [
        (["halvenne"], [], "halvenne", ()),
        (["Aurora Trail"], ["en"], '"Aurora Trail" sourcelang:english', ()),
        (["Aurora Trail", "halvenne"], ["en", "de"], '("Aurora Trail" OR halvenne) (sourcelang:english OR sourcelang:german)', ()),
        (["AI", "chatgpt"], [], "chatgpt", ("AI",)),
        (["c++", "a b"], ["en"], "", ("c++", "a b")),
        (["wi-fi now"], [], '"wi fi now"', ()),
        (['say "so" (now)'], [], '"say so now"', ()),
    ],
)
def test_a_query_is_written_as_the_service_takes_it(terms, languages, text, left_out):
    made = gdelt_query(terms, languages)
    assert (made.text, made.left_out) == (text, left_out)


def test_a_query_is_cut_by_whole_terms_below_the_length_that_is_refused():
    made = gdelt_query([f"term number {n}" for n in range(60)], ["en"])
    assert len(made.text) <= LONGEST_QUERY and made.text.endswith('") sourcelang:english') and made.left_out[-1] == "term number 59"


def test_words_that_it_does_not_take_are_named_and_nothing_is_asked(news):
    answer = news.search("ai", "c++")
    assert answer.status == "failed" and "ai, c++" in answer.reason and news.stub.log == []
    assert "Not asked for" in news.search("ai", "halvenne").reason


def test_a_language_without_a_name_there_is_not_asked_for(news):
    assert news.search(languages=("tlh",)).status == "unsupported_language" and news.stub.log == []


@pytest.mark.parametrize(
    ("record", "reason"),
    [([], "unknown_shape"), ({"x": 1}, "unknown_shape"), ({"title": "", "url": "https://e.example"}, "null_article"), ({"title": "a", "seendate": "soon"}, "bad_timestamp")],
)
def test_a_record_that_cannot_be_used_says_why(record, reason):
    with pytest.raises(BadRecord) as raised:
        parse_gdelt_article(record)
    assert raised.value.reason == reason


def test_an_article_without_a_usable_link_is_known_by_its_title_domain_and_day():
    record = {"title": "A", "seendate": "20260305T101500Z", "domain": "e.example", "url": "javascript:alert(1)"}
    first, later = parse_gdelt_article(record), parse_gdelt_article(record | {"seendate": "20260305T114500Z"})
    assert first.url is None and first.article_id == later.article_id


@pytest.mark.parametrize(("text", "read_as"), [("20260305T171500Z", datetime(2026, 3, 5, 17, 15, tzinfo=UTC)), ("2026-03-05", None), (None, None)])
def test_the_time_of_sight_is_utc(text, read_as):
    assert seen_at(text) == read_as


def test_escapes_are_mended_and_nothing_else():
    assert read(r'{"articles": [{"title": "a\\b \"c\" é \d \x"}]}') == {"articles": [{"title": 'a\\b "c" é \\d \\x'}]}


def test_an_address_without_tls_and_a_clock_of_the_real_service_are_refused():
    for wrong in ("http://api.gdeltproject.org", "ftp://127.0.0.1", "api.gdeltproject.org"):
        with pytest.raises(NewsError, match="PULSE_GDELT_BASE_URL is .* in clear"):
            make_news_source("gdelt", Settings(gdelt_base_url=wrong))
        with pytest.raises(NewsError, match="in clear"):
            GdeltCalls(wrong).articles("halvenne", question().window)
    with pytest.raises(NewsError, match="PULSE_GDELT_CLOCK"):
        make_news_source("gdelt", Settings(gdelt_clock=NOW))
