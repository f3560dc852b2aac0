"""Rounds over a real warehouse: the outbox comes first, a crash repeats one message at most, a receiver that is down loses none."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest
from typer.testing import CliRunner

from orchestration.alerts import outbox
from orchestration.alerts.channels import Log, Webhook
from orchestration.alerts.events import failure_event
from orchestration.alerts.round import run_round
from orchestration.automation.alerts import Cursor, failed_runs, failed_since, failure_events, peak_alerts
from orchestration.cli.app import app
from orchestration.resources.warehouse import WarehouseResource
from tests.alerts.conftest import HOUR, TOP, event

NOW = TOP + 3 * HOUR
PEAKS = (
    "select '{key}' as peak_id, '{campaign_id}' as campaign_id, '{hashtag}' as hashtag, '{series}' as series, '{grain}' as grain, timestamp '{start_at}' as start_at,"
    " timestamp '{top_at}' as top_at, timestamp '{end_at}' as end_at, date '2026-03-14' as top_day, {value} as value, {expected} as expected, {score} as score,"
    " {times_expected} as times_expected, 400 as posts, 300 as authors, {coverage} as coverage, true as is_counted"
)


def table_of(warehouse, *events):
    rows = [PEAKS.format(key="x".join(each.key), **vars(each)) for each in events]
    warehouse.execute(f"drop table if exists {warehouse.qualified(outbox.PEAKS)}")
    if rows:
        warehouse.execute(f"create table {warehouse.qualified(outbox.PEAKS)} as {' union all '.join(rows)}")


@pytest.fixture
def desk(warehouse, receiver):
    """The warehouse with an empty outbox, and the channels log and webhook."""
    warehouse.ensure_tables()
    warehouse.execute(f"delete from {warehouse.qualified('published.alerts')} where true")
    table_of(warehouse)
    channels = {"log": Log(), "webhook": Webhook(receiver.url)}

    def go(now=NOW, failures=(), **how):
        return run_round(how.pop("settings", warehouse.settings), warehouse, failures, now=now, channels=channels, **how)

    go.channels = channels
    yield go
    table_of(warehouse)


def states(warehouse):
    return {(row["channel"], row["state"]) for row in outbox.rows_of(warehouse)}


def test_a_new_peak_is_told_once_by_each_channel_and_never_again(desk, warehouse, receiver):
    table_of(warehouse, event())
    assert (desk().sent, desk(NOW + 6 * HOUR).sent) == (2, 0)
    assert states(warehouse) == {("log", "sent"), ("webhook", "sent")}
    assert len(receiver.texts) == 1 and "412 posts" in receiver.texts[0] and "Coverage 97%" in receiver.texts[0] and "?campaign=aurora&amp;hashtag=Whole%20campaign&amp;day=2026-03-14" in receiver.texts[0]
    (row, _) = outbox.rows_of(warehouse)
    assert (row["value"], row["coverage"], row["attempts"], row["reason"], row["sent_at"]) == (412.0, 0.97, 1, None, NOW)


def test_a_rebuilt_table_with_a_longer_event_and_its_parts_tells_nothing_new(desk, warehouse, receiver):
    for start, hours in [(0, 1), (0, 3), (1, 4), (4, 1), (0, 1)]:
        table_of(warehouse, event(TOP + start * HOUR, hours, score=9.0 + start))
        desk()
    assert len(receiver.texts) == 1
    assert {row["end_at"] for row in outbox.rows_of(warehouse)} == {TOP + 5 * HOUR}


def test_without_the_table_there_are_no_alerts_and_it_is_said(desk, warehouse):
    done = desk()
    assert (done.new, done.sent) == (0, 0) and "no table marts.peaks yet" in done.sentence()


def test_a_receiver_that_is_down_delays_and_loses_nothing_and_the_log_goes_on(desk, warehouse, receiver):
    receiver.answers = [(503, {}), (429, {"Retry-After": "600"})]
    table_of(warehouse, event())
    down = desk()
    assert (down.sent, down.waiting, down.look_at) == (1, 1, NOW + timedelta(minutes=1))
    assert desk(NOW + timedelta(seconds=30)).sent == 0 and len(receiver.received) == 1
    limited = desk(NOW + timedelta(minutes=1))
    assert limited.look_at == NOW + timedelta(minutes=11) and "503" not in str(limited)
    assert desk(NOW + timedelta(minutes=11)).sent == 1
    assert [body["alert_id"] for _, _, body in receiver.received] == [event().alert_id] * 3
    (row,) = [row for row in outbox.rows_of(warehouse) if row["channel"] == "webhook"]
    assert (row["state"], row["attempts"], row["reason"]) == ("sent", 3, None)


def test_a_refusal_is_final_is_said_and_can_be_tried_again_by_hand(desk, warehouse, receiver):
    receiver.answers = [(404, {})]
    table_of(warehouse, event())
    done = desk()
    assert done.failed == 1 and "pulse alerts list" in done.sentence()
    assert ("webhook", "failed") in states(warehouse) and desk(NOW + timedelta(days=1)).sent == 0
    assert desk(NOW + timedelta(days=1), retry_failed=True).sent == 1 and ("webhook", "sent") in states(warehouse)


def test_a_crash_between_sending_and_marking_repeats_the_message_under_the_same_id(desk, warehouse, receiver, monkeypatch):
    """The row was written first; only its mark is lost."""
    table_of(warehouse, event())
    del desk.channels["log"]
    real, calls = outbox.write, []

    def dies_at_the_mark(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(outbox, "write", dies_at_the_mark)
    with pytest.raises(KeyboardInterrupt):
        desk()
    monkeypatch.setattr(outbox, "write", real)
    assert states(warehouse) == {("webhook", "pending")} and len(receiver.received) == 1
    assert desk().sent == 1 and desk().sent == 0
    assert len({body["alert_id"] for _, _, body in receiver.received}) == 1 and len(receiver.received) == 2


def test_a_crash_before_anything_is_sent_loses_nothing(desk, warehouse, receiver, monkeypatch):
    table_of(warehouse, event())
    monkeypatch.setattr(Webhook, "send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        desk()
    monkeypatch.undo()
    table_of(warehouse)
    assert desk().sent == 1 and len(receiver.received) == 1


def test_two_rounds_at_a_time_send_once(desk, warehouse, receiver):
    table_of(warehouse, event())
    with outbox.only_one(warehouse.settings) as first:
        assert first and "at work" in desk().note
    assert receiver.received == [] and desk().sent == 2


def test_quiet_hours_hold_back_the_webhook_until_they_end(desk, warehouse, receiver):
    settings = warehouse.settings.model_copy(update={"alert_quiet_hours": "22:00-07:00", "alert_zone": "America/New_York"})
    table_of(warehouse, event())
    night = datetime(2026, 3, 15, 4, tzinfo=UTC)
    held = desk(night, settings=settings)
    assert (held.sent, held.look_at) == (1, datetime(2026, 3, 15, 11, tzinfo=UTC)) and receiver.received == []
    assert desk(held.look_at - HOUR, settings=settings).sent == 0
    assert desk(held.look_at, settings=settings).sent == 1 and len(receiver.received) == 1


def test_a_story_over_hashtags_is_one_message_and_the_others_are_listed_with_their_reason(desk, warehouse, receiver):
    table_of(warehouse, event(), event(hashtag="trail"), event(hashtag="run", grain="day"), event(series="negative_share", value=0.4, expected=0.1))
    done = desk()
    assert (done.new, done.kept_back, len(receiver.texts)) == (2, 2, 2) and "2 kept back" in done.sentence()
    assert {row["reason"].split(" from")[0] for row in outbox.rows_of(warehouse) if row["state"] == "suppressed"} == {"Less than 6 h"}


def test_a_failed_run_is_told_once(desk, warehouse, receiver):
    failure = failure_event("run-1", "hourly", NOW, None, "It broke.")
    assert desk(failures=[failure]).sent == 2 and desk(failures=[failure]).sent == 0
    assert "The job hourly failed" in receiver.texts[0]


@dg.op
def breaks():
    raise ValueError("the cause in words")


@dg.job(tags={"pulse/campaign": "aurora"})
def broken_job():
    breaks()


def test_failed_runs_are_read_with_their_cause_and_each_once():
    with dg.DagsterInstance.ephemeral() as instance:
        assert failed_since(instance, 0.0) == []
        broken_job.execute_in_process(instance=instance, raise_on_error=False)
        records = failed_since(instance, 0.0)
        (found,) = failure_events(instance, records)
        assert (found.hashtag, found.campaign_id) == ("broken_job", "aurora") and "the cause in words" in found.detail
        assert failed_since(instance, records[0].update_timestamp.timestamp()) == []


@pytest.fixture
def sensors(desk, warehouse, receiver, monkeypatch):
    monkeypatch.setenv("PULSE_HOME", str(warehouse.settings.home))
    monkeypatch.setenv("PULSE_ALERT_WEBHOOK_URL", receiver.url)
    monkeypatch.setenv("PULSE_ALERT_OLDEST_HOURS", "1000000")
    with dg.DagsterInstance.ephemeral() as instance:

        def tick(sensor, cursor=None):
            context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"warehouse": WarehouseResource()})
            return sensor(context)

        tick.instance = instance
        yield tick


def test_the_sensor_of_peaks_asks_the_warehouse_only_when_there_is_something_to_see(sensors, warehouse, receiver, monkeypatch):
    table_of(warehouse, event())
    first = sensors(peak_alerts)
    assert len(receiver.texts) == 1 and "1 new, 2 sent" in first.skip_reason.skip_message and not first.run_requests
    monkeypatch.setattr(WarehouseResource, "open", lambda self: pytest.fail("asked"))
    assert "no alert is due" in sensors(peak_alerts, first.cursor).skip_reason.skip_message
    monkeypatch.undo()


def test_a_new_materialisation_of_peaks_makes_the_sensor_look(sensors, warehouse, receiver):
    before = sensors(peak_alerts)
    table_of(warehouse, event())
    sensors.instance.report_runless_asset_event(dg.AssetMaterialization(["marts", "peaks"]))
    assert len(sensors(peak_alerts, before.cursor).cursor) and len(receiver.texts) == 1


def test_the_sensor_of_failures_begins_now_and_tells_each_run_once(sensors, warehouse, receiver):
    broken_job.execute_in_process(instance=sensors.instance, raise_on_error=False)
    begun = sensors(failed_runs)
    assert "From now on" in begun.skip_reason.skip_message and receiver.received == []
    broken_job.execute_in_process(instance=sensors.instance, raise_on_error=False)
    told = sensors(failed_runs, begun.cursor)
    assert len(receiver.texts) == 1 and "the cause in words" in receiver.texts[0]
    assert "No run has failed" in sensors(failed_runs, told.cursor).skip_reason.skip_message


def test_a_warehouse_that_is_away_loses_no_failure(sensors, receiver, monkeypatch):
    begun = sensors(failed_runs)
    broken_job.execute_in_process(instance=sensors.instance, raise_on_error=False)
    with monkeypatch.context() as away:
        away.setattr(WarehouseResource, "open", lambda self: (_ for _ in ()).throw(RuntimeError("away")))
        with pytest.raises(RuntimeError, match="away"):
            sensors(failed_runs, begun.cursor)
    sensors(failed_runs, begun.cursor)
    assert len(receiver.texts) == 1


def test_a_cursor_looks_again_when_a_row_is_due_and_each_hour():
    cursor = Cursor(seen=1.0, looked_at=1_000.0, look_at=1_500.0)
    assert Cursor.of(cursor.text()) == cursor and Cursor.of(None) is None
    assert [cursor.is_due(now) for now in (1_499.0, 1_500.0)] == [False, True]
    assert [Cursor(looked_at=1_000.0).is_due(now) for now in (4_599.0, 4_600.0)] == [False, True]


@pytest.fixture
def pulse(sensors):
    return lambda *words: CliRunner().invoke(app, ["alerts", *words])


def test_the_command_test_tries_every_channel_and_says_what_came_of_it(pulse, receiver, monkeypatch):
    done = pulse("test")
    assert done.exit_code == 0 and "webhook: ok, answered 200" in done.output and "mail: not set up" in done.output
    assert receiver.texts[0].startswith("This is a test of Campaign Pulse")
    receiver.answers = [(503, {})]
    done = pulse("test")
    assert done.exit_code == 1 and "webhook: FAILED. The receiver answered 503" in done.output and "tried again" in done.output
    assert receiver.url not in done.output and "a-secret" not in done.output


def test_the_commands_send_and_list_show_what_was_told(pulse, warehouse, receiver):
    assert "No alert yet" in pulse("list").output
    table_of(warehouse, event())
    assert "1 new, 2 sent" in pulse("send").output
    listed = pulse("list", "--json")
    assert listed.exit_code == 0 and listed.output.count('"state": "sent"') == 2 and "a-secret" not in listed.output
    assert pulse("list", "--campaign", "boreal", "--json").output.strip() == "[]"
    assert "412 posts" in " ".join(pulse("list").output.split())
