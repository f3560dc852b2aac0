"""dbt beside a server that died: on this machine a refused connection means that nobody is there.

dbt asks with the retry that Google's client has by default, and no profile reaches it: ten minutes of knocking for each statement, so that a run whose
server was ended in a lane of 30 nodes was still at the first of them after eight minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from orchestration.settings import Settings


@contextmanager
def lost_at_once(settings: Settings) -> Iterator[None]:
    """Within it, Google's client repeats only what heals on this machine: a connection that was cut. BigQuery is left to its own rules."""
    if settings.env == "prod":
        yield
        return
    from google.cloud.bigquery.retry import DEFAULT_RETRY

    # The default of every method's argument, so it is this object that has to change.
    stock, DEFAULT_RETRY._predicate = DEFAULT_RETRY._predicate, _heals
    try:
        yield
    finally:
        DEFAULT_RETRY._predicate = stock


def _heals(error: Exception) -> bool:
    """Not what was refused, nor an answer 500 (the server gives it to what it cannot read), nor one that took too long: the statement would begin anew."""
    from requests.exceptions import ConnectionError as NoConnection
    from urllib3.exceptions import NewConnectionError

    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, NoConnection) and not isinstance(reason, NewConnectionError)
