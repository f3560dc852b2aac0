"""`pulse logs`: what each run did to each asset."""

import json
import sys
from typing import Annotated

import typer

from orchestration.cli.errors import fail, said_in_one_line


def logs(
    run: Annotated[str | None, typer.Option(help="Run id, or its beginning.")] = None,
    asset: Annotated[str | None, typer.Option(help="Asset key, e.g. marts/engagement_daily.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, as they are stored.")] = False,
    following: Annotated[bool, typer.Option("--follow", help="Go on with what is written, until Ctrl-C.")] = False,
) -> None:
    """One line of figures per asset and run: seconds, rows, bytes, coverage, and the cause of a failure."""
    from orchestration.cli.screen import plain
    from orchestration.run_log import files
    from orchestration.run_log.lines import for_people
    from orchestration.settings import Settings

    with said_in_one_line():
        folder, shown = Settings().log_dir, 0
        rows = files.follow(folder, run=run, asset=asset) if following else files.read(folder, run=run, asset=asset)
        try:
            for row in rows:
                print(json.dumps(row, ensure_ascii=False) if as_json else plain(for_people(row)), flush=following)
                shown += 1
        except (KeyboardInterrupt, BrokenPipeError):
            sys.stderr.close()
            raise typer.Exit(0) from None
        if not shown:
            fail(f"{folder} has no line of that. Runs are logged when they end; which assets there are:  pulse logs")
