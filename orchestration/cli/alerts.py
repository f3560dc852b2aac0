"""`pulse alerts`: try the channels, see what was told, send what is due."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.errors import said_in_one_line

if TYPE_CHECKING:
    from orchestration.warehouse.client import Warehouse

alerts_app = typer.Typer(no_args_is_help=True, help="Who is told of peaks and of failed runs, and what they were told.")
MISSING = {
    "webhook": "export PULSE_ALERT_WEBHOOK_URL=https://...",
    "mail": "export PULSE_ALERT_SMTP_HOST=... PULSE_ALERT_MAIL_TO=...",
}


@alerts_app.command("test")
def test_command() -> None:
    """Send a test message through every channel that is set up, quiet hours or not, and say what came of it."""
    from orchestration.alerts.channels import configured
    from orchestration.alerts.words import Message, one_line
    from orchestration.settings import Settings

    with said_in_one_line():
        settings = Settings()
        channels = configured(settings)
        now = datetime.now(UTC)
        said = f"This is a test of Campaign Pulse's alerts, {now:%Y-%m-%d %H:%M} UTC."
        made = Message(f"test-{now:%Y%m%dT%H%M%S%f}", "Campaign Pulse: test", said, settings.site_address)
        failed = False
        for name, channel in channels.items():
            outcome = channel.send(made)
            failed = failed or not outcome.sent
            again = " It would be tried again." if outcome.heals else ""
            print(f"{name}: {'ok, ' if outcome.sent else 'FAILED. '}{one_line(outcome.said, 400)}{again}")
        for name, how in MISSING.items():
            if name not in channels:
                print(f"{name}: not set up. Set it up:  {how}")
    raise typer.Exit(1 if failed else 0)


@alerts_app.command("list")
def list_command(
    campaign: Annotated[str | None, typer.Option(help="Campaign id; by default all.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many, the newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """What was told, is waiting, was kept back or refused: one line for each alert and channel."""
    from orchestration.alerts.outbox import rows_of
    from orchestration.cli.screen import show_table
    from orchestration.warehouse.rows import encode

    with said_in_one_line():
        rows = [row for row in rows_of(_opened()) if campaign in (None, row["campaign_id"])][:most]
        if as_json:
            print(json.dumps([{name: encode(value) for name, value in row.items()} for row in rows], ensure_ascii=False, indent=1))
        elif not rows:
            print("No alert yet. The sensors `alerts` and `failed_runs` in the Dagster UI make them, or:  pulse alerts send")
        else:
            names = ("decided_at", "channel", "state", "attempts", "next_try_at", "sentence", "reason")
            show_table([name.replace("_", " ") for name in names], [[row[name] for name in names] for row in rows])


@alerts_app.command("send")
def send_command(failed: Annotated[bool, typer.Option("--failed", help="Try those again, too, that were refused for good.")] = False) -> None:
    """One round now, as the sensor makes them: look for new events, then send what is due."""
    from orchestration.alerts.round import run_round
    from orchestration.settings import Settings

    with said_in_one_line():
        done = run_round(Settings(), _opened(), retry_failed=failed)
        print(done.sentence())
    raise typer.Exit(1 if done.failed else 0)


def _opened() -> "Warehouse":
    from orchestration.settings import Settings
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.tables import ALERTS

    warehouse = Warehouse(Settings())
    warehouse.ensure_tables([ALERTS])
    return warehouse
