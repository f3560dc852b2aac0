"""Publications in the warehouse: what was said stays said, and nothing is said twice."""

import json
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest
from typer.testing import CliRunner

from orchestration.assets.published import published
from orchestration.campaigns import Campaign, save
from orchestration.cli.app import app
from orchestration.compliance.id_tables import find_tables
from orchestration.publications import as_reported_on, content_of, history, last_before, publish, read_back
from orchestration.publishing import SCHEMA_VERSION
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.server_files import ServerFiles
from orchestration.warehouse.tables import FIGURES, SUMMARIES
from tests.publishing.conftest import AUTHOR, POST_ID, POST_TEXT

TODAY = date(2026, 3, 20)
MONDAY = datetime(2026, 3, 9, 12, tzinfo=UTC)


def publish_now(world, campaign_id="one", now=MONDAY):
    return publish(world.warehouse, campaign_id, content_of(world.warehouse, campaign_id), now, run_id="run")


def test_an_old_publication_shows_the_old_figures_byte_for_byte_after_they_have_moved(world):
    publish_now(world)
    before = world.rows("summaries"), world.rows("figures")
    first = world.pulse("--campaign", "one", "--as-of", "2026-03-09"), world.pulse("--campaign", "one", "--as-of", "2026-03-09", "--format", "json")
    world.figures_move("one", engagement=700)
    publish_now(world, now=MONDAY + timedelta(days=1))
    world.a_day_arrives("one")
    publish_now(world, now=MONDAY + timedelta(days=2))
    assert set(before[0]) < set(world.rows("summaries")) and set(before[1]) < set(world.rows("figures"))
    assert (world.pulse("--campaign", "one", "--as-of", "2026-03-09"), world.pulse("--campaign", "one", "--as-of", "2026-03-09", "--format", "json")) == first
    assert [world.reported("one", f"2026-03-{day}")["engagement"] for day in ("09", "10", "11", "15")] == [100, 750, 755, 755]


def test_the_same_content_is_published_once_however_often_it_runs(world):
    assert publish_now(world) is not None
    kept = world.rows("summaries"), world.rows("figures")
    assert publish_now(world, now=MONDAY + timedelta(days=3)) is None
    assert (world.rows("summaries"), world.rows("figures")) == kept


@pytest.mark.full
def test_content_that_comes_back_is_published_again_because_the_last_said_something_else(world):
    publish_now(world)
    for hours, engagement in ((1, 60), (2, 50)):
        world.figures_move("one", engagement)
        assert publish_now(world, now=MONDAY + timedelta(hours=hours)) is not None
    assert len(history(world.warehouse, "one")) == 3


@pytest.mark.full
def test_each_campaign_has_publications_of_its_own(world):
    publish_now(world, "one")
    publish_now(world, "two", now=MONDAY + timedelta(hours=1))
    world.figures_move("two", engagement=1)
    assert publish_now(world, "one", now=MONDAY + timedelta(hours=2)) is None
    publish_now(world, "two", now=MONDAY + timedelta(hours=2))
    assert [len(history(world.warehouse, each)) for each in ("one", "two", "three")] == [1, 2, 0]
    assert (world.reported("one", "2026-03-09")["engagement"], world.reported("two", "2026-03-09")["engagement"]) == (100, 51)


@pytest.mark.full
def test_the_last_second_of_a_day_belongs_to_it_and_midnight_to_the_next(world):
    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    publish_now(world, now=midnight - timedelta(seconds=1))
    world.figures_move("one", engagement=700)
    publish_now(world, now=midnight)
    said = {day: as_reported_on(world.warehouse, "one", date(2026, 3, day), TODAY).facts()["engagement"] for day in (9, 10)}
    assert said == {9: 100, 10: 750}


def test_a_clock_that_was_set_back_puts_no_publication_before_its_elder(world):
    publish_now(world)
    world.figures_move("one", engagement=700)
    late = publish_now(world, now=MONDAY - timedelta(hours=5))
    assert late.published_at == MONDAY + timedelta(seconds=1) == last_before(world.warehouse, "one").published_at


