"""Contract cases 48 to 60: the news around a peak over real HTTP, against the stub of NewsAPI."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest

from orchestration.assets.news import ask, daily_budget, request_row
from orchestration.campaigns import Campaign
from orchestration.news_stub.running import RunningNewsStub
from orchestration.settings import Settings
from orchestration.sources.news.base import NewsError, NewsQuestion
from orchestration.sources.news.choice import make_news_source
from orchestration.sources.news.newsapi import PLANS, NewsApi
from orchestration.sources.news.newsapi_calls import NewsApiCalls
from orchestration.sources.news.transport import checked_address

KEY = "test-a-key-that-nobody-may-read"
PEAK_DAY = date(2023, 4, 4)
NOW = datetime(2023, 4, 10, tzinfo=UTC)


def article(number=0, **fields):
    made = {
        "source": {"id": None, "name": f"Paper {number}"},
        "author": "Ann",
        "title": f"ChatGPT is banned, part {number}",
        "description": "A standfirst.",
        "url": f"https://example.com/{number}",
        "urlToImage": None,
        "publishedAt": "2023-04-04T10:00:00Z",
        "content": "The start… [+12 chars]",
    }
    return made | fields


def question(hashtag="chatgpt", zone="UTC", languages=("en",)):
    return NewsQuestion("c", hashtag, PEAK_DAY, zone, (hashtag,), languages)


class NewsDesk:
    """The product's source before a running stub, and the waits that it would have made."""

    def __init__(self, stub):
        self.stub, self.slept = stub, []
        self.source = self.made()

    def made(self, plan="developer", timeout=None, budget=None, now=NOW):
        calls = NewsApiCalls(self.stub.url, budget, lambda: now, self.slept.append, timeout=timeout)
        return NewsApi(calls, PLANS[plan], lambda: now)

    def search(self, asked=None):
        return self.source.search(asked or question())

    def holds(self, *articles):
        self.stub.put(articles)

    @property
    def parameters(self):
        return [entry["parameters"] for entry in self.stub.log]

    def settings(self, **more):
        """The settings of a campaign whose news come from the stub, at its time."""
        return Settings(newsapi_base_url=self.stub.url, newsapi_clock=NOW, **more)


@pytest.fixture(scope="module")
def server():
    with RunningNewsStub() as stub:
        yield stub


@pytest.fixture
def news(server, monkeypatch):
    monkeypatch.setenv("NEWSAPI_KEY", KEY)
    server.renew(now=NOW)
    desk = NewsDesk(server)
    desk.holds(article(1), article(2), article(3, title="Nothing of it", description=None, content=None))
    return desk


def test_case_48_news_ok(news):
    news.holds(article(1), article(1), article(2, publishedAt="2023-04-02T23:59:59Z"), article(3, title="Other", description="x", content="x"))
    answer = news.search()
    assert (answer.status, [each.title for each in answer.articles]) == ("ok", ["ChatGPT is banned, part 1"])
    (asked,) = news.parameters
    wanted = {"q": '"chatgpt"', "language": "en", "sortBy": "relevancy", "pageSize": "100", "page": "1"}
    assert asked == wanted | {"from": "2023-04-03T00:00:00", "to": "2023-04-05T23:59:59"}
    assert answer.articles[0].matched_terms == ("chatgpt",) and answer.articles[0].language == "en"


def test_case_48b_a_day_without_news_is_an_answer(news):
    answer = news.search(question("nobodywritesofit"))
    assert (answer.status, answer.articles) == ("no_articles", ()) and len(news.parameters) == 1


def test_case_48c_articles_of_other_days_are_left_out(news):
    news.stub.faults.add("articles_outside")
    assert {each.published_at.date() for each in news.search().articles} == {PEAK_DAY}


def test_case_48d_two_peaks_that_ask_the_same_cost_one_request(news):
    same = [news.search(NewsQuestion("c", hashtag, PEAK_DAY, "UTC", ("chatgpt",), ("en",))) for hashtag in ("*", "chatgpt")]
    assert same[0] == same[1] and len(news.stub.log) == 1
    news.search(NewsQuestion("c", "*", PEAK_DAY + timedelta(days=1), "UTC", ("chatgpt",), ("en",)))
    assert len(news.stub.log) == 2


