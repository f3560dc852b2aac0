"""One event is one alert: over re-runs, growth, backfills, both orders of discovery; quiet hours; the waits between tries."""

import random
from datetime import datetime, time, timedelta

import pytest

from orchestration.alerts.deciding import FAILED, PENDING, SENT, SUPPRESSED, Alert, Rules, decide
from orchestration.alerts.events import failure_event
from orchestration.alerts.quiet import QuietHours
from orchestration.alerts.sending import Delivery, Outcome, after, deliver
from orchestration.alerts.words import Message
from tests.alerts.conftest import HOUR, TOP, event

NOW = TOP + 3 * HOUR
RULES = Rules()


def told(*events, state=SENT):
    return [Alert(each.alert_id, each, state) for each in events]


def test_a_new_event_is_an_alert_and_the_same_one_again_is_none():
    first = decide([event()], [], RULES, NOW)
    assert [alert.state for alert in first.new] == [PENDING]
    again = decide([event()], told(event()), RULES, NOW + 6 * HOUR)
    assert again.new == again.grown == ()


@pytest.mark.parametrize("state", [PENDING, SENT, SUPPRESSED, FAILED])
def test_an_event_is_known_whatever_became_of_its_alert(state):
    assert decide([event()], told(event(), state=state), RULES, NOW).new == ()


@pytest.mark.parametrize(("start", "hours"), [(0, 5), (-2, 3), (-3, 9), (1, 2), (-1, 1)])
def test_an_event_that_grows_shrinks_moves_or_goes_on_is_still_the_same(start, hours):
    assert decide([event(TOP + start * HOUR, hours)], told(event()), RULES, NOW).new == ()


def test_what_an_event_grew_to_is_kept_so_that_its_last_hour_alone_is_no_new_one():
    (grown,) = decide([event(hours=5)], told(event()), RULES, NOW).grown
    assert (grown.alert_id, grown.event.end_at) == (event().alert_id, TOP + 5 * HOUR)
    assert decide([event(TOP + 4 * HOUR)], [grown], RULES, NOW).new == ()


def test_two_alerts_that_a_backfill_joins_are_no_third_one():
    apart = told(event(), event(TOP + 20 * HOUR))
    assert decide([event(hours=21)], apart, RULES, NOW + 30 * HOUR).new == ()


@pytest.mark.parametrize("other", [{"hashtag": "trail"}, {"grain": "day"}])
def test_another_hashtag_or_grain_of_one_story_is_kept_back_with_its_reason(other):
    decision = decide([event(), event(**other)], [], RULES, NOW)
    assert [(alert.event.hashtag, alert.state) for alert in decision.new] == [("*", PENDING), (other.get("hashtag", "*"), SUPPRESSED)]
    assert decision.new[0].alert_id in decision.new[1].reason and "6 h" in decision.new[1].reason


@pytest.mark.parametrize("other", [{"series": "negative_share"}, {"campaign_id": "boreal"}])
def test_another_series_or_campaign_is_another_story(other):
    assert [alert.state for alert in decide([event(), event(**other)], [], RULES, NOW).new] == [PENDING, PENDING]


@pytest.mark.parametrize(("gap", "state"), [(5, SUPPRESSED), (6, PENDING), (-6.5, SUPPRESSED), (-7, PENDING)])
def test_the_cool_down_is_a_distance_between_events_before_and_behind(gap, state):
    """The event of one hour ends an hour behind its start: 5 h of gap are 5 h behind its end, and -6.5 h are 5.5 h before its start."""
    start = TOP + HOUR + timedelta(hours=gap) if gap > 0 else TOP + timedelta(hours=gap)
    assert decide([event(start)], told(event()), RULES, NOW + 20 * HOUR).new[0].state == state


def test_an_alert_that_was_kept_back_starts_no_cool_down_of_its_own():
    chain = [event(TOP + n * 5 * HOUR) for n in range(4)]
    assert [alert.state for alert in decide(chain, [], RULES, NOW + 20 * HOUR).new] == [PENDING, SUPPRESSED, PENDING, SUPPRESSED]


@pytest.mark.parametrize(("score", "alerts"), [(4.9, 0), (5.0, 1), (None, 0)])
def test_sensitivity_is_the_least_score(score, alerts):
    assert len(decide([event(score=score)], [], RULES, NOW).new) == alerts


def test_an_event_that_reaches_the_score_later_is_told_then():
    quiet = decide([event(score=4.0)], [], RULES, NOW)
    assert quiet.new == () and len(decide([event(score=6.0)], [], RULES, NOW).new) == 1


