from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer

from orchestration import campaigns
from orchestration.campaign_checks import COLUMNS
from orchestration.campaigns import SAMPLE, Campaign, CampaignError
from orchestration.capture import capturable
from orchestration.cli.campaigns import add_campaign, check_campaigns
from orchestration.settings import Settings
from orchestration.windows import HOUR, Window


def test_a_new_home_knows_the_sample(tmp_path):
    assert campaigns.load(Settings(home=tmp_path)) == [SAMPLE]


def test_what_is_saved_is_what_is_loaded(tmp_path):
    settings = Settings(home=tmp_path)
    mine = Campaign("mine", 'My "own", really', hashtags=("one", "zwei"), zone="Europe/Berlin", languages=("en", "de"), news_query='"A b" OR c')
    campaigns.save(settings, [SAMPLE, mine])
    assert campaigns.load(settings) == [SAMPLE, mine]


def test_hashtags_are_keys_however_they_are_written():
    assert campaigns.from_values({"campaign_id": "a", "name": "A", "hashtags": "#One, ＃TWO one"}).hashtags == ("one", "two")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("campaign_id,name\nA B,x\n", "line 2: 'A B' is no campaign id"),
        ("campaign_id,name\na,x\na,y\n", "line 3: the campaign a stands there twice"),
        ("campaign_id,name,zone\na,x,Mars\n", "no time zone"),
        ("campaign_id,name,start_day\na,x,soon\n", "line 2"),
        ("campaign_id,name,colour\na,x,red\n", "unknown columns colour"),
        ("campaign_id,name,start_day,end_day\na,x,2026-03-02,2026-03-01\n", "before it starts"),
        ("campaign_id,name,source\na,x,pigeon\n", "no tweet source"),
        ("campaign_id,name\na,\n", "line 2: campaign_id and name are needed"),
    ],
)
def test_a_mistake_in_the_file_is_said_with_its_line(text, said):
    with pytest.raises(CampaignError, match=said):
        campaigns.parse(text)


def test_an_unknown_campaign_names_the_known_ones():
    with pytest.raises(CampaignError, match="Known: sample.*pulse campaigns add other"):
        campaigns.find([SAMPLE], "other")


def problems(text: str, **more) -> list[tuple[int, str]]:
    return [(each.line, each.column) for each in campaigns.problems_of(text, **more)]


GOOD = "campaign_id,name,query,hashtags,competitors,zone,start_day,end_day,languages,news_query,source,news_source\n"
BAD = GOOD + (
    'one,One,"""open OR #a",,,UTC,,,,,x_search,\n'
    "two,Two,lang:en,,two nobody,Mars/Base,2026-03-05,2026-03-01,english,,x_stream,pigeon\n"
    "\n"
    "two,,from:,#tag 2026,,,soon,,,,x_search,\n"
    "four,Four,,,,,,,,,x_search,\n"
    'five,Five,,"aurora trail, b",,,,,,,archive,,extra\n'
)


def test_every_problem_is_listed_with_its_line_and_column():
    assert problems(BAD) == [
        (2, "query"),
        (3, "zone"), (3, "end_day"), (3, "news_source"), (3, "query"), (3, "languages"), (3, "competitors"), (3, "competitors"),
        (5, "campaign_id"), (5, "start_day"), (5, "name"), (5, "hashtags"), (5, "hashtags"), (5, "query"),
        (6, "query"),
        (7, ""), (7, "hashtags"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ('a,A,"""x",,,,,,,,x_search,', "query", "missing its partner"),
        ("a,A,is:reply,,,,,,,,x_search,", "query", "cannot stand alone"),
        ("a,A,#b OR lang:en,,,,,,,,x_search,", "query", "cannot stand alone"),
        ("a,A,min_faves:5 b,,,,,,,,x_search,", "query", "no operator min_faves"),
        ("a,A,(b,,,,,,,,x_search,", "query", "never closed"),
        ("a,A,b sample:10,,,,,,,,x_search,", "query", "stream only"),
        ("a,A,b,,,,2026-02-30,,,,x_search,", "start_day", "written like 2026-03-02"),
        ("a,A,b,,a,,,,,,x_search,", "competitors", "its own competitor"),
        ("a,A,b,,z,,,,,,x_search,", "competitors", "there is no campaign 'z'"),
        ("a,A,b,＃b,,,,,,,x_search,", "hashtags", "without the sign: b"),
        ("a,A,b,a-b,,,,,,,x_search,", "hashtags", "no hashtag"),
        ("a,A,b,,,,,,EN,,x_search,", "languages", "no language code"),
        ('a,A,b,,,,,,,"""x",x_search,', "news_query", "missing its partner"),
        ("a,A,,,,,,,,,x_stream,", "query", "needs a query, or hashtags"),
    ],
)
def test_each_kind_of_mistake_is_refused_with_its_reason(row, column, said):
    (problem,) = campaigns.problems_of(GOOD + row + "\n")
    assert (problem.line, problem.column) == (2, column) and said in problem.reason