@pytest.mark.full
def test_figures_that_a_killed_run_left_without_a_summary_are_gone_with_the_next_publication(world, monkeypatch):
    publish_now(world)
    world.figures_move("one", engagement=700)
    with monkeypatch.context() as killed:
        killed.setattr(type(world.warehouse), "add", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish_now(world, now=MONDAY + timedelta(minutes=1))
    assert last_before(world.warehouse, "one").published_at == MONDAY
    made = publish_now(world, now=MONDAY + timedelta(minutes=2))
    moments = world.warehouse.query("select distinct published_at from published.figures where campaign_id = 'one'")
    assert {row["published_at"] for row in moments} == {MONDAY, made.published_at}


def test_a_row_that_somebody_changed_no_longer_has_the_hash_it_was_written_with(world):
    made = publish_now(world)
    assert read_back(world.warehouse, made).hash == made.content_hash
    world.warehouse.execute("UPDATE published.figures SET value = value + 1 WHERE figure = 'engagement' AND period = 'whole'")
    assert read_back(world.warehouse, made).hash != made.content_hash


def test_a_day_before_the_first_publication_is_answered_with_the_days_there_are(world):
    publish_now(world)
    world.figures_move("one", engagement=700)
    publish_now(world, now=MONDAY + timedelta(days=4))
    said = world.pulse("--campaign", "one", "--as-of", "2023-04-10", code=1)
    assert "first publication is of 2026-03-09, its last of 2026-03-13" in said and "pulse summary --campaign one --as-of 2026-03-09" in said


def test_a_day_to_come_is_refused(world):
    publish_now(world)
    with pytest.raises(WarehouseError, match="yet to come"):
        as_reported_on(world.warehouse, "one", TODAY + timedelta(days=1), TODAY)
    assert as_reported_on(world.warehouse, "one", TODAY, TODAY).published_at == MONDAY


def test_what_is_no_day_is_refused_in_one_line(world):
    assert "'12.3.2026' is no day. Write it as YYYY-MM-DD" in world.pulse("--campaign", "one", "--as-of", "12.3.2026", code=1)


def test_a_campaign_that_is_neither_known_nor_published_is_said_to_be_unknown(world):
    assert "three" in world.pulse("--campaign", "three", "--as-of", "2026-03-09", code=1)
    assert "three" in world.pulse("--campaign", "three", "--publications", code=1)


def test_the_text_says_when_it_was_published_and_shows_headlines_as_text(world):
    publish_now(world)
    said = world.pulse("--campaign", "one", "--as-of", "2026-03-11")
    assert said.startswith("As reported on 2026-03-11 (published at 2026-03-09 12:00:00Z).")
    assert "80 posts: 40 originals, 40 reposts.  Engagement 100." in said and "2023-04-10" in said and "[bold]Headline" in said


def test_publications_are_listed_with_what_they_said(world):
    publish_now(world)
    world.figures_move("one", engagement=700)
    publish_now(world, now=MONDAY + timedelta(days=1))
    listed = json.loads(world.pulse("--campaign", "one", "--publications", "--format", "json"))
    assert [(row["published_at"], row["engagement"]) for row in listed] == [("2026-03-09T12:00:00Z", 100), ("2026-03-10T12:00:00Z", 750)]
    assert "2026-03-10 12:00:00Z" in world.pulse("--campaign", "one", "--publications")


def test_a_summary_of_an_older_version_is_still_shown(world):
    old = {"campaign_id": "one", "first_day": "2023-04-09", "last_day": "2023-04-10", "posts": 7, "a_field_of_then": 1}
    row = {"campaign_id": "one", "published_at": MONDAY, "content_hash": "h", "summary": json.dumps(old), "schema_version": SCHEMA_VERSION - 1}
    world.warehouse.add(SUMMARIES, [row], run_id="run")
    assert "7 posts: unknown originals" in world.pulse("--campaign", "one", "--as-of", "2026-03-09")
    assert world.reported("one", "2026-03-09")["publication"]["schema_version"] == SCHEMA_VERSION - 1


def test_nothing_published_holds_a_post_an_id_or_an_author_so_the_duty_to_delete_does_not_reach_it(world):
    publish_now(world)
    everything = "\n".join(world.rows("summaries") + world.rows("figures"))
    assert "Headline" in everything and "aurora" in everything
    for private in (POST_TEXT, POST_ID, AUTHOR, "author_key", "tweet_id"):
        assert private not in everything, private
    assert not any(table.name.startswith("published.") for table in find_tables(world.warehouse).tables)


@pytest.mark.full
def test_the_asset_publishes_each_known_campaign_once_and_its_checks_pass(world, monkeypatch):
    monkeypatch.setenv("PULSE_HOME", str(world.settings.home))
    save(world.settings, [Campaign("one", "One"), Campaign("two", "Two")])
    try:
        for new in (2, 0):
            result = dg.materialize([published], resources={"warehouse": WarehouseResource()})
            assert result.success and all(check.passed for check in result.get_asset_check_evaluations())
            assert result.asset_materializations_for_node("published")[0].metadata["new"].value == new
        world.figures_move("one", 700)
        world.figures_move("two", 700)
        only = dg.RunConfig({"published": {"config": {"campaigns": ["two"]}}}).to_config_dict()
        dg.materialize([published], resources={"warehouse": WarehouseResource()}, run_config=only)
        assert [len(history(world.warehouse, each)) for each in ("one", "two")] == [1, 2]
    finally:
        world.settings.campaigns_file.unlink()


def test_the_time_of_a_publication_is_the_clocks_and_not_that_of_the_data(world, monkeypatch):
    monkeypatch.setenv("PULSE_HOME", str(world.settings.home))
    save(world.settings, [Campaign("one", "One")])
    try:
        before = datetime.now(UTC)
        dg.materialize([published], resources={"warehouse": WarehouseResource()})
        assert last_before(world.warehouse, "one").published_at >= before.replace(microsecond=0)
    finally:
        world.settings.campaigns_file.unlink()


def test_a_home_without_publications_says_what_makes_one(tmp_path):
    """Its warehouse has no table of publications at all."""
    settings = Settings(home=tmp_path)
    server_control.start(settings)
    try:
        answer = CliRunner().invoke(app, ["summary", "--campaign", "sample", "--as-of", "2026-03-09"], env={"PULSE_HOME": str(tmp_path)})
        assert answer.exit_code == 1 and "Nothing of sample has been published yet" in answer.output
        assert "pulse run --campaign sample --from DAY --to DAY" in answer.output
        listed = CliRunner().invoke(app, ["summary", "--campaign", "sample", "--publications"], env={"PULSE_HOME": str(tmp_path)})
        assert listed.exit_code == 0 and "Nothing of sample has been published yet" in listed.output
    finally:
        server_control.halt(ServerFiles(settings.warehouse_dir))


def test_no_column_of_a_publication_names_a_post_or_an_author():
    names = {column.name for table in (SUMMARIES, FIGURES) for column in table.columns}
    assert not {name for name in names if any(part in name for part in ("tweet", "post_id", "root", "author", "text"))}