def test_nobody_is_told_of_last_year():
    assert decide([event()], [], RULES, TOP + timedelta(days=8)).new == ()
    assert len(decide([event()], [], Rules(oldest=timedelta(days=400)), TOP + timedelta(days=8)).new) == 1


def test_hour_by_hour_and_in_one_backfill_one_event_is_one_alert():
    """Events are found in pieces, in any order, again and again; each stays one alert."""
    seed = 5
    chance = random.Random(seed)
    starts = [TOP + timedelta(hours=30 * n) for n in range(4)]
    for _ in range(30):
        known, made = [], 0
        steps = [(start, hours) for start in starts for hours in (1, 2, 3, 4)] * 2
        chance.shuffle(steps)
        for start, hours in steps:
            decision = decide([event(start, hours)], known, RULES, TOP + timedelta(days=6))
            made += len(decision.new)
            changed = {alert.alert_id: alert for alert in (*decision.new, *decision.grown)}
            known = [changed.pop(alert.alert_id, alert) for alert in known] + list(changed.values())
        assert made == len(starts), seed


def test_the_order_in_which_events_come_changes_nothing():
    events = [event(TOP + n * 2 * HOUR, hashtag=tag, series=series) for n in range(6) for tag in ("*", "trail") for series in ("volume", "engagement")]
    first = decide(events, [], RULES, NOW + 20 * HOUR)
    for seed in range(5):
        assert decide(random.Random(seed).sample(events, len(events)), [], RULES, NOW + 20 * HOUR) == first, seed


def failure(run="r1", at=NOW, job="hourly"):
    return failure_event(run, job, at, "aurora", "It broke.")


def test_a_failed_run_is_one_alert_and_a_job_that_goes_on_failing_is_not_told_each_hour():
    hours = [failure(f"r{n}", NOW + n * HOUR) for n in range(8)]
    assert [alert.state for alert in decide(hours, [], RULES, NOW + 8 * HOUR).new] == [PENDING, *[SUPPRESSED] * 5, PENDING, SUPPRESSED]
    assert decide(hours[:1], told(failure("r0")), RULES, NOW).new == ()
    assert [alert.state for alert in decide([failure(), failure("r2", job="peaks_and_news")], [], RULES, NOW).new] == [PENDING] * 2


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-03-05T20:59+00:00", "2026-03-05T20:59+00:00"),
        ("2026-03-05T21:00+00:00", "2026-03-06T06:00+00:00"),
        ("2026-03-06T02:00+00:00", "2026-03-06T06:00+00:00"),
        ("2026-03-06T06:00+00:00", "2026-03-06T06:00+00:00"),
        # In the night of 29 March the clock of Berlin goes from 2 to 3: its 7 o'clock comes an hour sooner.
        ("2026-03-28T22:00+00:00", "2026-03-29T05:00+00:00"),
        ("2026-10-24T21:00+00:00", "2026-10-25T06:00+00:00"),
    ],
)
def test_quiet_hours_end_at_the_time_of_the_wall(moment, allowed):
    assert QuietHours.parse("22:00-07:00", "Europe/Berlin").first_allowed(at(moment)) == at(allowed)


def test_quiet_hours_within_a_day_and_none_at_all():
    noon = QuietHours.parse("12:00-13:30", "UTC")
    assert noon.covers(at("2026-03-05T13:29+00:00")) and not noon.covers(at("2026-03-05T13:30+00:00"))
    assert not QuietHours.parse("", "UTC").covers(at("2026-03-05T00:00+00:00"))
    assert QuietHours.parse("22:00-07:00", "UTC") == QuietHours(time(22), time(7))
    for wrong in ("22-24", "22:00", "22:00-22:00", "late"):
        with pytest.raises(ValueError, match=r"\w"):
            QuietHours.parse(wrong, "UTC")


class Fake:
    """A channel that answers as it is told."""

    def __init__(self, name="webhook", outcomes=(), is_for_people=True):
        self.name, self.outcomes, self.is_for_people, self.got = name, list(outcomes), is_for_people, []

    def send(self, message):
        self.got.append(message.alert_id)
        return self.outcomes.pop(0) if self.outcomes else Outcome(True, "ok")


def waiting(number=1, channel="webhook", **fields):
    return Delivery(Message(f"a{number}", "s", "t"), channel, PENDING, NOW + timedelta(seconds=number), **fields)


DOWN = Outcome(False, "down", heals=True)