@pytest.mark.parametrize("kind", ["200_error", "200_error_and_articles", "200_empty", "200_list"])
def test_case_49_a_200_without_articles_is_no_success(news, kind):
    news.stub.faults.add(kind)
    answer = news.search()
    assert (answer.status, answer.articles) == ("failed", ()) and "Tried 3 times" in answer.reason
    assert len(news.stub.log) == 3 and len(news.slept) == 2


def test_case_49b_an_empty_answer_heals(news):
    news.stub.faults.add("200_empty", nth=1)
    assert news.search().status == "ok" and len(news.stub.log) == 2


@pytest.mark.parametrize("kind", ["401", "401_disabled"])
def test_case_50_a_refused_key_is_not_tried_again_and_is_in_no_log(news, kind, caplog):
    news.stub.faults.add(kind)
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            with pytest.raises(NewsError, match="refuses the key .*NEWSAPI_KEY") as raised:
                news.search()
            assert KEY not in str(raised.value)
    assert len(news.stub.log) == 1 and news.slept == []
    assert "/v2/everything" in caplog.text and KEY not in caplog.text and KEY not in str(news.stub.log)


def test_case_50b_a_key_that_is_no_test_key_is_refused_by_the_stub(news, monkeypatch):
    monkeypatch.setenv("NEWSAPI_KEY", "0123456789abcdef0123456789abcdef")
    with pytest.raises(NewsError, match="apiKeyInvalid"):
        news.search()


def test_case_50c_no_key_asks_nothing(news, monkeypatch):
    monkeypatch.delenv("NEWSAPI_KEY")
    with pytest.raises(NewsError, match="NEWSAPI_KEY is not set"):
        news.search()
    assert news.stub.log == []


@pytest.mark.parametrize("kind", ["429", "401_exhausted"])
def test_case_51_a_limit_puts_off_every_peak_to_the_next_day(news, kind):
    news.stub.faults.add(kind)
    campaign, peaks = Campaign("c", "C", news_source="newsapi", languages=("en",)), [("c", "chatgpt", PEAK_DAY), ("c", "ai", PEAK_DAY)]
    answers = [answer for _, answer in ask(peaks, {"c": campaign}, news.settings(), [])]
    assert [answer.status for answer in answers] == ["rate_limited"] * 2 and "from 2023-04-11 (UTC) on" in answers[0].reason
    assert len(news.stub.log) == 1 and news.slept == []
    stored = [
        request_row({"campaign_id": "c", "hashtag": tag, "peak_day": day}, answer) | {"loaded_at": NOW}
        for (_, tag, day), answer in zip(peaks, answers)
    ]
    news.stub.faults.clear()

    def asked_at(moment):
        return list(ask(peaks, {"c": campaign}, news.settings(), stored, now=moment))

    assert asked_at(NOW + timedelta(hours=23)) == [] and len(news.stub.log) == 1
    assert [answer.status for _, answer in asked_at(NOW + timedelta(hours=24))] == ["ok", "no_articles"]


def test_case_51b_the_limits_of_the_plan_are_those_of_the_service(news):
    for _ in range(50):
        assert news.made().search(question()).status == "ok"
    assert news.search().status == "rate_limited"
    news.stub.clock.advance(12 * 3600)
    for _ in range(50):
        assert news.made().search(question()).status == "ok"
    news.stub.clock.advance(11 * 3600)
    assert news.made().search(question()).status == "rate_limited"
    news.stub.clock.advance(3600 + 1)
    assert news.made().search(question()).status == "ok"


def test_case_52_too_many_results_keep_page_1(news):
    news.holds(*(article(number) for number in range(130)))
    news.source = news.made(plan="business")
    answer = news.search()
    assert (answer.status, len(answer.articles)) == ("ok", 100)
    assert "Only the first 100 results" in answer.reason and "maximumResultsReached" in answer.reason
    assert [entry["status"] for entry in news.stub.log] == [200, 426]


