"""The queue before the models, with a process in their place that is quick, slow, dead or wrong."""

import asyncio
import json
import sys
import textwrap
import time

import pytest

from app.api.desk import TURN, Desk, Models
from app.api.problems import ApiError


def models(body: str, seconds: float = 20.0) -> Models:
    """A process that answers each line by `answer(asked)`."""
    program = (
        f"import json, sys, time, os\n{textwrap.dedent(body)}\nfor line in sys.stdin:\n    print(json.dumps(answer(json.loads(line))), flush=True)"
    )
    return Models((sys.executable, "-c", program), seconds)


ECHO = "def answer(asked): return {'model_id': 'm', 'model_revision': '1', 'code_version': '1', 'results': [{'text': text} for text, _ in asked['texts']]}"
SLOW = ECHO.replace("def answer(asked): ", "def answer(asked):\n    time.sleep(0.3)\n    ")


@pytest.fixture
def desk():
    opened = []

    def open_one(body: str, *, most: int = 8, seconds: float = 60.0, turn_seconds: float = 20.0) -> Desk:
        opened.append(Desk(models(body, turn_seconds), most=most, seconds=seconds))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def texts(number: int, name: str = "t") -> list[tuple[str, None]]:
    return [(f"{name}{each}", None) for each in range(number)]


def test_answers_are_in_the_order_of_the_texts_whatever_the_turns(desk):
    answer = asyncio.run(desk(ECHO).answer("sentiment", texts(3 * TURN + 1)))
    assert [result["text"] for result in answer["results"]] == [text for text, _ in texts(3 * TURN + 1)]
    assert answer["model_id"] == "m"


def test_a_short_request_does_not_wait_for_the_whole_of_a_long_one(desk):
    one = desk(SLOW)

    async def both() -> list[str]:
        order = []

        async def ask(name: str, number: int, after: float) -> None:
            await asyncio.sleep(after)
            await one.answer("sentiment", texts(number, name))
            order.append(name)

        await asyncio.gather(ask("long", 5 * TURN, 0), ask("short", 1, 0.1))
        return order

    assert asyncio.run(both()) == ["short", "long"]


def test_the_event_loop_goes_on_while_the_models_work(desk):
    one = desk(SLOW.replace("0.3", "2"))

    async def ticks() -> float:
        work = asyncio.create_task(one.answer("sentiment", texts(1)))
        longest, since = 0.0, time.perf_counter()
        while not work.done():
            await asyncio.sleep(0.01)
            longest, since = max(longest, time.perf_counter() - since), time.perf_counter()
        return longest

    # The turn sleeps for 2 s; a loop that waited for it would tick later than that.
    assert asyncio.run(ticks()) < 1.5


def test_a_full_queue_says_when_to_come_again(desk):
    one = desk(SLOW, most=2)

    async def three() -> list:
        return await asyncio.gather(*(one.answer("sentiment", texts(1)) for _ in range(3)), return_exceptions=True)

    *answered, refused = asyncio.run(three())
    assert all("results" in answer for answer in answered)
    assert isinstance(refused, ApiError) and refused.status == 429 and int(refused.headers["Retry-After"]) >= 1
    assert asyncio.run(one.answer("sentiment", texts(1)))["results"], "the queue is empty again"


def test_who_waits_too_long_is_told_so_and_the_next_one_gets_its_own_answer(desk):
    one = desk(SLOW, seconds=0.1)

    async def late_then_next() -> dict:
        with pytest.raises(ApiError) as error:
            await one.answer("sentiment", texts(1, "late"))
        assert error.value.status == 503 and "Retry-After" in error.value.headers
        one._seconds = 60.0
        return await one.answer("sentiment", texts(1, "next"))

    assert [result["text"] for result in asyncio.run(late_then_next())["results"]] == ["next0"]


def test_a_turn_that_takes_too_long_ends_the_process_and_the_next_one_is_new(desk):
    one = desk(
        f"{ECHO}\necho = answer\ndef answer(asked):\n    if asked['texts'][0][0] == 'stuck0': time.sleep(60)\n    return echo(asked)",
        turn_seconds=3.0,
    )
    with pytest.raises(ApiError) as error:
        asyncio.run(one.answer("sentiment", texts(1, "stuck")))
    assert error.value.status == 503 and error.value.kind == "models-failed"
    assert asyncio.run(one.answer("sentiment", texts(1)))["results"] == [{"text": "t0"}]


def test_a_process_that_dies_is_started_again(desk):
    one = desk(f"{ECHO}\necho = answer\ndef answer(asked):\n    if asked['texts'][0][0] == 'dies0': os._exit(9)\n    return echo(asked)")
    with pytest.raises(ApiError):
        asyncio.run(one.answer("sentiment", texts(1, "dies")))
    assert asyncio.run(one.answer("sentiment", texts(1)))["results"] == [{"text": "t0"}]


def test_a_model_that_cannot_be_used_is_an_error_of_ours_without_its_inside(desk, caplog):
    one = desk("def answer(asked): return {'error': 'the folder /secret/model is damaged'}")
    with pytest.raises(ApiError) as error:
        asyncio.run(one.answer("sentiment", texts(1)))
    assert "secret" not in error.value.detail and error.value.reference in caplog.text and "/secret/model is damaged" in caplog.text


def test_nothing_is_started_before_the_first_text_and_nothing_is_left_at_the_end(desk):
    one = desk(ECHO)
    assert one.models._process is None
    asyncio.run(one.answer("sentiment", texts(1)))
    process = one.models._process
    one.close()
    assert process.poll() is not None and one.models._process is None


def test_what_is_asked_over_http_goes_through_the_desk(open_api):
    body = "def answer(asked): return {'model_id': 'm', 'model_revision': '1', 'code_version': '1', 'results': [{'label': 'not_scored', 'reason': str(language), 'p_negative': None, 'p_neutral': None, 'p_positive': None} for _, language in asked['texts']]}"  # fmt: skip
    api = open_api(models=models(body))
    answer = api.post(
        "/api/v1/sentiment", json={"texts": [{"text": "a", "language": "fr"}, {"text": "b"}]}, headers={"Authorization": "Bearer granted"}
    )
    assert [row["reason"] for row in answer.json()["data"]] == ["fr", "None"] and answer.json()["model_id"] == "m"
    assert json.loads(answer.text)["code_version"] == "1"
