"""`pulse metrics`: figures of the pipeline for Prometheus."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.errors import said_in_one_line


def metrics(
    out: Annotated[Path | None, typer.Option(help="File for the node exporter's textfile collector (*.prom), replaced whole; by default standard output.")] = None,
    of_warehouse: Annotated[bool, typer.Option("--warehouse/--no-warehouse", help="Ask the warehouse too; it is started if it does not run.")] = True,
) -> None:
    """Runs, assets, the stream and captured hours, as Prometheus reads them; run it by a clock, e.g. each minute."""
    from datetime import UTC, datetime

    from prometheus_client import generate_latest, write_to_textfile

    from orchestration.metrics.gathering import gather
    from orchestration.settings import Settings
    from orchestration.warehouse.client import Warehouse

    with said_in_one_line():
        settings = Settings()
        registry = gather(settings, Warehouse(settings) if of_warehouse else None, datetime.now(UTC))
        if out is None:
            print(generate_latest(registry).decode(), end="")
        else:
            write_to_textfile(str(out), registry)