@pytest.mark.parametrize(
    ("length", "source", "archive", "refused"),
    [(512, "x_search", False, False), (513, "x_search", False, True), (513, "x_search", True, False), (1024, "x_stream", False, False), (1025, "x_stream", False, True)],
)
def test_a_query_may_be_as_long_as_the_endpoint_takes(length, source, archive, refused):
    text = f"{GOOD}a,A,{'x' * length},,,,,,,,{source},\n"
    assert problems(text, full_archive=archive) == ([(2, "query")] if refused else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "campaign_id"), (1, "name")]),
        ("campaign_id;name\na;x\n", [(1, "campaign_id;name"), (1, "campaign_id"), (1, "name")]),
        ("campaign_id,name,name\na,x,x\n", [(1, "name")]),
        ('campaign_id,name,query\na,x,y\nb,x,"y" OR #z\nc,x,y\n', [(3, "")]),
        ('campaign_id,name\na,x\nb,"x\n', [(3, "")]),
        ('campaign_id,name,zone\na,"x\ny",Venus\nb,x,Mars\n', [(2, "zone"), (4, "zone")]),
        ("campaign_id,name\na,x\n,\n\n", []),
    ],
)
def test_files_that_are_no_good_csv_are_named_by_line_too(text, expected):
    assert problems(text) == expected


def test_the_sample_and_what_is_saved_have_no_problems():
    mine = Campaign("mine", 'My "own", really', query='"a b" OR #c', competitors=("sample",), hashtags=("one", "zwölf"), languages=("en", "pt-BR"))
    assert campaigns.problems_of(campaigns.as_csv([SAMPLE, mine])) == []
    assert tuple(field.name for field in fields(Campaign)) == COLUMNS


@pytest.mark.parametrize(
    ("campaign", "query"),
    [
        (Campaign("a", "A", hashtags=("b",)), "#b"),
        (Campaign("a", "A", hashtags=("b", "c")), "#b OR #c"),
        (Campaign("a", "A", hashtags=("b", "c"), languages=("en",)), "(#b OR #c) lang:en"),
        (Campaign("a", "A", hashtags=("b",), languages=("en",)), "#b lang:en"),
        (Campaign("a", "A", hashtags=("b",), languages=("en", "de")), "#b"),
        (Campaign("a", "A", query="x", hashtags=("b",), languages=("en",)), "x"),
        (Campaign("a", "A"), None),
    ],
)
def test_a_campaign_without_a_query_is_searched_by_its_hashtags(campaign, query):
    assert campaign.as_query().query == query


def test_adding_a_campaign_is_one_edit_of_the_file(tmp_path):
    settings, hour = Settings(home=tmp_path), Window(datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC) + HOUR)
    before = capturable(campaigns.load(settings), hour)
    with settings.campaigns_file.open("a") as file:
        file.write("spring,Spring,,spring26,sample,Europe/Berlin,2026-03-01,2026-03-31,en,,x_search,\n")
    (added,) = [each for each in capturable(campaigns.load(settings), hour) if each not in before]
    assert (added.campaign_id, added.x_query, added.competitors) == ("spring", "#spring26 lang:en", ("sample",))


