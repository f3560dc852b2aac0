"""`pulse stream`: the consumer of X's filtered stream, its rules, and how it is doing."""

from typing import Annotated

import typer

from orchestration.cli.errors import said_in_one_line

stream_app = typer.Typer(no_args_is_help=True, help="The stream of posts from X: one consumer, running all the time.")
# How long the end may take: the disk, the books.
POLL_SECONDS = 0.2


@stream_app.callback()
def stream() -> None:
    """The stream of posts from X: one consumer, running all the time."""


@stream_app.command("run")
def run_command(
    seconds: Annotated[float | None, typer.Option(min=0.1, help="End by itself after so many seconds.")] = None,
    posts: Annotated[int | None, typer.Option(min=1, help="End by itself after so many posts.")] = None,
) -> None:
    """Store every post of the campaigns that stream, until SIGTERM or Ctrl-C; only one at a time."""
    with said_in_one_line():
        run_stream(seconds, posts)


@stream_app.command("rules")
def rules_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change at X, and change nothing.")] = False,
) -> None:
    """Make X's rules those of the campaigns that stream now; a running consumer does it by itself each minute."""
    with said_in_one_line():
        bring_rules(dry_run)


@stream_app.command("status")
def status_command() -> None:
    """Whether it is connected, the last post, the rate, and the gaps of today."""
    with said_in_one_line():
        running = show_status()
    raise typer.Exit(0 if running else 3)


def run_stream(seconds: float | None, posts: int | None) -> None:
    """Runs in a thread of its own, so that a signal can end it at once. Raises SourceError, Busy, WarehouseError, OSError."""
    import signal
    from concurrent.futures import ThreadPoolExecutor, wait

    from orchestration.settings import Settings
    from orchestration.stream.consumer import Limits
    from orchestration.stream.wiring import open_consumer

    settings, signals = Settings(), []
    before = {number: signal.signal(number, lambda got, _: signals.append(got)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with open_consumer(settings, Limits(seconds, posts)) as consumer, ThreadPoolExecutor(1, "stream") as thread:
            print(f"The stream runs against {settings.x_base_url}; SIGTERM or Ctrl-C ends it.", flush=True)
            run = thread.submit(consumer.run)
            while not wait([run], POLL_SECONDS).done:
                if signals:
                    consumer.stop(f"stopped by {signal.Signals(signals[0]).name}")
            figures = run.result()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    print(f"The stream has ended: {figures.posts:,} posts in {figures.connections} connections, {figures.unread} unread lines.")


def bring_rules(dry_run: bool) -> None:
    """Raises SourceError, CampaignError."""
    from orchestration.cli.screen import plain
    from orchestration.settings import Settings
    from orchestration.sources.x.metering import Unlimited
    from orchestration.stream.rules import existing_rules, plan, synchronise
    from orchestration.stream.wiring import wanted_rules
    from orchestration.x_access import x_client

    settings = Settings()
    wanted = wanted_rules(settings)
    client = x_client(settings, Unlimited())
    planned = plan(wanted, existing_rules(client)) if dry_run else synchronise(client, wanted)[0]
    for sign, rules in (("+", planned.add), ("-", planned.remove)):
        for rule in rules:
            print(f"{sign} {plain(rule.tag)}  {plain(rule.value)}")
    if not planned.add and not planned.remove:
        print(f"Nothing to change: {len(wanted)} rules are as the campaigns want them.")
    elif dry_run:
        print(f"{len(planned.add)} rules would be added and {len(planned.remove)} removed; nothing was changed.")
    else:
        print(f"{len(planned.add)} rules added, {len(planned.remove)} removed.")


def show_status() -> bool:
    """Prints the status; whether a consumer runs. With the sink pubsub the gaps are those of this machine's last session."""
    from orchestration.settings import Settings
    from orchestration.sources.x.spool import FileSpool
    from orchestration.stream.manifest import is_running, read_life
    from orchestration.stream.status import Status
    from orchestration.stream.wiring import stream_folder
    from orchestration.x_access import x_now

    settings = Settings()
    folder = stream_folder(settings)
    status = Status.of(is_running(folder), read_life(folder), FileSpool(folder).events(), x_now(settings))
    print("\n".join(status.lines()))
    return status.running