def test_waits_double_from_a_minute_to_six_hours_and_never_end():
    row, waits = waiting(), []
    for _ in range(14):
        row = after(row, DOWN, NOW)
        waits.append((row.next_try_at - NOW) / timedelta(minutes=1))
    assert waits[:5] == [1, 2, 4, 8, 16] and waits[-4:] == [360] * 4 and row.state == PENDING


@pytest.mark.parametrize(("asked", "minutes"), [(timedelta(seconds=5), 1), (timedelta(minutes=30), 30), (timedelta(days=9), 24 * 60)])
def test_a_wait_that_the_receiver_asks_for_is_kept_within_bounds(asked, minutes):
    row = after(waiting(), Outcome(False, "slow down", heals=True, wait=asked), NOW)
    assert row.next_try_at == NOW + timedelta(minutes=minutes)


def test_what_is_refused_is_final_and_what_is_taken_is_sent():
    refused, sent = after(waiting(), Outcome(False, "no such hook"), NOW), after(waiting(reason="down"), Outcome(True, "ok"), NOW)
    assert (refused.state, refused.next_try_at, refused.reason) == (FAILED, None, "no such hook")
    assert (sent.state, sent.sent_at, sent.reason, sent.attempts) == (SENT, NOW, None, 1)


def test_a_receiver_that_is_down_is_asked_once_a_round_and_the_other_channels_go_on():
    marked, down, log = [], Fake(outcomes=[DOWN] * 9), Fake("log", is_for_people=False)
    rows = [waiting(number, channel) for number in range(4) for channel in ("webhook", "log")]
    deliver(rows, {"webhook": down, "log": log}, QuietHours(), NOW + HOUR, marked.append)
    assert down.got == ["a0"] and log.got == ["a0", "a1", "a2", "a3"]
    assert [row.state for row in marked if row.channel == "webhook"] == [PENDING]


def test_a_channel_that_breaks_counts_as_silent_and_the_others_go_on():
    class Broken(Fake):
        def send(self, message):
            raise RuntimeError("a secret of the channel")

    log = Fake("log", is_for_people=False)
    rows = deliver([waiting(1), waiting(1, "log")], {"webhook": Broken(), "log": log}, QuietHours(), NOW + HOUR, lambda row: None)
    assert log.got == ["a1"] and {row.channel: row.state for row in rows} == {"log": "sent", "webhook": PENDING}
    assert [row.reason for row in rows if row.channel == "webhook"] == ["The channel failed (RuntimeError)."]


def test_a_round_sends_ten_and_the_next_one_the_others():
    channel, rows = Fake(), {number: waiting(number) for number in range(25)}

    def mark(row):
        rows[int(row.message.alert_id[1:])] = row

    sent = [len(deliver(rows.values(), {"webhook": channel}, QuietHours(), NOW + HOUR, mark)) for _ in range(4)]
    assert sent == [10, 10, 5, 0] and channel.got == [f"a{number}" for number in range(25)]


def test_each_is_marked_before_the_next_is_sent():
    seen, channel = [], Fake()
    deliver([waiting(1), waiting(2)], {"webhook": channel}, QuietHours(), NOW + HOUR, lambda row: seen.append((row.message.alert_id, len(channel.got))))
    assert seen == [("a1", 1), ("a2", 2)]


def test_quiet_hours_delay_people_and_not_the_log_and_drop_nothing():
    quiet, log, hook, marked = QuietHours.parse("00:00-07:00", "UTC"), Fake("log", is_for_people=False), Fake(), []
    night = at("2026-03-15T03:00+00:00")
    deliver([waiting(1), waiting(1, "log")], {"webhook": hook, "log": log}, quiet, night, marked.append)
    assert hook.got == [] and log.got == ["a1"]
    (held,) = [row for row in marked if row.channel == "webhook"]
    assert (held.state, held.next_try_at, held.attempts) == (PENDING, at("2026-03-15T07:00+00:00"), 0)
    assert not held.is_due(night + HOUR) and held.is_due(at("2026-03-15T07:00+00:00"))


def test_what_is_not_due_or_done_is_left_alone():
    rows = [waiting(1, next_try_at=NOW + 2 * HOUR), Delivery(Message("a2", "s", "t"), "webhook", SENT, NOW), Delivery(Message("a3", "s", "t"), "webhook", SUPPRESSED, NOW)]
    assert deliver(rows, {"webhook": Fake()}, QuietHours(), NOW + HOUR, lambda row: pytest.fail("tried")) == []


def test_an_alert_for_a_channel_that_is_gone_waits_and_says_so():
    (row,) = deliver([waiting()], {}, QuietHours(), NOW + HOUR, lambda row: None)
    assert row.state == PENDING and "webhook is not set up any more" in row.reason
