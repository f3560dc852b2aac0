"""`pulse warehouse backup` and `pulse warehouse restore`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.errors import said_in_one_line

if TYPE_CHECKING:
    from orchestration.warehouse.backup import Manifest


def backup(
    folder: Annotated[Path, typer.Argument(help="Folder to write; it must not exist.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a backup of that name.")] = False,
) -> None:
    """Copy the warehouse on this machine to a folder, with a manifest that proves it; the server stops for seconds."""
    from orchestration.settings import Settings
    from orchestration.warehouse.backup import backup as write

    with said_in_one_line():
        print(f"Backed up to {folder}: {_told(write(Settings(), folder, force=force))}")
        print("It holds what the warehouse holds. The salt of author keys and campaigns.csv are not in it; keep them too.")


def restore(
    folder: Annotated[Path, typer.Argument(help="Folder that `pulse warehouse backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the warehouse that is there.")] = False,
) -> None:
    """Put a backup in the place of the warehouse on this machine, after its checksum and every row were read."""
    from orchestration.settings import Settings
    from orchestration.warehouse.backup import restore as put

    with said_in_one_line():
        manifest = put(Settings(), folder, force=force)
        print(f"Restored from {folder}: {_told(manifest)}")
        print(f"Posts that were deleted by duty after {manifest.made_at} are back. Delete them again:  pulse compliance apply FILE, or the job `compliance`")


def _told(manifest: "Manifest") -> str:
    return f"{manifest.rows:,} rows of {len(manifest.tables)} tables, {manifest.bytes / 1024**2:,.0f} MiB, as of {manifest.made_at}"