def test_case_52b_the_developer_plan_asks_for_one_page_only(news):
    news.holds(*(article(number) for number in range(130)))
    assert len(news.search().articles) == 100 and len(news.stub.log) == 1


def test_case_52c_a_plan_that_shows_more_is_read_to_its_end(news):
    news.stub.renew(now=NOW, plan="business")
    news.holds(*(article(number) for number in range(130)))
    news.source = news.made(plan="business")
    assert len(news.search().articles) == 130 and len(news.stub.log) == 2


def test_case_53_a_day_too_old_is_unavailable_by_the_services_word(news):
    news.stub.clock.set(NOW + timedelta(days=40))
    answer = news.search()
    assert answer.status == "unavailable_plan_window" and "too far in the past" in answer.reason
    assert [entry["status"] for entry in news.stub.log] == [426] and news.slept == []


@pytest.mark.parametrize(("now", "status"), [(datetime(2023, 4, 6, tzinfo=UTC), "too_fresh"), (datetime(2023, 6, 1, tzinfo=UTC), "unavailable_plan_window")])
def test_case_53b_a_day_outside_the_plan_is_not_asked_for(news, now, status):
    news.source = news.made(now=now)
    assert news.search().status == status and news.stub.log == []


@pytest.mark.parametrize(("kind", "reason"), [("removed_articles", "removed_article"), ("null_articles", "null_article")])
def test_case_54_withdrawn_and_empty_articles_are_dead_letters_and_the_others_kept(news, kind, reason):
    news.stub.faults.add(kind)
    answer = news.search()
    assert (answer.status, len(answer.articles), [letter.reason for letter in answer.dead_letters]) == ("ok", 2, [reason])


def test_case_55_an_article_without_description_or_content_is_kept(news):
    news.stub.faults.add("null_fields")
    assert [(each.description, each.content, each.author) for each in news.search().articles] == [(None, None, None)] * 2


def test_case_56_times_with_a_zone_are_converted_to_utc(news):
    assert news.search(question(zone="Asia/Kolkata")).status == "ok"
    (asked,) = news.parameters
    assert (asked["from"], asked["to"]) == ("2023-04-02T18:30:00", "2023-04-05T18:29:59")


def test_case_57_a_502_of_html_heals_or_fails_and_is_asked_again(news):
    news.stub.faults.add("502_html", nth=1, times=2)
    assert news.search().status == "ok" and len(news.slept) == 2
    news.stub.faults.add("502_html")
    news.source = news.made()
    answer = news.search()
    assert answer.status == "failed" and "Tried 3 times" in answer.reason and len(news.stub.log) == 6
    news.search(question("another"))
    assert len(news.stub.log) == 6, "a service that is down is not asked for every peak"


@pytest.mark.parametrize("kind", ["500", "200_html"])
def test_case_57b_other_outages_heal_too(news, kind):
    news.stub.faults.add(kind, nth=1)
    assert news.search().status == "ok" and len(news.slept) == 1


def test_case_57c_a_silent_socket_ends_and_is_tried_again(news):
    news.stub.faults.add("stall", nth=1, seconds=1.5)
    news.source = news.made(timeout=(1.0, 0.3))
    assert news.search().status == "ok" and len(news.slept) == 1