def test_a_campaign_is_captured_before_and_after_its_own_days_where_the_file_says_so():
    """Without days before there is nothing to compare it with: start_day alone would begin the capture with the campaign."""

    def is_captured(day: str, **days: date) -> bool:
        start = datetime.fromisoformat(f"{day}T05:00+00:00")
        return bool(capturable([Campaign("a", "A", source="x_search", start_day=date(2026, 3, 5), end_day=date(2026, 3, 9), **days)], Window(start, start + HOUR)))

    around = {"capture_from": date(2026, 2, 5), "capture_until": date(2026, 3, 20)}
    assert [is_captured(day) for day in ("2026-03-04", "2026-03-05", "2026-03-09", "2026-03-10")] == [False, True, True, False]
    assert [is_captured(day, **around) for day in ("2026-02-04", "2026-02-05", "2026-03-20", "2026-03-21")] == [False, True, True, False]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"capture_from": date(2026, 3, 6)}, "starts on 2026-03-05, before it is captured from 2026-03-06 on"),
        ({"capture_until": date(2026, 3, 8)}, "ends on 2026-03-09, after it is captured until 2026-03-08"),
    ],
)
def test_a_capture_that_leaves_out_days_of_the_campaign_is_refused(days, said):
    with pytest.raises(CampaignError, match=said):
        Campaign("a", "A", start_day=date(2026, 3, 5), end_day=date(2026, 3, 9), **days)


def test_a_run_is_refused_for_any_problem_of_the_file(tmp_path):
    (tmp_path / "campaigns.csv").write_text(BAD)
    with pytest.raises(CampaignError, match="line 2: .*16 more problems are listed by:  pulse campaigns check"):
        campaigns.load(Settings(home=tmp_path))


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    return tmp_path


def test_check_lists_every_problem_and_leaves_with_1(home, capsys):
    (home / "other.csv").write_text(BAD)
    with pytest.raises(typer.Exit) as left:
        check_campaigns(home / "other.csv")
    said = capsys.readouterr()
    assert left.value.exit_code == 1 and len(said.out.splitlines()) == 17
    assert said.out.startswith("other.csv, line 2, column query: ") and "17 problems in 5 lines" in said.err


def test_check_of_a_good_file_says_what_it_holds(home, capsys):
    check_campaigns(None)
    assert capsys.readouterr().out.startswith("ok: 1 campaigns (sample 1) in ")


def test_check_of_a_file_that_cannot_be_read_is_one_line(home):
    with pytest.raises(CampaignError, match="cannot be read"):
        check_campaigns(home / "none.csv")
    (home / "latin.csv").write_bytes("campaign_id,name\na,Größe\n".encode("latin-1"))
    with pytest.raises(CampaignError, match="not written in UTF-8"):
        check_campaigns(home / "latin.csv")


def test_add_takes_competitors_and_refuses_what_the_file_would_not_bear(home, capsys):
    add_campaign({"campaign_id": "mine", "name": "Mine", "competitors": "sample", "query": "#a", "source": "x_search"})
    assert campaigns.find(campaigns.load(Settings()), "mine").competitors == ("sample",)
    before = (home / "campaigns.csv").read_text()
    for wrong, said in (({"competitors": "nobody"}, "competitors: there is no campaign 'nobody'"), ({"query": "lang:en"}, "query: .*cannot stand alone")):
        with pytest.raises(CampaignError, match=f"{said}.*Nothing was changed"):
            add_campaign({"campaign_id": "other", "name": "Other", "query": "#a", "source": "x_search", **wrong})
    assert (home / "campaigns.csv").read_text() == before


def test_a_carriage_return_in_a_name_does_not_break_the_file():
    """It was written without quotes and read as the end of the line."""
    written = campaigns.as_csv([Campaign("c", "two\rlines"), Campaign("d", "and\r\nmore")])
    assert [each.name for each in campaigns.parse(written)] == ["two\nlines", "and\nmore"]
    assert campaigns.parse(campaigns.as_csv(campaigns.parse(written))) == campaigns.parse(written)
