"""Every command of the pages is run as a reader runs it, and leaves as the page says."""

import csv
import json
import shlex
import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.ports import free_port
from orchestration.settings import REPOSITORY
from orchestration.x_stub.running import RunningStub
from tests.docs.scenario import ELSEWHERE, IN_FOLDER, STEPS, Step
from tests.docs.test_commands import COMMANDS
from tests.integration.conftest import PULSE

TYPED = [shlex.split(step.documented) for step in STEPS]
SECONDS = 120
MODELS = REPOSITORY / "ml_assets" / "models"
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)


def test_every_command_of_the_pages_is_tried_here_or_it_is_said_where():
    documented = {shlex.join(command.words) for command in COMMANDS}
    tried = {shlex.join(words) for words in TYPED}
    assert documented == tried | set(ELSEWHERE) and not tried & set(ELSEWHERE)
    assert all((REPOSITORY / place).is_dir() for place in ELSEWHERE.values())


def tweet(number: int, at: datetime, text: str) -> dict:
    return {"id": str(1_991_000_000_000_000_000 + number), "created_at": f"{at:%Y-%m-%dT%H:%M:%S.000Z}", "text": text, "author_id": str(number), "lang": "en",
            "public_metrics": {"like_count": number, "reply_count": 0, "retweet_count": 0, "quote_count": 0}}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files that the pages speak of."""
    made = tmp_path_factory.mktemp("documented")
    april, november = datetime(2023, 4, 3, 12, tzinfo=UTC), datetime(2026, 11, 20, 12, tzinfo=UTC)
    with (made / "posts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "created_at", "text", "likes", "lang"])
        writer.writerows([1_642_000_000_000_000_000 + n, (april + timedelta(hours=n)).isoformat(), f"a good day {n} #one", n, "en"] for n in range(48))
    posts = [tweet(n, november + timedelta(minutes=n), f"I like my product {n} #one") for n in range(30)]
    (made / "archive.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    (made / "tweets_compliance.jsonl").write_text(json.dumps({"id": posts[3]["id"], "action": "delete", "created_at": "2026-11-20T20:00:00Z", "reason": "deleted"}) + "\n")
    (made / "users_compliance.jsonl").write_text(json.dumps({"id": "7", "action": "delete", "created_at": "2026-11-20T20:00:00Z", "reason": "deleted"}) + "\n")
    shutil.copytree(MODELS / "sentiment-en", made / "candidate")
    # A head stands on the encoder in the folder beside it.
    (made / "encoder-en").symlink_to(MODELS / "encoder-en")
    return made


@pytest.fixture(scope="module")
def world(make_home, folder):
    """A home with the sample, its files, and X as of a day after the last of them."""
    home = make_home("documented")
    home.pulse("pipeline")
    ids = [row["tweet_id"] for row in home.query("select tweet_id from ml.tweet_sentiment where sentiment_label in ('negative', 'neutral', 'positive') order by tweet_id limit 5")]
    (folder / "labels.csv").write_text("tweet_id,label\n" + "".join(f"{each},neutral\n" for each in ids))
    run = home.query("select run_id from raw.tweets order by loaded_at limit 1")[0]["run_id"]
    posts = [json.loads(line) for line in (folder / "archive.jsonl").read_text().splitlines()]
    with RunningStub(posts, now=NOW, limits=False) as stub:
        environment = {
            "PULSE_X_BASE_URL": stub.url, "X_BEARER_TOKEN": "test-documented", "PULSE_X_CLOCK": f"{NOW:%Y-%m-%dT%H:%M:%SZ}", "PULSE_SITE_PORT": str(free_port()),
        }  # fmt: skip
        yield home, {"{model}": str(folder / "candidate"), "{run}": run[:6], "{port}": str(free_port())}, environment


def words_of(step: Step, folder, known: dict[str, str]) -> list[str]:
    documented = step.documented
    for word, instead in step.instead.items():
        documented = documented.replace(word, instead)
    for word, instead in known.items():
        documented = documented.replace(word, instead)
    for name in IN_FOLDER:
        documented = documented.replace(name, str(folder / name.lstrip("/").replace("/", "-")))
    return shlex.split(documented)


def heeds_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def stopped_when_it_has_said(step: Step, words: list[str], environment: dict[str, str], log) -> str:
    """What a command that goes on until Ctrl-C prints until it is ended by one."""
    with log.open("w") as out:
        # A shell's background job ignores Ctrl-C, and so would what it starts.
        process = subprocess.Popen([PULSE, *words], cwd=REPOSITORY, env=environment, stdout=out, stderr=out, preexec_fn=heeds_interrupts)
    try:
        limit = time.monotonic() + SECONDS
        while step.until not in log.read_text(errors="replace") and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.1)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        code = process.wait(SECONDS)
    finally:
        process.kill()
    said = log.read_text(errors="replace")
    assert step.until in said, said
    assert code in (0, 130), f"left with {code}: {said}"
    return said


@pytest.mark.full
@pytest.mark.xdist_group("documented")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.documented)
def test_it_runs(step, world, folder):
    home, known, more = world
    words, environment = words_of(step, folder, known), home.environment(**more)
    if step.until:
        said = stopped_when_it_has_said(step, words, environment, folder / "said.txt")
    else:
        done = subprocess.run([PULSE, *words], cwd=REPOSITORY, env=environment, input=step.typed, capture_output=True, text=True, timeout=10 * SECONDS, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == step.ends, f"pulse {shlex.join(words)} left with {done.returncode}\n{said}"
    assert step.says in said, said
    assert "Traceback" not in said, said
