"""Google's analyzer (package `zetasql`, WASM) with the options of BigQuery: one statement in, its columns and functions out."""

import atexit
import ctypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from orchestration.sql_check.typed import forbidden_by_type
from orchestration.sql_check.wire import Message

_FUNCTION = re.compile(rb"ZetaSQL:([$\w.]+)")

# Not in BigQuery although they belong to the language. What is left over is caught by name in `functions.py`.
LACKING_FEATURES = frozenset({"FEATURE_INLINE_LAMBDA_ARGUMENT", "FEATURE_TIMESTAMP_NANOS", "FEATURE_TIMESTAMP_PICOS", "FEATURE_MULTILEVEL_AGGREGATION"})
# A reserved word in BigQuery. Where it is none, QUALIFY is only taken behind WHERE, GROUP BY or HAVING.
RESERVED = ("QUALIFY",)

# BigQuery's other names of INT64, which the analyzer does not know.
ALIASES = ("INT", "SMALLINT", "INTEGER", "BIGINT", "TINYINT", "BYTEINT")

_NAMES = {
    "INT64": "INT64", "DOUBLE": "FLOAT64", "BOOL": "BOOL", "STRING": "STRING", "BYTES": "BYTES", "DATE": "DATE", "TIMESTAMP": "TIMESTAMP",
    "TIME": "TIME", "DATETIME": "DATETIME", "NUMERIC": "NUMERIC", "BIGNUMERIC": "BIGNUMERIC", "JSON": "JSON", "INTERVAL": "INTERVAL",
    "GEOGRAPHY": "GEOGRAPHY",
}  # fmt: skip


class Refused(Exception):
    """The analyzer does not take the statement; the message is its own, with line and column."""


@dataclass(frozen=True)
class Column:
    """`type` as BigQuery writes it, e.g. ARRAY<STRING>."""

    name: str
    type: str


@dataclass(frozen=True)
class Analysed:
    """`kind` is the analyzer's word for the statement, e.g. query_stmt; `target` the table it makes or drops, as written.

    `forbidden` says in words which constructs it uses that the local server answers otherwise, where only types tell.
    """

    kind: str
    columns: tuple[Column, ...]
    functions: frozenset[str]
    target: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


Tables = Mapping[tuple[str, ...], tuple[Column, ...]]


class Engine:
    """Analyses statements against a catalogue of tables; `know` gives it another."""

    def __init__(self) -> None:
        self._client = _client()
        self._tables: Tables = {}
        self._catalogue: int | None = None
        self._types: dict[str, Any] = {}

    def know(self, tables: Tables) -> None:
        """`tables` by path, e.g. (project, dataset, name). Told to the analyzer before the next statement."""
        self._tables = dict(tables)
        if self._catalogue is not None:
            pb = _messages()
            self._client.call_grpc_func("ZetaSqlLocalService_UnregisterCatalog", pb.UnregisterRequest(registered_id=self._catalogue))
            self._catalogue = None

    def type_of(self, name: str) -> Any:
        """The analyzer's own form of a BigQuery type. Raises Refused."""
        if name not in self._types:
            response, _ = self._call(f"select cast(null as {name}) as c", {}, self._register({}))
            self._types[name] = response.resolved_statement.resolved_query_stmt_node.output_column_list[0].column.type
        return self._types[name]

    def type_written(self, name: str) -> str:
        """A type as BigQuery writes it: `string` is STRING, `float` none. Raises Refused."""
        return type_name(self.type_of(name))

    def analyse(self, sql: str, parameters: Mapping[str, str] | None = None) -> Analysed:
        """`parameters` are types by name. Raises Refused."""
        typed = {name: self.type_of(kind) for name, kind in (parameters or {}).items()}
        if self._catalogue is None:
            self._catalogue = self._register(self._tables)
        response, found = self._call(sql, typed, self._catalogue)
        kind, node = _node(response.resolved_statement)
        columns = [Column(each.name, type_name(each.column.type)) for each in _inherited(node, "output_column_list")]
        target = tuple(".".join(_inherited(node, "name_path")).split(".")) if _inherited(node, "name_path") else ()
        used = forbidden_by_type(sql, response.resolved_statement, type_name)
        return Analysed(kind.removeprefix("resolved_"), tuple(columns), found, target, tuple(used))

    def _call(self, sql: str, parameters: Mapping[str, Any], catalogue: int) -> tuple[Any, frozenset[str]]:
        from google.protobuf.message import DecodeError
        from zetasql.core.exceptions import ServerError

        pb = _messages()
        options = type(_options())()
        options.CopyFrom(_options())
        for name, kind in parameters.items():
            options.query_parameters.add(name=name, type=kind)
        request = pb.AnalyzeRequest(sql_statement=sql, options=options, registered_catalog_id=catalogue)
        try:
            answer = self._client._call_grpc_method("ZetaSqlLocalService_Analyze", request.SerializeToString())
        except ServerError as error:
            raise Refused(" ".join(str(error).removeprefix("[INVALID_ARGUMENT] ").split())) from None
        functions = frozenset(name.decode() for name in _FUNCTION.findall(answer))
        try:
            return pb.AnalyzeResponse.FromString(answer), functions
        except DecodeError:
            return Message(pb.AnalyzeResponse.DESCRIPTOR, answer), functions

    def _register(self, tables: Tables) -> int:
        pb = _messages()
        catalogue = _catalogue_message()(name="bigquery")
        catalogue.builtin_function_options.language_options.CopyFrom(_options().language_options)
        for name in ALIASES:
            catalogue.named_type.add(name=name).type.type_kind = _types().TYPE_INT64
        for path, columns in tables.items():
            for spelling in _spellings(path):
                inside = catalogue
                for name in spelling[:-1]:
                    inside = next((each for each in inside.catalog if each.name == name), None) or inside.catalog.add(name=name)
                made = inside.table.add(name=spelling[-1], full_name=".".join(path))
                for column in columns:
                    made.column.add(name=column.name, type=self.type_of(column.type))
        response = self._client.call_grpc_func(
            "ZetaSqlLocalService_RegisterCatalog", pb.RegisterCatalogRequest(simple_catalog=catalogue), pb.RegisterResponse
        )
        return response.registered_id


