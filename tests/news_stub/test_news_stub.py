"""The stub of NewsAPI over HTTP: shapes, validation, plan, queries, faults, log and control."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from orchestration.news_stub.query import QueryError, parse, plain
from orchestration.news_stub.running import RunningNewsStub
from orchestration.news_stub.shelf import from_files, from_sample
from orchestration.settings import REPOSITORY

NOW = datetime(2026, 3, 20, tzinfo=UTC)
HEADERS = {"Authorization": "test-key"}
REAL = REPOSITORY.parent / "shared" / "data" / "newsapi_headlines_2023"


@pytest.fixture(scope="module")
def server():
    with RunningNewsStub() as stub:
        yield stub


@pytest.fixture
def stub(server):
    server.renew(now=NOW)
    server.put(from_sample())
    return server


def ask(stub, headers=HEADERS, **parameters):
    return requests.get(f"{stub.url}/v2/everything", params=parameters, headers=headers, timeout=5)


def test_an_answer_has_exactly_the_services_shape(stub):
    answer = ask(stub, q="Halvenne", pageSize=5)
    body = answer.json()
    assert (answer.status_code, answer.headers["X-Cached-Result"], body.keys()) == (200, "false", {"status", "totalResults", "articles"})
    assert body["status"] == "ok" and len(body["articles"]) == 5 < body["totalResults"]
    for article in body["articles"]:
        assert list(article) == ["source", "author", "title", "description", "url", "urlToImage", "publishedAt", "content"]
        assert article["source"].keys() == {"id", "name"} and article["publishedAt"].endswith("Z")
    times = [article["publishedAt"] for article in body["articles"]]
    assert times == sorted(times, reverse=True)


def test_pages_are_parts_of_one_list(stub):
    whole = ask(stub, q="Halvenne").json()["articles"]
    pages = [ask(stub, q="Halvenne", pageSize=4, page=number).json()["articles"] for number in (1, 2)]
    assert whole[:8] == [*pages[0], *pages[1]]


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({}, 400, "parametersMissing"),
        ({"q": "  "}, 400, "parametersMissing"),
        ({"q": "a", "language": "tr"}, 400, "parameterInvalid"),
        ({"q": "a", "pageSize": "101"}, 400, "parameterInvalid"),
        ({"q": "a", "pageSize": "0"}, 400, "parameterInvalid"),
        ({"q": "a", "pageSize": "²"}, 400, "parameterInvalid"),
        ({"q": "a", "page": "-1"}, 400, "parameterInvalid"),
        ({"q": "a", "sortBy": "newest"}, 400, "parameterInvalid"),
        ({"q": "a", "searchIn": "title,body"}, 400, "parameterInvalid"),
        ({"q": "a", "from": "yesterday"}, 400, "parameterInvalid"),
        ({"q": "a" * 501}, 400, "parameterInvalid"),
        ({"q": '"open'}, 400, "parameterInvalid"),
        ({"sources": ",".join(f"s{number}" for number in range(21))}, 400, "sourcesTooMany"),
        ({"sources": "nobody"}, 400, "sourceDoesNotExist"),
        ({"q": "a", "from": "2026-02-01"}, 426, "parameterInvalid"),
        ({"q": "a", "pageSize": "60", "page": "2"}, 426, "maximumResultsReached"),
    ],
)
def test_what_the_service_refuses_is_refused_with_its_code(stub, parameters, status, code):
    answer = ask(stub, **parameters)
    assert (answer.status_code, answer.json()["status"], answer.json()["code"]) == (status, "error", code)
    assert answer.json()["message"]


def test_the_key_is_asked_for_taken_in_any_place_and_logged_in_none(stub):
    assert ask(stub, {}, q="a").json()["code"] == "apiKeyMissing"
    assert ask(stub, {"X-Api-Key": "real-key"}, q="a").json()["code"] == "apiKeyInvalid"
    for headers, more in (({"Authorization": "Bearer test-key"}, {}), ({"X-Api-Key": "test-key"}, {}), ({}, {"apiKey": "test-key"})):
        assert ask(stub, headers, q="a", **more).status_code == 200
    assert len(stub.log) == 5 and "-key" not in json.dumps(stub.log)


def test_the_developer_plan_hides_the_last_day(stub):
    stub.put(
        {"title": f"{hours} hours old", "publishedAt": f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}", "url": f"https://e.example/{hours}"}
        for hours in (25, 23)
    )
    assert [article["title"] for article in ask(stub, q="hours").json()["articles"]] == ["25 hours old"]


def test_the_developer_plan_allows_fifty_requests_in_half_a_day(stub):
    codes = [ask(stub, q="Halvenne").status_code for _ in range(51)]
    assert codes == [200] * 50 + [429]


def test_the_business_plan_shows_everything_at_once(stub):
    articles = from_sample()
    stub.renew(now=articles[-1].published_at, plan="business")
    assert ask(stub, q="-nothingofthekind", **{"from": "2023-01-01"}).json()["totalResults"] == len(articles)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("bitcoin", "Bitcoin falls", True),
        ("bitcoin", "bitcoins fall", False),
        ('"interest rate"', "the interest-rate rose", True),
        ('"interest rate"', "rate of interest", False),
        ("crypto AND (ethereum OR litecoin) NOT bitcoin", "crypto: litecoin up", True),
        ("crypto AND (ethereum OR litecoin) NOT bitcoin", "crypto: litecoin and bitcoin", False),
        ("crypto AND (ethereum OR litecoin) NOT bitcoin", "litecoin", False),
        ("+crypto -bitcoin", "crypto winter", True),
        ("+crypto -bitcoin", "crypto bitcoin", False),
        ("a b OR c", "c", True),
        ("a b OR c", "a", False),
        ('"Aurora Trail" OR Halvenne', "On the aurora trail", True),
        ("wi-fi", "free wi-fi", True),
        ("-(a OR b)", "c", True),
        ("-(a OR b)", "b", False),
        ('"—"', "anything", False),
    ],
)
def test_queries_match_as_the_service_documents_them(query, text, found):
    assert parse(query).test(plain(text)) is found


@pytest.mark.parametrize("query", ['"open', "(a", "a)", "a OR", "AND a", "NOT", "()"])
def test_a_query_that_is_not_well_formed_says_why(query):
    with pytest.raises(QueryError, match=r"\w"):
        parse(query)


def test_a_phrase_does_not_reach_from_one_field_into_the_next():
    assert not parse('"of it"').test(plain("the end of", "it begins"))


def test_fields_domains_and_titles_narrow_a_search(stub):
    stub.put(
        {"title": title, "description": text, "url": url, "publishedAt": "2026-03-10T10:00:00Z", "content": None, "source": {"id": source, "name": "P"}}
        for title, text, url, source in [
            ("Trail", "about shoes", "https://www.one.example/a", "one"),
            ("Shoes", "on a trail", "https://news.two.example/b", None),
        ]
    )

    def titles(**parameters):
        return [article["title"] for article in ask(stub, **parameters).json()["articles"]]

    assert titles(q="trail", searchIn="title") == titles(qInTitle="trail") == titles(qintitle="trail") == ["Trail"]
    assert titles(q="trail", domains="two.example") == titles(q="trail", excludeDomains="one.example") == ["Shoes"]
    assert titles(sources="one") == ["Trail"]
    assert titles(q="shoes", sortBy="relevancy") == ["Shoes", "Trail"]


def test_faults_strike_the_requests_that_the_script_names(stub):
    script = [{"kind": "429", "nth": 2}, {"kind": "502_html", "nth": 3, "times": 2}]
    assert requests.post(f"{stub.url}/stub/faults", json=script, timeout=5).json() == {"added": 2}
    assert [ask(stub, q="Halvenne").status_code for _ in range(5)] == [200, 429, 502, 502, 200]
    requests.post(f"{stub.url}/stub/faults", json=[{"kind": "500"}], timeout=5)
    assert ask(stub, q="Halvenne").status_code == 500
    requests.delete(f"{stub.url}/stub/faults", timeout=5)
    assert ask(stub, q="Halvenne").status_code == 200
    assert [entry["fault"] for entry in requests.get(f"{stub.url}/stub/log", timeout=5).json()][:3] == [None, "429", "502_html"]


@pytest.mark.parametrize("script", [{"kind": "429"}, [{"kind": "nonsense"}], [{"when": 3}], [3]])
def test_a_script_that_is_none_is_refused(stub, script):
    answer = requests.post(f"{stub.url}/stub/faults", json=script, timeout=5)
    assert answer.status_code == 400 and answer.json()["detail"]


def test_the_clock_is_set_and_moved_over_http(stub):
    requests.post(f"{stub.url}/stub/clock", json={"now": "2026-03-12T00:00:00Z", "advance_seconds": 60}, timeout=5)
    state = requests.get(f"{stub.url}/stub", timeout=5).json()
    assert state["now"] == "2026-03-12T00:01:00+00:00" and state["articles"] == len(stub.desk.shelf)
    assert requests.post(f"{stub.url}/stub/clock", json={"now": "soon"}, timeout=5).status_code == 400


def test_requests_are_written_to_a_file_one_a_line(tmp_path):
    with RunningNewsStub(from_sample(), now=NOW, log_file=tmp_path / "log.jsonl") as stub:
        ask(stub, q="Halvenne", apiKey="test-in-the-address")
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["parameters"] == {"q": "Halvenne"} and "test-" not in line


@pytest.mark.skipif(not REAL.exists(), reason="the real headlines are not here")
def test_real_articles_are_served_as_they_were_received(stub):
    received = {}
    for file in (REAL / "raw_responses").glob("*.json"):
        for record in json.loads(file.read_text(encoding="utf-8")).get("articles", []):
            received.setdefault(record["title"], []).append((record["description"], record["content"], record["url"], record["author"]))
    stub.renew(now=datetime(2023, 4, 20, tzinfo=UTC))
    stub.put(from_files(REAL / "raw_responses"))
    found = ask(stub, q="Trump OR Ukraine OR King").json()["articles"]
    assert len(found) > 20
    assert all((article["description"], article["content"], article["url"], article["author"]) in received[article["title"]] for article in found)


def ask_gdelt(stub, query="Halvenne", **parameters):
    asked = {"query": query, "mode": "artlist", "format": "json", "startdatetime": "20260301000000", "enddatetime": "20260319000000"} | parameters
    stub.clock.advance(5)
    return requests.get(f"{stub.url}/api/v2/doc/doc", params=asked, timeout=5)


def test_gdelt_is_answered_without_a_key_in_exactly_its_shape(stub):
    answer = ask_gdelt(stub, maxrecords=5)
    assert answer.status_code == 200 and list(answer.json()) == ["articles"] and len(answer.json()["articles"]) == 5
    for article in answer.json()["articles"]:
        assert list(article) == ["url", "url_mobile", "title", "seendate", "socialimage", "domain", "language", "sourcecountry"]
        assert datetime.strptime(article["seendate"], "%Y%m%dT%H%M%SZ").minute % 15 == 0
    assert ask_gdelt(stub, "nobodywritesofit").text == "{}"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Your query was too short or too long."),
        ("a" * 251, "Your query was too short or too long."),
        ("halvenne OR aurora", "Queries containing OR'd terms must be surrounded by ()."),
        ("(halvenne)", "Parentheses may only be used around OR'd statements."),
        ('"AI"', "The specified phrase is too short."),
        ("ai", "One or more of your keywords were too short"),
        ("halvenne sourcelang:klingon", "Invalid/Unsupported Language."),
    ],
)
def test_gdelt_refuses_with_200_and_a_line_of_text(stub, query, said):
    answer = ask_gdelt(stub, query)
    assert answer.status_code == 200 and answer.text.startswith(said)


def test_gdelt_takes_one_request_in_five_seconds(stub):
    assert ask_gdelt(stub).status_code == 200
    soon = requests.get(f"{stub.url}/api/v2/doc/doc", params={"query": "Halvenne"}, timeout=5)
    assert soon.status_code == 429 and "one every 5 seconds" in soon.text
    assert ask_gdelt(stub).status_code == 200


def test_gdelt_begins_in_2017(stub):
    assert ask_gdelt(stub, startdatetime="20161231000000").text == "Invalid query start date."
