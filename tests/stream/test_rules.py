"""Rules of the stream: planned purely, brought to X over real HTTP against the stub."""

from datetime import date

import pytest

from orchestration.campaigns import Campaign
from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import BadQuery
from orchestration.sources.x.metering import Unlimited
from orchestration.stream.rules import Existing, Rule, book_of, existing_rules, plan, stream_query, synchronise, wanted
from orchestration.x_stub.running import RunningStub
from tests.contract.conftest import START, TOKEN


def campaign(campaign_id, query=None, **fields):
    return Campaign(campaign_id, campaign_id.title(), query=query, source=fields.pop("source", "x_stream"), **fields)


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    with RunningStub([], now=START, limits=False) as stub:
        yield XClient(stub.url, Unlimited(), sleep=lambda _: None)


def shown(client):
    return {(rule.value, rule.tag) for rule in existing_rules(client)}


def test_only_campaigns_that_stream_today_are_wanted():
    campaigns = [
        campaign("on", "#on", start_day=date(2026, 3, 1), end_day=date(2026, 3, 2)),
        campaign("over", "#over", end_day=date(2026, 3, 1)),
        campaign("later", "#later", start_day=date(2026, 3, 3)),
        campaign("searched", "#searched", source="x_search"),
    ]
    assert wanted(campaigns, START) == [Rule("#on", "pulse:on")]


def test_campaigns_of_one_query_share_a_rule_because_x_holds_a_query_once():
    assert wanted([campaign("b", "#x"), campaign("a", "#x")], START) == [Rule("#x", "pulse:a,b")]


def test_a_campaign_without_a_query_streams_its_hashtags():
    assert stream_query(campaign("tags", hashtags=("aurora", "rain"))) == "#aurora OR #rain"


def test_a_rule_that_x_would_not_take_is_refused_with_the_campaigns_name():
    with pytest.raises(BadQuery, match="campaign long"):
        stream_query(_unchecked("long", "a" * 1_025))
    with pytest.raises(BadQuery, match="campaign alone"):
        stream_query(_unchecked("alone", "lang:en"))
    with pytest.raises(BadQuery, match="Campaign empty has neither"):
        stream_query(campaign("empty"))


def _unchecked(campaign_id, query):
    made = campaign(campaign_id, "#x")
    object.__setattr__(made, "query", query)
    return made


def test_more_than_a_thousand_rules_are_refused_with_the_first_campaign_that_does_not_fit():
    with pytest.raises(BadQuery, match="c1000 would be the next"):
        wanted([campaign(f"c{number}", f"#c{number}") for number in range(1_001)], START)


def test_the_plan_adds_what_is_missing_and_removes_only_rules_of_ours():
    ours, old, theirs = Existing("1", "#a", "pulse:a"), Existing("2", "#old", "pulse:old"), Existing("3", "#mine", "mine")
    planned = plan([Rule("#a", "pulse:a"), Rule("#b", "pulse:b")], [ours, old, theirs, Existing("4", "#untagged", None)])
    assert planned.add == (Rule("#b", "pulse:b"),) and planned.remove == (old,)


def test_a_query_that_changes_is_replaced():
    planned = plan([Rule("#new", "pulse:a")], [Existing("1", "#a", "pulse:a")])
    assert planned.add == (Rule("#new", "pulse:a"),) and [rule.id for rule in planned.remove] == ["1"]


def test_a_rule_of_somebody_else_with_our_query_is_used_and_never_removed():
    rules, theirs = [Rule("#a", "pulse:a")], Existing("1", "#a", "mine")
    assert plan(rules, [theirs]).add == () and plan([], [theirs]).remove == ()
    assert book_of(rules, [theirs]).campaigns_of([{"id": "1", "tag": "mine"}], {}) == (("a",), False)


def test_rules_at_x_become_those_wanted_and_twice_is_once(client):
    client.post("/2/tweets/search/stream/rules", {"add": [{"value": "#theirs", "tag": "mine"}]})
    planned, book = synchronise(client, [Rule("#a", "pulse:a"), Rule("#b", "pulse:b")])
    assert len(planned.add) == 2 and book.campaigns == ("a", "b") and len(book.by_id) == 2
    planned, _ = synchronise(client, [Rule("#a", "pulse:a"), Rule("#c", "pulse:c")])
    assert ([rule.value for rule in planned.add], [rule.value for rule in planned.remove]) == (["#c"], ["#b"])
    assert shown(client) == {("#theirs", "mine"), ("#a", "pulse:a"), ("#c", "pulse:c")}
    before = client.requests
    assert synchronise(client, [Rule("#a", "pulse:a"), Rule("#c", "pulse:c")])[0].add == () and client.requests == before + 1


def test_a_rule_gets_a_new_tag_although_x_refuses_duplicates(client):
    synchronise(client, [Rule("#x", "pulse:a")])
    synchronise(client, [Rule("#x", "pulse:a,b")])
    assert shown(client) == {("#x", "pulse:a,b")}


def test_a_duplicate_that_somebody_added_in_between_is_no_error(client, monkeypatch):
    synchronise(client, [Rule("#x", "pulse:a")])
    from orchestration.stream import rules

    seen = iter([[], existing_rules(client)])
    monkeypatch.setattr(rules, "existing_rules", lambda _: next(seen))
    _, book = synchronise(client, [Rule("#x", "pulse:a")])
    assert book.campaigns == ("a",)


def test_a_rule_that_x_does_not_take_names_the_campaign(client):
    with pytest.raises(BadQuery, match="rule of campaign a"):
        synchronise(client, [Rule("min_faves:10 #x", "pulse:a")])


def test_hundreds_of_rules_go_in_parts(client):
    rules = [Rule(f"#c{number}", f"pulse:c{number}") for number in range(250)]
    synchronise(client, rules)
    assert len(shown(client)) == 250
    synchronise(client, [])
    assert shown(client) == set()
