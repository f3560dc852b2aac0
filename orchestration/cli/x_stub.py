"""`pulse x-stub`: the X part of the product without an account."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.errors import fail, said_in_one_line

if TYPE_CHECKING:
    from orchestration.x_stub.faults import Faults
    from orchestration.x_stub.store import Store

REACH = timedelta(days=7)
# After the last post its hour must end, and nobody can edit it any more.
AFTER_LAST = timedelta(hours=1)


def x_stub(
    data: Annotated[list[Path] | None, typer.Option(help="File or folder of posts, several if you like; by default the sample campaign's.")] = None,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port on 127.0.0.1.")] = 8090,
    clock: Annotated[str | None, typer.Option(help="Its time at the start, e.g. 2026-03-17T05:00Z; it runs on from there.")] = None,
    shift_to_now: Annotated[bool, typer.Option("--shift-to-now", help="Move the posts by whole hours so that they end now.")] = False,
    ends_in_hours: Annotated[float | None, typer.Option(max=23, help="Move them so that they end so many hours from now: what is to come arrives by and by.")] = None,
    growth_hours: Annotated[float | None, typer.Option(min=0.01, help="Let metrics grow with a post's age; after so many hours 63 % are there.")] = None,
    vocabulary: Annotated[str, typer.Option(help="tweet or post: the old names of fields, or those of specification 2.167.")] = "tweet",
    reposts: Annotated[bool, typer.Option("--reposts", help="Let search return reposts, as it did before May 2026.")] = False,
    replay_rate: Annotated[float | None, typer.Option(min=0.1, help="Send the posts on the stream over and over, so many a second.")] = None,
    faults: Annotated[Path | None, typer.Option(help="Script of what goes wrong, JSON.")] = None,
    log: Annotated[Path | None, typer.Option(help="File to which each request is written, one a line, without the token.")] = None,
    no_limits: Annotated[bool, typer.Option("--no-limits", help="Enforce no rate limits.")] = False,
) -> None:
    """Serve a local stub of X's API until Ctrl-C: for tests, and to try the product without an account."""
    from orchestration.author_salt import ensure_author_salt
    from orchestration.ports import port_is_free
    from orchestration.settings import Settings
    from orchestration.stub_clock import StubClock
    from orchestration.windows import parse_time
    from orchestration.x_stub.desk import Desk
    from orchestration.x_stub.loading import from_archives, from_sample
    from orchestration.x_stub.running import limits_of, serve

    with said_in_one_line():
        if vocabulary not in {"tweet", "post"}:
            fail(f"There is no vocabulary {vocabulary!r}. Choose tweet or post.")
        if clock and (shift_to_now or ends_in_hours is not None):
            fail("--clock and moved posts exclude each other: posts that are moved to now need the real time.")
        if not port_is_free(port):
            fail(f"Port {port} is in use. Stop what runs there, or choose another one with --port.")
        # Rows without author ids get pseudonyms as numbers.
        ensure_author_salt(Settings())
        store = from_archives(data) if data else from_sample()
        if shift_to_now or ends_in_hours is not None:
            store = store.shifted(datetime.now(UTC) + timedelta(hours=ends_in_hours or 0))
        try:
            start = parse_time(clock) if clock else _usual_start(store)
        except ValueError:
            fail(f"--clock {clock!r} is no time. Write it as 2026-03-17T05:00Z.")
        desk = Desk(
            store,
            StubClock(start, running=True),
            vocabulary=vocabulary,
            growth_hours=growth_hours,
            search_returns_reposts=reposts,
            replay_rate=replay_rate,
            limits=limits_of(not no_limits),
            log_file=log,
        )
        if faults:
            _load(desk.faults, faults)
        _say_how_to_use(store, desk.clock.now(), start, port, vocabulary)
        serve(desk, port)


def _usual_start(store: "Store") -> datetime | None:
    """The real time while search still reaches the last post, else some time after it."""
    from orchestration.windows import HOUR, floor_hour

    last = datetime.fromisoformat(store.posts[-1].record["created_at"])
    return None if datetime.now(UTC) - last < REACH else floor_hour(last) + HOUR + AFTER_LAST


def _load(faults: "Faults", path: Path) -> None:
    try:
        faults.load_file(path)
    except FileNotFoundError:
        fail(f"There is no script {path}. Give a JSON file with --faults.")
    except json.JSONDecodeError as error:
        fail(f"{path.name} is no JSON: {error}.")
    except ValueError as error:
        fail(f"{path.name}: {error}")


def _say_how_to_use(store: "Store", now: datetime, start: datetime | None, port: int, vocabulary: str) -> None:
    first, last = (store.posts[at].record["created_at"][:16] for at in (0, -1))
    print(f"A stub of X API v2: {len(store.posts):,} posts, {first}Z to {last}Z. Its time is {now:%Y-%m-%dT%H:%MZ},")
    print(f"so recent search reaches back to {now - REACH:%Y-%m-%dT%H:%MZ}. Use it from another terminal:")
    print(f"  export PULSE_X_BASE_URL=http://127.0.0.1:{port} X_BEARER_TOKEN=test-anything")
    if start:
        print(f"  export PULSE_X_CLOCK={start:%Y-%m-%dT%H:%M:%SZ}")
    if vocabulary == "post":
        print("  export PULSE_X_VOCABULARY=post")
    print(f"Its requests: http://127.0.0.1:{port}/stub/log   its bill: /stub/bill   Stop it with Ctrl-C.", flush=True)
