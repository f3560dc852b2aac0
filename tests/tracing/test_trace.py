"""Every figure of small random campaigns is found again; a mart that was changed is found out; what is not there is said."""

import csv
import io
from datetime import date

import pytest

from orchestration.export import unguarded
from orchestration.tracing.figures import COLUMNS
from orchestration.tracing.measures import MEASURES
from orchestration.tracing.scope import Asked, TraceError
from orchestration.tracing.trace import trace
from tests.tracing.conftest import ZONES

NAMES = {"organization": "Halvenne", "location": "Oslo"}


def equal(warehouse, *asked) -> bool:
    found = trace(warehouse, Asked(*asked))
    assert found.is_equal, (asked, found.reported, found.recount.figure, found.days_apart())
    return found.reported.value is not None


def days_of(warehouse, campaign_id: str) -> list[date]:
    rows = warehouse.query(
        "select day from marts.engagement_daily where campaign_id = @campaign and hashtag = '*' order by day", campaign=campaign_id
    )
    return [row["day"] for row in rows]


@pytest.mark.parametrize("campaign_id", ZONES)
@pytest.mark.parametrize(
    "measure", [each for each in MEASURES.values() if each.has_days and not each.names and not each.is_of_news], ids=lambda each: each.name
)
def test_each_figure_of_each_day_and_hashtag_is_found_again(unchanged, campaign_id, measure):
    hashtags = ("*", "trail", "rare") if measure.has_hashtags else ("*",)
    known = [
        equal(unchanged, campaign_id, measure.name, hashtag, day) for hashtag in hashtags for day in (None, *days_of(unchanged, campaign_id)[::2])
    ]
    assert any(known), "nothing was compared but unknown figures"


@pytest.mark.parametrize("campaign_id", ZONES)
@pytest.mark.parametrize("hashtag", ["*", "trail", "rare"])
def test_each_peak_day_is_found_again(unchanged, campaign_id, hashtag):
    assert equal(unchanged, campaign_id, "peak_day", hashtag)


@pytest.mark.parametrize("campaign_id", ZONES)
@pytest.mark.parametrize("hashtag", ["*", "trail"])
def test_the_posts_of_every_kept_word_are_found_again(unchanged, campaign_id, hashtag):
    rows = unchanged.query(
        "select day, word from marts.word_frequencies_daily where campaign_id = @campaign and hashtag = @hashtag order by posts desc, word, day limit 6",
        campaign=campaign_id, hashtag=hashtag,
    )  # fmt: skip
    assert rows and all(equal(unchanged, campaign_id, "word", hashtag, day, row["word"]) for row in rows for day in (None, row["day"]))


@pytest.mark.parametrize("measure", ["articles", "organization", "location"])
@pytest.mark.parametrize("hashtag", ["*", "trail"])
def test_the_articles_of_each_peak_and_of_each_name_are_found_again(unchanged, measure, hashtag):
    assert equal(unchanged, "live", measure, hashtag, None, NAMES.get(measure))


def test_the_data_hold_what_they_are_to_prove(unchanged):
    """Edits, reposts, unknown, deleted and young posts, a day of a gap, an uncounted one: without them the tests above prove little."""
    states = {row["engagement_state"] for row in unchanged.query("select distinct engagement_state from marts.tweets")}
    assert states == {None, "observed", "at_age", "older", "not_yet", "deleted", "missed"}
    assert unchanged.query("select count(*) as edited from raw.tweets where tweet_id != root_id")[0]["edited"] > 20
    days = unchanged.query("select captured_hours, hours_in_day, counted from marts.engagement_daily where campaign_id = 'live' and hashtag = '*'")
    assert {row["hours_in_day"] for row in days} == {23, 24} and any(row["counted"] is None for row in days)
    assert any(row["captured_hours"] < row["hours_in_day"] for row in days)


def test_a_trace_says_formula_posts_hour_run_model_and_that_it_is_equal(pulse_trace):
    said = pulse_trace("--campaign", "live", "--measure", "net_sentiment", "--hashtag", "#Trail", "--day", "2026-03-08")
    for part in (
        "Net sentiment of #trail in campaign live, on 2026-03-08",
        "Formula: (positive - negative) / scored.",
        "equal (from",
        "run-of-capture",
    ):
        assert part in said
    for part in ("run-of-scoring", "2026-03-08 05:00 to 2026-03-09 04:00 UTC", "model", "runs/RUN"):
        assert part in said


