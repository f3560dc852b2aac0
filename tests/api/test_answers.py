"""What is kept, for whom and for how long."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from app.api.answers import Ask, _is_known
from app.api.questions import Questions
from orchestration.warehouse.errors import WarehouseUnreachable
from tests.api.conftest import ANSWERS


def count(api, question: str) -> int:
    return sum(name == question for name, _ in api.questions.asked)


def test_a_question_is_asked_of_the_warehouse_once(api):
    first, again = api.ask("cards?campaign=one"), api.ask("cards?campaign=one&hashtag=*")
    assert first.text == again.text and count(api, "days") == 1
    # Another address of the same rows asks nothing either.
    api.ask("series?campaign=one")
    assert count(api, "days") == 1 and count(api, "campaigns") == 1


def test_an_answer_that_has_not_changed_is_not_sent_again(api):
    first = api.ask("cards?campaign=one")
    etag = first.headers["etag"]
    assert etag.startswith('"20260317T060412000000-') and first.headers["cache-control"] == "private, no-cache"
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = api.ask("cards?campaign=one", **{"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert api.ask("cards?campaign=one", **{"If-None-Match": '"other"'}).status_code == 200
    assert not _is_known(etag, None) and not _is_known(etag, "")


def test_newer_data_throw_away_what_is_kept(open_api, monkeypatch):
    monkeypatch.setattr("app.api.answers.VERSION_SECONDS", 0.0)
    api = open_api()
    api.api.state.answers._version_seconds = 0.0
    before = api.ask("cards?campaign=one")
    days = ANSWERS["days"] | {"engagement": [100, 999]}
    api.questions.answers = api.questions.answers | {"days": days, "version": "20260317T070000000000"}
    after = api.ask("cards?campaign=one", **{"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200 and after.headers["x-data-version"] == "20260317T070000000000"
    values = {row["measure"]: row["value"] for row in after.json()["data"]}
    assert (values["posts"], values["engagement"], values["peak_day"]) == (70, 1099, "2026-03-06")


def test_without_newer_data_an_answer_is_a_minute_old_at_most(api):
    """Labels of people change what is said of sentiment without a run: the etag moves with the answer."""
    answers = api.api.state.answers
    before = api.ask("sentiment?campaign=one")
    api.questions.answers = api.questions.answers | {"sentiment": ANSWERS["sentiment"] | {"negative": [10, 15], "neutral": [45, 50]}}
    assert api.ask("sentiment?campaign=one").text == before.text
    answers._seconds = 0.0
    assert api.ask("sentiment?campaign=one").headers["etag"] != before.headers["etag"]


def test_callers_who_ask_the_same_at_once_wait_for_one_answer(open_api):
    asked = []

    def slow(*arguments):
        asked.append(threading.get_ident())
        time.sleep(0.5)
        return pd.DataFrame(ANSWERS["days"])

    api = open_api(days=slow)
    api.ask("campaigns")
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda _: api.ask("cards?campaign=one"), range(8)))
    assert {answer.status_code for answer in answers} == {200} and len(asked) == 1


def test_a_lost_connection_is_opened_anew_once(open_api):
    lost = [WarehouseUnreachable("gone")]

    def flaky(*arguments):
        if lost:
            raise lost.pop()
        return pd.DataFrame(ANSWERS["days"])

    assert open_api(days=flaky).ask("cards?campaign=one").status_code == 200


def test_an_error_is_not_kept(open_api):
    api = open_api(days=RuntimeError("once"))
    assert api.ask("cards?campaign=one").status_code == 500
    api.questions.answers = api.questions.answers | {"days": ANSWERS["days"]}
    assert api.ask("cards?campaign=one").status_code == 200


def test_kept_answers_are_bounded_by_their_bytes(open_api, monkeypatch):
    monkeypatch.setattr("app.api.answers.MOST_BYTES", 5_000)
    api = open_api()
    for most in range(1, 40):
        api.ask(f"words?campaign=one&most={most}")
    assert sum(len(answer.body) for answer in api.api.state.answers._bodies.values()) <= 5_000


def test_every_thread_has_a_connection_of_its_own():
    """A warehouse client is not for several threads at once."""
    from app.api.answers import THREADS, Answers

    opened, barrier = [], threading.Barrier(THREADS)

    class Slow(Questions):
        def __init__(self):
            opened.append(threading.get_ident())

        def campaigns(self):
            barrier.wait(10)
            return pd.DataFrame()

    answers = Answers(Slow)
    futures = [answers._pool.submit(Ask(answers, str(number)), "campaigns") for number in range(THREADS)]
    for future in futures:
        future.result(10)
    assert len(set(opened)) == THREADS == len(opened)
    answers.close()
