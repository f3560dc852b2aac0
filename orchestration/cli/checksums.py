"""`pulse checksums`: a line per mart, to see that two runs made the same."""

import json
from dataclasses import asdict

from orchestration import campaigns, marts
from orchestration.checksums import Checksum, checksums, total
from orchestration.cli.errors import fail
from orchestration.cli.screen import show_table
from orchestration.marts import Part
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse

FORMS = ("table", "json")


def show_checksums(campaign: str | None, form: str) -> None:
    """Prints them and their total. Raises CampaignError, WarehouseError."""
    if form not in FORMS:
        fail(f"{form!r} is no format. Choose {' or '.join(FORMS)}.")
    settings = Settings()
    if campaign:
        campaigns.find(campaigns.load(settings), campaign)
    found = checksums(Warehouse(settings), marts.marts_of(settings).values(), Part(campaign))
    if form == "json":
        print(json.dumps({"campaign": campaign, "marts": [asdict(each) for each in found], "total": asdict(total(found))}, indent=1))
    else:
        show_table(["mart", "rows", "checksum"], [_line(each) for each in [*found, total(found)]])


def _line(found: Checksum) -> list[str | int | None]:
    return [found.mart, found.rows, found.checksum or "not built"]