def test_case_58_the_budget_stops_before_the_call_and_the_next_day_goes_on(news, warehouse):
    campaign = Campaign("c", "C", news_source="newsapi", languages=("en",))
    peaks = [("c", f"tag{number}", PEAK_DAY) for number in range(5)]
    settings = news.settings(newsapi_daily_budget=12)

    def run(run_id, now=None):
        budget = daily_budget(warehouse, settings, run_id, now)
        answers = list(ask(peaks, {"c": campaign}, settings, [], budget=budget))
        budget.settle()
        return [answer.status for _, answer in answers], answers[-1][1].reason

    assert run("first")[0] == run("second")[0] == ["no_articles"] * 5
    assert run("third")[0] == ["no_articles"] * 2 + ["budget_spent"] * 3
    statuses, reason = run("fourth")
    assert statuses == ["budget_spent"] * 5 and "PULSE_NEWSAPI_DAILY_BUDGET" in reason
    assert len(news.stub.log) == 12
    stored = [{"campaign_id": "c", "hashtag": "tag4", "peak_day": PEAK_DAY, "source": "newsapi", "status": "budget_spent"}]
    tomorrow = datetime.now(UTC) + timedelta(hours=24, minutes=1)
    budget = daily_budget(warehouse, settings, "tomorrow", tomorrow)
    ((_, answer),) = ask(peaks[4:], {"c": campaign}, settings, stored, budget=budget)
    assert answer.status == "no_articles" and (budget.spent, budget.made) == (0, 1)
    assert daily_budget(warehouse, Settings(), "usual").limit == 80


def test_case_58b_a_killed_run_forgets_no_request_and_each_try_counts(news, warehouse):
    """A retry within one run once overwrote what its first attempt had booked."""
    before = daily_budget(warehouse, Settings(newsapi_daily_budget=1_000), "look").spent
    killed = daily_budget(warehouse, Settings(newsapi_daily_budget=1_000), "killed")
    news.stub.faults.add("502_html", nth=1, times=2)
    assert news.made(budget=killed).search(question()).status == "ok" and killed.made == 3
    again = daily_budget(warehouse, Settings(newsapi_daily_budget=1_000), "killed")
    assert 3 <= again.spent - before <= 10
    again.take()
    again.settle()
    assert daily_budget(warehouse, Settings(newsapi_daily_budget=1_000), "look").spent == again.spent + 1


@pytest.mark.parametrize("languages", [("uk",), ("uk", "tr")])
def test_case_59_a_language_the_service_does_not_know_is_skipped_before_the_call(news, languages):
    answer = news.search(question(languages=languages))
    assert answer.status == "unsupported_language" and "uk" in answer.reason and news.stub.log == []


@pytest.mark.parametrize(("languages", "sent"), [((), None), (("uk", "pt-BR"), "pt"), (("iw",), "he"), (("en", "de"), None)])
def test_case_59b_the_one_language_that_is_known_is_asked_for(news, languages, sent):
    news.search(question(languages=languages))
    assert news.parameters[0].get("language") == sent


def test_case_60_a_remote_address_without_tls_is_refused(monkeypatch):
    monkeypatch.setenv("NEWSAPI_KEY", KEY)
    for wrong in ("http://newsapi.org", "http://10.0.0.1:8091", "ftp://127.0.0.1", "newsapi.org", "http://127.0.0.1.evil.example"):
        with pytest.raises(NewsError, match="PULSE_NEWSAPI_BASE_URL is .* in clear"):
            NewsApi(NewsApiCalls(wrong), now=lambda: NOW).search(question())
        with pytest.raises(NewsError, match="in clear"):
            make_news_source("newsapi", Settings(newsapi_base_url=wrong))
    for right in ("https://newsapi.org", "http://127.0.0.1:8091", "http://localhost:1", "http://[::1]:8091"):
        assert checked_address(right) == right


def test_case_60b_the_clock_of_a_stub_is_refused_for_the_real_service():
    with pytest.raises(NewsError, match="PULSE_NEWSAPI_CLOCK"):
        make_news_source("newsapi", Settings(newsapi_base_url="https://newsapi.org", newsapi_clock=NOW))


def test_case_60c_a_redirect_is_not_followed_with_the_key(monkeypatch):
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    monkeypatch.setenv("NEWSAPI_KEY", KEY)
    seen = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(302)
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        calls = NewsApiCalls(f"http://127.0.0.1:{server.server_port}", sleep=lambda seconds: None)
        assert NewsApi(calls, now=lambda: NOW).search(question()).status == "failed"
    finally:
        server.shutdown()
        server.server_close()
    assert seen and all(path.startswith("/v2/everything") for path in seen)
