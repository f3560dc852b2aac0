"""`pulse bigquery`: whether BigQuery does with every statement and with the sample what this machine does."""

import sys
from typing import Annotated

import typer

from orchestration.cli.errors import fail, said_in_one_line

bigquery_app = typer.Typer(no_args_is_help=True, help="BigQuery beside the warehouse on this machine.")


@bigquery_app.callback()
def bigquery() -> None:
    """BigQuery beside the warehouse on this machine."""


@bigquery_app.command("verify")
def verify_command(
    most_gib: Annotated[float | None, typer.Option("--most-gib", min=0, help="Cap of the estimate in GiB billed; by default PULSE_DBT_BYTES_BUDGET.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the datasets of the sample for a day, to look at them.")] = False,
    rehearse: Annotated[bool, typer.Option("--rehearse", help="Against the warehouse on this machine, as if it were BigQuery; bills nothing.")] = False,
) -> None:
    """Dry-run every statement, run the sample in scratch datasets, compare each mart with this machine's, and clean up."""
    with said_in_one_line():
        verify_and_show(most_gib, yes=yes, keep=keep, rehearse=rehearse)


@bigquery_app.command("drop")
def drop_command(prefix: Annotated[str, typer.Argument(help="Prefix of the scratch datasets, as `verify` printed it.")]) -> None:
    """Delete scratch datasets that were kept, or that a killed machine left; never any other dataset."""
    from orchestration.bigquery_verify.scratch import PREFIX, drop
    from orchestration.settings import Settings
    from orchestration.warehouse.client import Warehouse

    with said_in_one_line():
        if not PREFIX.fullmatch(prefix):
            fail(f"{prefix!r} is no prefix of scratch datasets. They look like pulse_verify_20260302t050000_0a1b2c_ with nothing behind it.")
        settings = Settings()
        dropped = drop(Warehouse(settings).client, settings, prefix)
        print(f"{len(dropped)} datasets deleted." if dropped else f"There are no datasets {prefix}*; nothing was deleted.")


def verify_and_show(most_gib: float | None, *, yes: bool, keep: bool, rehearse: bool) -> None:
    """Says what it will cost and asks; nothing is sent to BigQuery before. Raises VerifyError, WarehouseError, DbtError."""
    from orchestration import marts
    from orchestration.bigquery_verify import estimate
    from orchestration.bigquery_verify.comparing import not_built
    from orchestration.bigquery_verify.verify import Verification, verify
    from orchestration.checksums import checksums
    from orchestration.cli.serving import own_warehouse
    from orchestration.dbt.cost import GIBIBYTE, in_words
    from orchestration.dbt.project import load_manifest
    from orchestration.settings import Settings
    from orchestration.sources.sample.campaign import CAMPAIGN_ID
    from orchestration.warehouse.client import Warehouse
    from orchestration.warehouse.connection import describe
    from orchestration.warehouse.tables import TABLES

    settings = Settings()
    if settings.env != "prod" and not rehearse:
        fail("This sends statements to BigQuery. Set  PULSE_ENV=prod GOOGLE_CLOUD_PROJECT=your-project,  or rehearse on this machine:  --rehearse")
    if settings.env == "prod" and rehearse:
        fail("PULSE_ENV=prod is BigQuery itself. Leave --rehearse out, or unset PULSE_ENV.")
    reference = settings.model_copy(update={"env": "local", "dataset_prefix": "" if settings.env == "prod" else settings.dataset_prefix})
    with own_warehouse(reference):
        manifest = load_manifest(reference)
        known = marts.read_manifest(manifest)
        absent = not_built(checksums(Warehouse(reference), known.values(), marts.Part(CAMPAIGN_ID)))
        if absent:
            fail(f"{len(absent)} marts are not built on this machine, so there is nothing to compare with. Materialise the sample:  PULSE_ENV=local make pipeline")
        most = settings.dbt_bytes_budget if most_gib is None else int(most_gib * GIBIBYTE)
        found = estimate.estimate(manifest["nodes"], len(TABLES), len(known))
        print(f"Verify {describe(settings)}, in datasets pulse_verify_* that are deleted afterwards.")
        for line in estimate.told(found, most, min(settings.maximum_bytes_billed, most)):
            print(line)
        if not found.within(most):
            fail(f"The estimate is above the cap of {in_words(most)}; nothing was sent. Raise it:  --most-gib {found.bytes / GIBIBYTE + 1:.0f}")
        if not yes and not typer.confirm("Go on?"):
            fail("Nothing was sent.")
        try:
            verify(Verification(settings, reference, known, CAMPAIGN_ID, most, keep), lambda line: print(line, flush=True))
        except KeyboardInterrupt:
            print(f"\npulse: stopped.{'' if keep else ' The scratch datasets are deleted.'}", file=sys.stderr)
            raise typer.Exit(130) from None
        print("BigQuery does what this machine does." if not rehearse else "Rehearsed on this machine; nothing was asked of BigQuery.")
