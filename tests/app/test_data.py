"""Each question is allowed before the cache that all visitors share."""

import pandas as pd
import pytest

from app import data
from app.identity import Identity, NotAllowed, Role
from app.queries import Marts

SOME = Identity("u", "U", Role.ANALYST, frozenset({"mine"}))
EVERY = Identity("a", "A", Role.ADMIN)


def test_every_question_is_about_a_campaign_or_named_as_one_about_all():
    """A new question whose first argument is no campaign fails here until somebody has thought about who may see its rows."""
    questions = {name for name in dir(Marts) if not name.startswith("_")}
    assert questions == data.OF_A_CAMPAIGN | data.OF_ALL_CAMPAIGNS and not data.OF_A_CAMPAIGN & data.OF_ALL_CAMPAIGNS


def test_a_campaign_that_is_not_granted_is_refused_as_one_that_is_none():
    said = set()
    for question in data.OF_A_CAMPAIGN:
        data.allow(SOME, question, ("mine", "*"))
        data.allow(EVERY, question, ("theirs",))
        for arguments in (("theirs", "*"), ("nonexistent",), (), (None,)):
            with pytest.raises(NotAllowed) as refused:
                data.allow(SOME, question, arguments)
            said.add(str(refused.value))
    assert len(said) == 1


def test_a_question_that_nobody_has_thought_about_gets_no_answer():
    for question in ("_frame", "__init__", "everything", "_names"):
        with pytest.raises(NotAllowed):
            data.allow(EVERY, question, ("mine",))


def test_rows_of_other_campaigns_are_left_out():
    answer = pd.DataFrame({"campaign_id": ["theirs", "mine"], "used": [1, 2]})
    assert data.seen_by(SOME, answer).to_dict("list") == {"campaign_id": ["mine"], "used": [2]}
    assert data.seen_by(EVERY, answer) is answer
    assert len(data.seen_by(SOME, pd.DataFrame({"day": [1]}))) == 1


def test_what_one_visitor_loaded_another_does_not_get_from_the_cache(monkeypatch):
    asked = []
    monkeypatch.setattr(Marts, "words", lambda self, campaign_id, hashtag: asked.append(campaign_id) or pd.DataFrame({"word": ["secret"]}))
    data.forget()
    monkeypatch.setattr(data, "current_identity", lambda: EVERY)
    assert data.load("words", "theirs", "*")["word"].tolist() == ["secret"]
    monkeypatch.setattr(data, "current_identity", lambda: SOME)
    with pytest.raises(NotAllowed):
        data.load("words", "theirs", "*")
    assert asked == ["theirs"]
    data.forget()


def test_ahead_nothing_is_asked_that_the_visitor_may_not_load(monkeypatch):
    asked = []
    monkeypatch.setattr(Marts, "words", lambda self, campaign_id, hashtag: asked.append(campaign_id) or pd.DataFrame({"word": ["known"]}))
    data.forget()
    monkeypatch.setattr(data, "current_identity", lambda: SOME)
    data.ahead(("words", "theirs", "*"), ("_frame", "mine"), ("words", "mine", "*"))
    assert data.load("words", "mine", "*")["word"].tolist() == ["known"]
    assert asked == ["mine"]
    # Nor does somebody else's asking ahead open it.
    monkeypatch.setattr(data, "current_identity", lambda: EVERY)
    data.ahead(("words", "theirs", "*"))
    monkeypatch.setattr(data, "current_identity", lambda: SOME)
    with pytest.raises(NotAllowed):
        data.load("words", "theirs", "*")
    # What is still asked when a test ends is asked of the real warehouse, in the home of the person who runs it.
    monkeypatch.setattr(data, "current_identity", lambda: EVERY)
    assert data.load("words", "theirs", "*")["word"].tolist() == ["known"]
    assert asked == ["mine", "theirs"]
    data.forget()


def test_without_a_visitor_nothing_is_loaded():
    from app.auth.current import NotSignedIn

    with pytest.raises(NotSignedIn):
        data.load("campaigns")
    with pytest.raises(NotSignedIn):
        data.ahead(("words", "c", "*"))
