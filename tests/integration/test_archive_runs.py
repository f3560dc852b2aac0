"""Archives through the whole pipeline: orders, kills, bad input."""

import json
import random
import signal
import subprocess

import pytest

from orchestration.settings import REPOSITORY
from orchestration.warehouse.server_files import ServerFiles
from tests.integration.conftest import PULSE, Home, contents

# Homes of their own and runs of the pipeline.
pytestmark = pytest.mark.full

CHATGPT = REPOSITORY.parent / "shared" / "data" / "chatgpt_daily_2023"
HOURS, MORE_HOURS = 2, 4
PEOPLE = 7


def write_archive(folder, seed=11, hours=HOURS):
    """A small archive of three shapes with late observations, edits and reposts; the first `hours` of 2025-06-01."""
    rng = random.Random(seed)
    lines = []
    for number in range(120):
        minute = rng.randrange(hours * 60)
        post = {
            "id": str(1_900_000_000_000_000_000 + number),
            "text": f"post {number} is {rng.choice(('great', 'awful', 'here'))} #One" + (" #Two" if number % 3 == 0 else ""),
            "created_at": f"2025-06-01T{minute // 60:02}:{minute % 60:02}:{number % 60:02}.000Z",
            "author_id": str(number % PEOPLE),
            "lang": "en",
            "public_metrics": {"like_count": rng.randrange(50), "reply_count": 1, "quote_count": 0, "retweet_count": rng.randrange(9)},
            "edit_history_tweet_ids": [str(1_900_000_000_000_000_000 + number)],
        }
        if number % 10 == 0:
            post["referenced_tweets"] = [{"type": "retweeted", "id": "1", "text": "original #One", "entities": {"hashtags": [{"tag": "One"}]}}]
        lines.append(post)
    # An edit that crosses an hour: the later version takes the earlier one's place, whichever hour is loaded first.
    for hour in range(0, hours, 2):
        versions = [str(1_950_000_000_000_000_000 + 10 * hour + n) for n in range(2)]
        for n, version in enumerate(versions):
            at = f"2025-06-01T{hour:02}:50:00.000Z" if n == 0 else f"2025-06-01T{hour + 1:02}:05:00.000Z"
            lines.append(
                {"id": version, "text": f"edited {n} #One", "created_at": at, "author_id": "99", "lang": "en",
                 "public_metrics": {"like_count": 100 + n}, "edit_history_tweet_ids": versions[: n + 1]}
            )  # fmt: skip
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n{broken\n")
    return folder / "posts.jsonl"


def hour(number: int) -> str:
    return f"2025-06-01T{number:02}:00Z"


def run(home, archive, first, last, **kwargs):
    return home.pulse("run", "--campaign", "trial", "--from", hour(first), "--to", hour(last), "--archive", str(archive), **kwargs)


@pytest.fixture(scope="module")
def left_alone(make_home, tmp_path_factory):
    """(archive, home) after one range run."""
    archive = write_archive(tmp_path_factory.mktemp("archive"))
    home = make_home("left-alone")
    home.pulse("campaigns", "add", "trial", "--name", "Trial", "--zone", "Asia/Kolkata")
    run(home, archive, 0, HOURS)
    return archive, home


def test_the_edited_posts_count_once_and_the_broken_line_is_a_dead_letter(left_alone):
    _, home = left_alone
    assert home.query("select count(*) as n, sum(like_count) as likes from marts.tweets where text like 'edited%'") == [{"n": 1, "likes": 101}]
    (letter,) = home.query("select reason, line from raw.dead_letters")
    assert letter == {"reason": "json_error", "line": 123}


def trial_home(make_home, name):
    home = make_home(name)
    home.pulse("campaigns", "add", "trial", "--name", "Trial", "--zone", "Asia/Kolkata")
    return home


def kill_at(step, words, home):
    """Starts `pulse ...` and kills it as soon as it says that it began `step`."""
    with subprocess.Popen([PULSE, *words], cwd=REPOSITORY, env=home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        said = next((line for line in process.stderr if line.startswith(f"{step}:")), None)
        process.kill()
    assert said, f"the run never came to {step}"
    assert process.returncode == -signal.SIGKILL


def run_words(archive, first, last):
    return ["run", "--campaign", "trial", "--from", hour(first), "--to", hour(last), "--archive", str(archive)]


@pytest.mark.slow
def test_killed_and_then_hour_by_hour_and_the_later_one_first_the_marts_are_equal(left_alone, make_home):
    archive, alone = left_alone
    home = trial_home(make_home, "later-first")
    kill_at("dbt: hourly marts", run_words(archive, 0, HOURS), home)
    for number in reversed(range(HOURS)):
        run(home, archive, number, number + 1)
    assert home.marts("trial") == alone.marts("trial")


@pytest.mark.slow
def test_hour_by_hour_and_in_random_order_the_marts_are_equal(make_home, tmp_path):
    archive = write_archive(tmp_path, hours=MORE_HOURS)
    alone, home = trial_home(make_home, "in-one-range"), trial_home(make_home, "random-order")
    run(alone, archive, 0, MORE_HOURS)
    order = random.Random(4).sample(range(MORE_HOURS), MORE_HOURS)
    for number in order:
        run(home, archive, number, number + 1)
    assert home.marts("trial") == alone.marts("trial"), f"order {order}"


@pytest.mark.slow
def test_a_run_killed_at_every_step_and_repeated_ends_with_the_same_marts(left_alone, make_home):
    archive, alone = left_alone
    home = trial_home(make_home, "killed")
    for step in ("capture", "dbt: posts", "sentiment", "dbt: hourly marts", "dbt: peaks", "dbt: news marts", "publications"):
        kill_at(step, run_words(archive, 0, HOURS), home)
    run(home, archive, 0, HOURS)
    assert home.marts("trial") == alone.marts("trial")


def test_a_second_run_of_an_archive_that_lost_posts_is_refused_unless_forced(left_alone, tmp_path):
    archive, home = left_alone
    smaller = tmp_path / "posts.jsonl"
    smaller.write_text("\n".join(archive.read_text().splitlines()[::2]))
    before = contents(home.warehouse, "tweets", "trial")
    said = run(home, smaller, 0, HOURS, code=1)
    assert "would lose posts" in last_line(said) and "--force" in last_line(said)
    assert contents(home.warehouse, "tweets", "trial") == before


@pytest.mark.slow
@pytest.mark.skipif(not CHATGPT.exists(), reason="the ChatGPT archive is not here")
def test_the_chatgpt_archive_peaks_on_the_right_day(make_home):
    home = make_home("chatgpt")
    home.pulse("campaigns", "add", "chatgpt", "--name", "ChatGPT")
    said = home.pulse("run", "--campaign", "chatgpt", "--from", "2023-04-03", "--to", "2023-04-08", "--source", "archive", "--archive", str(CHATGPT))
    assert "5,973 posts" in said and "not exact" in said
    rows = json.loads(home.pulse("query", "select day, engagement from marts.engagement_daily where hashtag='chatgpt' order by day", "--format", "json"))
    assert [row["engagement"] for row in rows] == [453, 741, 165, 579, 233]
    (peak,) = home.query("select peak_day, engagement, runner_up_day from marts.hashtag_peaks where hashtag = 'chatgpt'")
    assert (peak["peak_day"].isoformat(), peak["engagement"], peak["runner_up_day"].isoformat()) == ("2023-04-04", 741, "2023-04-06")


@pytest.fixture(scope="module")
def quiet_home(make_home):
    home = make_home("bad-input")
    home.pulse("campaigns", "add", "trial", "--name", "Trial")
    return home


def last_line(said: str) -> str:
    return said.strip().splitlines()[-1]


def test_a_missing_file_is_said_in_one_line(quiet_home, tmp_path):
    assert last_line(run(quiet_home, tmp_path / "none.csv", 0, 1, code=1)).startswith("pulse: There is no file or folder")


@pytest.mark.slow
def test_nothing_in_the_window_says_which_span_there_is_and_writes_nothing(quiet_home, tmp_path):
    archive = write_archive(tmp_path)
    said = quiet_home.pulse("run", "--campaign", "trial", "--from", "2024-01-01", "--to", "2024-01-02", "--archive", str(archive), code=1)
    assert "It has posts from 2025-06-01T00:" in said
    assert quiet_home.query("select count(*) as n from raw.capture_ledger") == [{"n": 0}]


@pytest.fixture
def foreign_csv(tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text("Tweet,Date Created,Number of Likes\n#One is great,2025-06-01 00:10:00,5\nshifted\n#One too,2025-06-01 00:20:00,7\n")
    return file


def test_unknown_headers_are_named_with_the_option(quiet_home, foreign_csv):
    said = run(quiet_home, foreign_csv, 0, 1, code=1)
    assert "'Date Created'" in said and "--columns" in said


@pytest.mark.slow
def test_with_the_option_unknown_headers_are_read(quiet_home, foreign_csv):
    done = quiet_home.pulse(*run_words(foreign_csv, 0, 1), "--columns", "text=Tweet", "created_at=Date Created", "like_count=Number of Likes")
    assert "2 posts" in done and "1 records could not be used (shifted_row 1)" in done and "no ids" in done
    assert quiet_home.query("select engagement from marts.engagement_daily where hashtag = 'one'") == [{"engagement": 12}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--campaign", "nobody", "--from", "2025-06-01", "--to", "2025-06-02"], "pulse campaigns add nobody"),
        (["run", "--campaign", "trial", "--from", "2025-06-02", "--to", "2025-06-01"], "ends"),
        (["run", "--campaign", "trial", "--from", "soon", "--to", "later"], "no times"),
        (["run", "--campaign", "trial", "--from", "2025-06-01", "--to", "2025-06-02"], "--archive PATH"),
        (["run", "--campaign", "trial", "--from", "2025-06-01", "--to", "2025-06-02", "--source", "x_search"], "X_BEARER_TOKEN is not set"),
        (["summary", "--campaign", "nobody"], "no campaign 'nobody'"),
        (["query", "select * from nowhere.x"], "nowhere"),
        (["query", "select 1", "--format", "xml"], "no format"),
        (["campaigns", "add", "Bad Id", "--name", "x"], "no campaign id"),
        (["campaigns", "add", "ok", "--name", "x", "--zone", "Mars/Base"], "no time zone"),
        (["campaigns", "add", "ok", "--name", "x", "--start", "soon"], "Days are written"),
    ],
)
def test_a_mistake_is_answered_in_one_line_with_the_next_thing_to_do(quiet_home, words, said):
    answer = quiet_home.pulse(*words, code=1)
    assert said in answer and last_line(answer).startswith("pulse: ") and "Traceback" not in answer


@pytest.mark.slow
def test_a_stopped_warehouse_says_how_to_start_it(make_home):
    home = make_home("stopped")
    home.pulse("warehouse", "start")
    assert "running" in home.pulse("warehouse", "status")
    home.pulse("warehouse", "stop")
    assert "pulse warehouse start" in home.pulse("query", "select 1", code=1)
    assert "pulse warehouse start" in home.pulse("warehouse", "status", code=3)
    home.pulse("warehouse", "start")
    assert "1" in home.pulse("query", "select 1 as x")


def test_a_wrong_setting_and_a_missing_project_are_said_by_name(quiet_home):
    assert "PULSE_HOURLY_CAP is wrong" in quiet_home.pulse("campaigns", "list", code=1, PULSE_HOURLY_CAP="many")
    assert "GOOGLE_CLOUD_PROJECT" in quiet_home.pulse("query", "select 1", code=1, PULSE_ENV="prod")


def test_a_campaigns_file_with_a_mistake_names_the_line(make_home):
    home = make_home("broken-campaigns")
    home.pulse("campaigns", "list")
    file = home.settings.campaigns_file
    file.write_text(file.read_text() + "two,Two,,,,Nowhere/At/All,,,,,archive,newsapi\n")
    assert "campaigns.csv, line 3" in home.pulse("campaigns", "list", code=1)


def test_the_doctor_names_what_is_missing_and_the_next_command(tmp_path):
    home = Home(tmp_path)
    said = home.pulse("doctor")
    assert "Next:  make demo" in said and not list(home.folder.iterdir())
    assert "MISSING" in home.pulse("doctor", code=1, PULSE_SENTIMENT_MODEL="/nowhere/model")


def test_two_homes_never_touch_each_other(quiet_home, make_home):
    other = make_home("other")
    assert "trial" not in other.pulse("campaigns", "list")
    assert "trial" in quiet_home.pulse("campaigns", "list")
    other.pulse("warehouse", "start")
    assert ServerFiles(other.settings.warehouse_dir).said().url != ServerFiles(quiet_home.settings.warehouse_dir).said().url
