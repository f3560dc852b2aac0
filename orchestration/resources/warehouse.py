"""The warehouse as a resource; the settings of the process say which one."""

from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse


class WarehouseResource(dg.ConfigurableResource[Any]):
    """Opened at first use of a run, with every table in place."""

    _opened: Warehouse | None = PrivateAttr(default=None)

    def open(self) -> Warehouse:
        """Raises WarehouseError."""
        if self._opened is None:
            self._opened = Warehouse(Settings())
            self._opened.ensure_tables()
        return self._opened
