"""Google's reference implementation of GoogleSQL, inside the analyzer's package: the value of an expression, as BigQuery has it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from orchestration.sql_check import engine


def evaluated(expression: str) -> Any:
    """Raises the package's ServerError for what it refuses."""
    pb = engine._messages()
    request = pb.EvaluateRequest(sql=expression, options=engine._options())
    return _value(engine._client().call_grpc_func("ZetaSqlLocalService_Evaluate", request, pb.EvaluateResponse).value)


def _value(message: Any) -> Any:
    kind = message.WhichOneof("value")
    if kind is None:
        return None
    value = getattr(message, kind)
    if kind == "array_value":
        return [_value(each) for each in value.element]
    if kind == "timestamp_value":
        return datetime.fromtimestamp(value.seconds, UTC).replace(microsecond=value.nanos // 1000)
    if kind == "date_value":
        return date(1970, 1, 1) + timedelta(days=value)
    if kind == "datetime_value":
        bits = value.bit_field_datetime_seconds
        return datetime(bits >> 26, bits >> 22 & 15, bits >> 17 & 31, bits >> 12 & 31, bits >> 6 & 63, bits & 63)  # noqa: DTZ001
    return value
