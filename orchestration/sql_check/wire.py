"""Protobuf messages of any depth: the library's own parser stops at 100 levels, and a nested expression has several for each call."""

from typing import Any

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class Message:
    """Reads a message's fields when they are asked for, with the names and methods of the library's messages that we use."""

    def __init__(self, descriptor: Any, data: bytes) -> None:
        self.DESCRIPTOR = descriptor
        self._values: dict[int, list[Any]] = {}
        for number, value in _fields(data):
            self._values.setdefault(number, []).append(value)

    def __getattr__(self, name: str) -> Any:
        field = self.DESCRIPTOR.fields_by_name.get(name)
        if field is None:
            raise AttributeError(name)
        values = [self._read(field, each) for each in self._values.get(field.number, ())]
        if _is_repeated(field):
            return values
        return values[-1] if values else self._default(field)

    def WhichOneof(self, name: str) -> str | None:
        return next((field.name for field in self.DESCRIPTOR.oneofs_by_name[name].fields if field.number in self._values), None)

    def ListFields(self) -> list[tuple[Any, Any]]:
        return [(field, getattr(self, field.name)) for field in self.DESCRIPTOR.fields if field.number in self._values]

    @staticmethod
    def _read(field: Any, value: Any) -> Any:
        if field.message_type is not None:
            return Message(field.message_type, value)
        return value.decode() if field.type == field.TYPE_STRING else value

    @staticmethod
    def _default(field: Any) -> Any:
        return Message(field.message_type, b"") if field.message_type is not None else field.default_value


def _is_repeated(field: Any) -> bool:
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED


def _fields(data: bytes) -> list[tuple[int, Any]]:
    """(number, value) of each field: an int, or bytes. Raises ValueError for what is no message."""
    found, at = [], 0
    value: int | bytes
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == VARINT:
            value, at = _varint(data, at)
        elif kind in (FIXED64, FIXED32):
            size = 8 if kind == FIXED64 else 4
            value, at = data[at : at + size], at + size
        elif kind == BYTES:
            size, at = _varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"wire type {kind} at byte {at}")
        found.append((tag >> 3, value))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
