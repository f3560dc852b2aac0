"""What can go wrong with a warehouse, in one line each: what happened, to what, and what to do next."""


class WarehouseError(Exception):
    """The warehouse could not do what was asked; nothing is half-written."""


class WarehouseStopped(WarehouseError):
    """Somebody stopped the local warehouse on purpose, so no command starts it in passing."""

    def __init__(self) -> None:
        super().__init__("The warehouse is stopped. Start it:  pulse warehouse start")


class WarehouseUnreachable(WarehouseError):
    """Nobody answers; the statement may or may not have run."""


class NotReadOnly(WarehouseError):
    """The statement is not one single query."""