def type_name(kind: Any) -> str:
    """A type as BigQuery writes it."""
    name = kind.DESCRIPTOR.fields_by_name["type_kind"].enum_type.values_by_number[kind.type_kind].name.removeprefix("TYPE_")
    if name == "ARRAY":
        return f"ARRAY<{type_name(kind.array_type.element_type)}>"
    if name == "STRUCT":
        return f"STRUCT<{', '.join(f'{each.field_name} {type_name(each.field_type)}'.strip() for each in kind.struct_type.field)}>"
    return _NAMES.get(name, name)


def _node(message: Any) -> tuple[str, Any]:
    """The statement inside the analyzer's wrappers of base classes, by the name of its class."""
    while True:
        name = message.WhichOneof("node")
        inner = getattr(message, name)
        if "node" not in inner.DESCRIPTOR.oneofs_by_name:
            return name.removesuffix("_node"), inner
        message = inner


def _inherited(node: Any, field: str) -> Any:
    """A repeated field of a node, or of the class that it stands on; empty where there is none."""
    while node is not None:
        if found := getattr(node, field, None):
            return found
        node = node.parent if "parent" in node.DESCRIPTOR.fields_by_name else None
    return ()


def _spellings(path: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """How a statement may write a path: with or without the project, each part in backquotes, or the whole, or the dataset."""
    for parts in (path, path[1:]):
        yield parts
        yield (".".join(parts),)
    yield (".".join(path[:2]), *path[2:])


@cache
def _options() -> Any:
    from zetasql.wasi._pb2.zetasql.proto import options_pb2
    from zetasql.wasi._pb2.zetasql.public import options_pb2 as public

    asked = _messages().LanguageOptionsRequest(maximum_features=True)
    language = _client().call_grpc_func("ZetaSqlLocalService_GetLanguageOptions", asked, options_pb2.LanguageOptionsProto)
    language.product_mode = public.PRODUCT_EXTERNAL
    language.reserved_keywords.extend(RESERVED)
    del language.supported_statement_kinds[:]
    kept = [each for each in language.enabled_language_features if public.LanguageFeature.Name(each) not in LACKING_FEATURES]
    del language.enabled_language_features[:]
    language.enabled_language_features.extend(kept)
    return options_pb2.AnalyzerOptionsProto(
        language_options=language,
        default_timezone="UTC",
        error_message_mode=public.ERROR_MESSAGE_ONE_LINE,
        # So that a finding can show the piece of SQL that it is about.
        parse_location_record_type=public.PARSE_LOCATION_RECORD_FULL_NODE_SCOPE,
    )


def _messages() -> Any:
    from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2

    return local_service_pb2


def _types() -> Any:
    from zetasql.wasi._pb2.zetasql.public import type_pb2

    return type_pb2


def _catalogue_message() -> Any:
    from zetasql.wasi._pb2.zetasql.proto import simple_catalog_pb2

    return simple_catalog_pb2.SimpleCatalogProto


@cache
def _client() -> Any:
    """The analyzer, once a process: its 28 MB are compiled in 30 to 50 s the first time, and kept in wasmtime's cache (0.5 s)."""
    from wasmtime import Config
    from zetasql.core import wasm_client
    from zetasql.wasi import get_wasm_path

    class KeptConfig(Config):
        def __init__(self) -> None:
            super().__init__()
            self.cache = True

    class QuickClient(wasm_client.WasmClient):
        """Copies messages as a whole; the package copies them byte by byte."""

        def write_bytes(self, ptr: int, data: bytes) -> None:
            ctypes.memmove(self._address() + ptr, data, len(data))

        def read_bytes(self, ptr: int, size: int) -> bytes:
            return ctypes.string_at(self._address() + ptr, size)

        def close(self) -> None:
            """While the interpreter lives: after it wasmtime cannot free what it holds, and says so."""
            for each in (self.memory, self.module, self.store.engine, self.store):
                each.close()

        def _address(self) -> int:
            return ctypes.addressof(self.memory.data_ptr().contents)

    stock, wasm_client.Config = wasm_client.Config, KeptConfig
    try:
        client = QuickClient(get_wasm_path())
    finally:
        wasm_client.Config = stock
    atexit.register(client.close)
    return client