def test_the_listed_parts_add_up_to_the_figure_and_hold_no_text(pulse_trace):
    facts = pulse_trace.facts("--campaign", "live", "--measure", "engagement_per_post", "--all")
    parts = facts["parts"]
    assert facts["equal"] and len(parts) == facts["parts_in_all"]
    assert facts["reported"]["value"] == sum(part["contribution"] for part in parts) / sum(part["of"] for part in parts)
    assert {part["decided_by_run"] for part in parts} == {None, "run-of-reading"} and {part["run_id"] for part in parts} == {"run-of-capture"}
    assert "SECRET" not in str(facts)


def test_a_file_has_every_part_and_a_list_has_the_first(pulse_trace):
    asked = ("--campaign", "old", "--measure", "posts", "--format", "csv")
    everything = list(csv.DictReader(io.StringIO(pulse_trace(*asked, "--all"), newline="")))
    rows = [row for row in everything if row["id"].startswith("old")]
    assert list(rows[0]) == [column.name for column in COLUMNS] and sum(int(row["contribution"]) for row in rows) == len(rows)
    assert all(unguarded(row["id"]) == row["id"] for row in rows)
    first = [row for row in csv.DictReader(io.StringIO(pulse_trace(*asked, "--posts", "3"), newline="")) if row["id"].startswith("old")]
    assert first == rows[:3]


def test_a_changed_row_of_a_mart_is_found_out_with_the_day_and_the_difference(traced, pulse_trace):
    (row,) = traced.query("select max(day) as day from marts.engagement_daily where campaign_id = 'old' and hashtag = 'trail'")
    where = f"where campaign_id = 'old' and hashtag = 'trail' and day = date '{row['day']}'"
    change = "update marts.engagement_daily set engagement = engagement {} 41, engagement_per_post = engagement_per_post {} 1 " + where
    asked = ("--campaign", "old", "--hashtag", "trail")
    traced.execute(change.format("+", "+"))
    try:
        said = pulse_trace(*asked, "--measure", "engagement", code=1)
        assert "DIFFERENT from the mart's" in said and "a difference of -41." in said and f"They part on {row['day']}: the mart has" in said
        facts = pulse_trace.facts(*asked, "--measure", "engagement_per_post", "--day", str(row["day"]), code=1)
        assert facts["equal"] is False and facts["reported"]["value"] != facts["recomputed"]["value"]
    finally:
        traced.execute(change.format("-", "-"))
    assert "equal (from" in pulse_trace(*asked, "--measure", "engagement")


def test_a_day_that_the_mart_has_lost_is_found_out(traced, pulse_trace):
    where = "from marts.engagement_daily where campaign_id = 'old' and day = date '2026-03-08'"
    traced.execute(f"create table marts.kept as select * {where}")
    traced.execute(f"delete {where}")
    try:
        said = pulse_trace("--campaign", "old", "--measure", "posts", "--day", "2026-03-08", code=1)
        assert "2026-03-08: unknown (NULL)" in said and "DIFFERENT" in said
        assert "They part on 2026-03-08: the mart has 0" in pulse_trace("--campaign", "old", "--measure", "posts", code=1)
    finally:
        traced.execute("insert into marts.engagement_daily select * from marts.kept")
        traced.execute("drop table marts.kept")
    assert equal(traced, "old", "posts", "*", date(2026, 3, 8))


