"""Forbidden constructs that only the types tell: found in what the analyzer resolved, and not in the text."""

import re
from collections.abc import Callable, Iterator
from typing import Any

TypeName = Callable[[Any], str]

# A cheap look before the walk through the resolved statement.
_WORTH_A_LOOK = re.compile(r"\b(safe_cast|cast|string|timestamp|to_json_string)\s*\(", re.IGNORECASE)
_WITHOUT_CALLS = frozenset({"TypeProto", "ResolvedColumnProto", "TableRefProto", "FunctionSignatureProto", "AnnotationMapProto", "ValueWithTypeProto"})

ROUNDING = (
    "forbidden, CAST(FLOAT64 AS INT64): the local server rounds halves to the even number, BigQuery away from zero. "
    "Say how: ROUND, FLOOR, CEIL or TRUNC inside the CAST."
)
FLOAT_TEXT = (
    "forbidden, CAST(FLOAT64 AS STRING): the local server writes 1.0 for BigQuery's 1. Use FORMAT('%.2f', ...) or cast to INT64 first."
)
NUMBER_OF_TEXT = (
    "forbidden, CAST(STRING AS INT64): the local server makes 2 of '1.5', BigQuery fails or answers NULL. "
    "Test it first: IF(REGEXP_CONTAINS(text, r'^[0-9]+$'), CAST(...), NULL)."
)
MOMENT_TEXT = (
    "forbidden, a TIMESTAMP as STRING: the local server cuts zeros off fractions of a second and leaves out the zone. Use FORMAT_TIMESTAMP."
)
REPEATED_HOUR = (
    "forbidden, TIMESTAMP(DATETIME or STRING, zone): the local server takes the later of the two hours when clocks go back. "
    "Use TIMESTAMP(DATE, zone)."
)
JSON_TEXT = (
    "forbidden, TO_JSON_STRING of FLOAT64 or TIMESTAMP: the local server writes 1.0 for BigQuery's 1, and times otherwise. Cast to what you mean."
)


# Branches that only run where a test let the text through.
_BRANCHES = frozenset({"if", "$case_no_value", "$case_with_value"})
_TESTS = frozenset({"regexp_contains", "regexp_match"})
# A hexadecimal number has no decimals.
_HEXADECIMAL = "concat"


def forbidden_by_type(sql: str, statement: Any, type_name: TypeName) -> list[str]:
    """What a resolved statement uses and may not, in words with its place. `type_name` writes a type as BigQuery does."""
    if not _WORTH_A_LOOK.search(sql):
        return []
    text = sql.encode()
    return sorted({message + _place(node, text) for node, tested in _walk(statement) for message in _judged(node, tested, text, type_name)})


def _judged(node: Any, tested: bool, text: bytes, type_name: TypeName) -> Iterator[str]:
    """`tested`: only where a test of some text let it through."""
    name = node.DESCRIPTOR.name
    if name == "ResolvedCastProto":
        inner, made = _expression(node.expr), type_name(node.parent.type)
        of = type_name(_inherited(inner, "type"))
        if made == "INT64" and of == "FLOAT64" and not _is_whole(_piece(node, text)):
            yield ROUNDING
        elif made == "INT64" and of == "STRING" and not tested and _function(inner) != _HEXADECIMAL:
            yield NUMBER_OF_TEXT
        elif made == "STRING" and of == "FLOAT64":
            yield FLOAT_TEXT
        elif made == "STRING" and of == "TIMESTAMP":
            yield MOMENT_TEXT
    elif name == "ResolvedFunctionCallBaseProto":
        types = [type_name(_inherited(_expression(each), "type")) for each in node.argument_list]
        function = _function(node)
        if function == "string" and types[:1] == ["TIMESTAMP"]:
            yield MOMENT_TEXT
        elif function == "timestamp" and len(types) == 2 and types[0] in {"DATETIME", "STRING"}:
            yield REPEATED_HOUR
        elif function == "to_json_string" and re.search(r"FLOAT64|TIMESTAMP", types[0]):
            yield JSON_TEXT


def _walk(message: Any) -> Iterator[tuple[Any, bool]]:
    """Every message inside `message`, itself included, that can hold a call; and whether it stands in a branch behind a test."""
    waiting = [(message, False)]
    while waiting:
        node, tested = waiting.pop()
        yield node, tested
        if node.DESCRIPTOR.name == "ResolvedFunctionCallBaseProto" and _function(node) in _BRANCHES:
            tested = tested or any(_function(_expression(each)) in _TESTS for each in node.argument_list)
        for field, value in node.ListFields():
            if field.message_type is not None and field.message_type.name not in _WITHOUT_CALLS:
                waiting.extend((each, tested) for each in (value if not hasattr(value, "DESCRIPTOR") else [value]))


def _place(node: Any, text: bytes) -> str:
    piece = _piece(node, text)
    return f" [{' '.join(piece.split())[:100]}]" if piece else ""


def _piece(node: Any, text: bytes) -> str:
    """The piece of the statement from which the node was made; empty where the analyzer does not say."""
    span = _inherited(node, "parse_location_range")
    return text[span.start : span.end].decode("utf-8", "replace") if span is not None and span.end else ""


def _is_whole(cast: str) -> bool:
    """Whether what the CAST takes is a whole number already: rounded in the way that is meant, or a sum of such."""
    import sqlglot
    from sqlglot import exp

    try:
        parsed = sqlglot.parse_one(f"{cast})" if cast.count("(") > cast.count(")") else cast, dialect="bigquery")
    except sqlglot.errors.SqlglotError:
        return False

    def whole(node: exp.Expression | None) -> bool:
        if isinstance(node, (exp.Floor, exp.Ceil, exp.Trunc)):
            return True
        if isinstance(node, exp.Round):
            return node.args.get("decimals") is None
        if isinstance(node, (exp.Null, exp.Literal)):
            return not isinstance(node, exp.Literal) or node.is_int
        if isinstance(node, exp.If):
            return whole(node.args.get("true")) and whole(node.args.get("false") or exp.null())
        if isinstance(node, (exp.Coalesce, exp.Greatest, exp.Least)):
            return all(map(whole, (node.this, *node.expressions)))
        return isinstance(node, (exp.Sum, exp.Max, exp.Min, exp.Paren, exp.Neg)) and whole(node.this)

    return isinstance(parsed, exp.Cast) and whole(parsed.this)


def _expression(message: Any) -> Any:
    """The expression inside the analyzer's wrappers."""
    while "node" in message.DESCRIPTOR.oneofs_by_name and message.WhichOneof("node"):
        message = getattr(message, message.WhichOneof("node"))
    return message


def _inherited(node: Any, field: str) -> Any:
    """A field of a node, or of the classes that it stands on; None where there is none."""
    while node is not None:
        if field in node.DESCRIPTOR.fields_by_name:
            return getattr(node, field)
        node = node.parent if "parent" in node.DESCRIPTOR.fields_by_name else None
    return None


def _function(expression: Any) -> str:
    function = _inherited(expression, "function")
    return function.name.removeprefix("ZetaSQL:") if function is not None else ""
