"""`pulse newsapi-stub`: the news part of the product without an account."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.errors import fail, said_in_one_line

# After the last article its day must end and the service's delay must pass.
AFTER_LAST = timedelta(days=4)


def newsapi_stub(
    data: Annotated[Path | None, typer.Option(help="File or folder of articles; by default those of the sample campaign.")] = None,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port on 127.0.0.1.")] = 8091,
    clock: Annotated[str | None, typer.Option(help="Its time at the start, e.g. 2026-03-20T00:00Z; it runs on from there.")] = None,
    plan: Annotated[str, typer.Option(help="developer or business: delay, reach and limits.")] = "developer",
    faults: Annotated[Path | None, typer.Option(help="Script of what goes wrong, JSON.")] = None,
    log: Annotated[Path | None, typer.Option(help="File to which each request is written, one a line, without the key.")] = None,
) -> None:
    """Serve a local stub of NewsAPI and GDELT until Ctrl-C: for tests, and to try the news without an account."""
    from orchestration.news_stub.desk import Desk
    from orchestration.news_stub.plans import PLANS
    from orchestration.news_stub.running import serve
    from orchestration.news_stub.shelf import from_files, from_sample
    from orchestration.ports import port_is_free
    from orchestration.stub_clock import StubClock
    from orchestration.windows import parse_time

    with said_in_one_line():
        if plan not in PLANS:
            fail(f"There is no plan {plan!r}. Choose {' or '.join(PLANS)}.")
        if not port_is_free(port):
            fail(f"Port {port} is in use. Stop what runs there, or choose another one with --port.")
        if data and not data.exists():
            fail(f"There is no {data}. Give a file or folder of articles with --data.")
        shelf = from_files(data) if data else from_sample()
        try:
            start = parse_time(clock) if clock else _usual_start(shelf[-1].published_at, PLANS[plan].reach)
        except ValueError:
            fail(f"--clock {clock!r} is no time. Write it as 2026-03-20T00:00Z.")
        desk = Desk(shelf, PLANS[plan], StubClock(start, running=True), log_file=log)
        if faults:
            try:
                desk.faults.load_file(faults)
            except FileNotFoundError:
                fail(f"There is no script {faults}. Give a JSON file with --faults.")
            except json.JSONDecodeError as error:
                fail(f"{faults.name} is no JSON: {error}.")
            except ValueError as error:
                fail(f"{faults.name}: {error}")
        print(f"A stub of NewsAPI ({plan} plan): {len(shelf)} articles, {shelf[0].published_at:%Y-%m-%d} to {shelf[-1].published_at:%Y-%m-%d}.")
        print("Use it from another terminal:")
        print(f"  export PULSE_NEWSAPI_BASE_URL=http://127.0.0.1:{port} NEWSAPI_KEY=test-anything")
        if start:
            print(f"  export PULSE_NEWSAPI_CLOCK={start:%Y-%m-%dT%H:%M:%SZ}")
        print("Or, as GDELT answers, without a key:")
        print(f"  export PULSE_GDELT_BASE_URL=http://127.0.0.1:{port}")
        if start:
            print(f"  export PULSE_GDELT_CLOCK={start:%Y-%m-%dT%H:%M:%SZ}")
        print(f"Its requests: http://127.0.0.1:{port}/stub/log   Stop it with Ctrl-C.", flush=True)
        serve(desk, port)


def _usual_start(last: datetime, reach: timedelta) -> datetime | None:
    """The real time while the plan still shows the last article, else some days after it."""
    from datetime import UTC

    return None if datetime.now(UTC) - last < reach else last + AFTER_LAST
