"""What is made of answers is kept while they are the same, for those who may ask for them, and no longer."""

import pandas as pd
import pytest

from app import data
from app.identity import Identity, NotAllowed, Role
from app.made import MARK, Made, marked
from app.queries import Marts

SOME = Identity("u", "U", Role.ANALYST, frozenset({"mine"}))
OTHER = Identity("o", "O", Role.ANALYST, frozenset({"mine", "theirs"}))
EVERY = Identity("a", "A", Role.ADMIN)

made_of: list[tuple] = []


def total(ask, *asked):
    made_of.append(asked)
    return int(ask("days", *asked)["posts"].sum()) + int(ask("hours", *asked)["posts"].sum())


def double(ask, *asked):
    return 2 * total(ask, *asked)


def no_answer(ask, *asked):
    return asked


class Answers:
    def __init__(self):
        self.asked, self.answers = [], {}

    def __call__(self, *question):
        self.asked.append(question)
        return self.answers.setdefault(question, marked(pd.DataFrame({"posts": [1, 2]})))


@pytest.fixture(autouse=True)
def nothing_made():
    made_of.clear()


def test_it_is_made_once_while_every_answer_is_the_same():
    made, ask = Made(10), Answers()
    assert [made.get(total, ask, None, "c") for _ in range(3)] == [6, 6, 6] and made_of == [("c",)]
    # Each question is asked each time: who may not ask it gets nothing of what was made of it.
    assert ask.asked == 3 * [("days", "c"), ("hours", "c")]
    for question in (("days", "c"), ("hours", "c")):
        ask.answers[question] = marked(pd.DataFrame({"posts": [10, 2]}))
        made.get(total, ask, None, "c")
    assert made.get(total, ask, None, "c") == 24 and len(made_of) == 3


def test_another_function_other_arguments_and_another_reader_are_something_else():
    made, ask = Made(10), Answers()
    assert [made.get(*each) for each in ((total, ask, None, "c"), (double, ask, None, "c"), (total, ask, None, "d"), (total, ask, frozenset("c"), "c"))] == [6, 12, 6, 6]
    assert len(made_of) == 4


def test_what_is_made_of_an_answer_without_a_mark_or_what_failed_is_not_kept():
    made, ask = Made(10), Answers()
    ask.answers["days", "c"] = pd.DataFrame({"posts": [1]})
    assert [made.get(total, ask, None, "c") for _ in range(2)] == [4, 4] and len(made_of) == 2

    def refused(*question):
        raise NotAllowed("no")

    ask.answers["days", "c"] = marked(pd.DataFrame({"posts": [1]}))
    made.get(total, ask, None, "c")
    with pytest.raises(NotAllowed):
        made.get(total, refused, None, "c")
    assert made.get(no_answer, ask, None, "c") == made.get(no_answer, ask, None, "c") == ("c",)


def test_only_so_many_are_kept_and_the_one_that_nobody_wants_goes_first():
    made, ask = Made(2), Answers()
    for campaign in ("a", "b", "a", "c", "a", "b"):
        made.get(total, ask, None, campaign)
    assert made_of == [("a",), ("b",), ("c",), ("b",)]


def test_two_answers_never_have_the_same_mark_and_the_cache_keeps_it():
    import pickle

    one, two = marked(pd.DataFrame({"n": [1]})), marked(pd.DataFrame({"n": [1]}))
    assert one.attrs[MARK] != two.attrs[MARK] and pickle.loads(pickle.dumps(one)).attrs == one.attrs


@pytest.fixture
def marts(monkeypatch):
    rows = {"days": [5], "voices": [1]}
    monkeypatch.setattr(Marts, "days", lambda self, campaign_id, hashtag: pd.DataFrame({"posts": rows["days"]}))
    monkeypatch.setattr(Marts, "voices", lambda self, campaign_id: pd.DataFrame({"campaign_id": ["mine", "theirs"], "posts": [1, 100]}))
    data.forget()
    data._made.cache_clear()
    yield rows
    data.forget()
    data._made.cache_clear()


def posts(ask, campaign_id):
    made_of.append((campaign_id,))
    return int(ask("days", campaign_id, "*")["posts"].sum()) + int(ask("voices", campaign_id)["posts"].sum())


def test_a_reader_gets_nothing_made_of_what_is_not_his(monkeypatch, marts):
    def seen(visitor, campaign_id="mine"):
        monkeypatch.setattr(data, "current_identity", lambda: visitor)
        return data.made(posts, campaign_id)

    # The share of another campaign is in the answer for those alone who may see it.
    assert [seen(EVERY), seen(SOME), seen(OTHER), seen(EVERY), seen(SOME), seen(OTHER)] == [106, 6, 106, 106, 6, 106]
    assert len(made_of) == 3 and seen(EVERY, "theirs") == 106
    with pytest.raises(NotAllowed):
        seen(SOME, "theirs")


def test_it_is_as_new_as_the_answers(monkeypatch, marts):
    monkeypatch.setattr(data, "current_identity", lambda: EVERY)
    assert data.made(posts, "mine") == 106
    marts["days"] = [7]
    assert data.made(posts, "mine") == 106
    data.forget()
    assert data.made(posts, "mine") == 108


def test_a_chart_is_made_once_for_the_same_rows_however_often_they_were_asked_for(monkeypatch):
    from app import charts

    calls = []

    class Chart:
        def to_dict(self, validate):
            return {"mark": "bar"}

    def chart(days, peaks):
        calls.append(len(days))
        return Chart()

    chart.__name__ = "engagement_by_day"
    monkeypatch.setattr(charts, "engagement_by_day", chart)
    rows = pd.DataFrame({"day": [1, 2, 3], "posts": [4, 5, 6]})
    for days in (marked(rows.copy()), marked(rows.copy()), rows[rows["day"] > 1], rows.assign(posts=[4, 5, 7])):
        data.specification(chart, days, ())
    assert calls == [3, 2, 3]
    data._specification.clear()