def test_a_post_that_went_by_duty_is_in_neither_figure_and_the_trace_says_so(traced_settings, traced, pulse_trace):
    """Raw before marts: the difference shows until the day is built anew, and then both are without the post."""
    from orchestration.compliance.apply import apply
    from orchestration.compliance.asked import POST
    from orchestration.compliance.asked import Asked as Deletion
    from tests.tracing.conftest import build_lanes

    asked = ("--campaign", "old", "--measure", "engagement")
    before = pulse_trace.facts(*asked, "--all")
    gone = before["parts"][0]
    apply(traced, [Deletion(POST, gone["id"])], run_id="run-of-deletion")
    said = pulse_trace(*asked, code=1)
    assert f"a difference of -{gone['contribution']:,}." in said and f"They part on {gone['day']}" in said
    build_lanes(traced_settings, "posts", "hourly_marts", "peaks")
    after = pulse_trace.facts(*asked, "--all")
    assert after["equal"] and after["reported"]["value"] == before["reported"]["value"] - gone["contribution"]
    assert gone["id"] not in {part["id"] for part in after["parts"]}
    assert "1 post of these hours was deleted since by duty: neither the mart nor the recount has it." in after["said"]
    assert equal(traced, "old", "coverage"), "what was removed was captured all the same"


def test_a_figure_that_nobody_knows_says_so_and_is_equal(traced, pulse_trace):
    rows = traced.query("select hashtag, day from marts.engagement_daily where campaign_id = 'live' and counted is null and hashtag = '*' limit 1")
    said = pulse_trace("--campaign", "live", "--measure", "coverage", "--day", str(rows[0]["day"]))
    assert "unknown (NULL)" in said and "recomputed: unknown too, equal: nobody knows this figure" in said and "NULL: nobody counted" in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("lives", "posts"), "There is no campaign with figures 'lives'. Did you mean live? There are: live, old."),
        (("live", "engagment"), "There is no measure 'engagment'. Did you mean engagement"),
        (("live", "posts", "trial"), "There is no hashtag 'trial' in the posts of live. Did you mean trail? There are: "),
        (("live", "posts", "*", date(2026, 4, 1)), "Nothing was captured on 2026-04-01 (days in America/New_York). Captured hours are of 2026-03-06 to 2026-03-11."),
        (("live", "peak_day", "*", date(2026, 3, 8)), "peak_day is of all days together. Leave --day out."),
        (("live", "posts", "*", None, "snow"), "posts is of posts and has no names. Leave --name out."),
        (("live", "word", "*", None, "rivre"), "There is no word 'rivre' among those kept for The whole campaign. Did you mean river"),
        (("live", "word"), "word needs a name: say which with --name, for example "),
        (("live", "organization", "*", None, "Halvene"), "There is no organization 'Halvene' among those kept for The whole campaign."),
        (("live", "articles", "rare"), "#rare is not followed or has no peak, so nobody looked for its news."),
        (("live", "articles", "*", date(2026, 4, 1)), "Nobody looked for the news of The whole campaign on 2026-04-01. Days whose news were looked for: "),
        (("live", "articles", "*", None, "Oslo"), "articles has no names. Leave --name out."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_what_is(unchanged, asked, said):
    with pytest.raises(TraceError) as error:
        trace(unchanged, Asked(*asked))
    assert said in str(error.value) and "\n" not in str(error.value)


def test_the_command_leaves_with_1_and_one_line(pulse_trace):
    assert pulse_trace("--campaign", "nobody", "--measure", "posts", code=1).startswith("pulse: There is no campaign with figures 'nobody'.")
    assert "is no day. Write it like" in pulse_trace("--campaign", "live", "--measure", "posts", "--day", "yesterday", code=1)
    assert "is no format. Choose text, json, csv." in pulse_trace("--campaign", "live", "--measure", "posts", "--format", "xml", code=1)


def test_before_the_first_run_the_command_says_what_to_run(new_home, monkeypatch):
    from orchestration.settings import Settings
    from orchestration.warehouse import server_control
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.server_files import ServerFiles

    settings = Settings(home=new_home("untraced"))
    server_control.start(settings)
    try:
        with pytest.raises(TraceError, match="There are no figures of sample yet. Run it:  pulse run --campaign sample"):
            trace(Warehouse(settings), Asked("sample", "posts"))
    finally:
        server_control.halt(ServerFiles(settings.warehouse_dir))


def test_every_measure_has_a_definition_with_formula_and_unit():
    for measure in MEASURES.values():
        assert measure.definition and {"Formula", "Unit", "NULL"} <= measure.facts.keys(), measure.name
        assert measure.raw and measure.mart and measure.shared, measure.name
