"""The one module that knows which warehouse this is: BigQuery, or the server on this machine."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.settings import Settings
from orchestration.warehouse.errors import WarehouseError
from orchestration.warehouse.server_control import ensure_running

if TYPE_CHECKING:
    from google.api_core.retry import Retry
    from google.cloud.bigquery import Client

# Of BigQuery, as the client does by default. On this machine a refused connection does not heal in a minute.
RETRY_SECONDS_BIGQUERY, RETRY_SECONDS_LOCAL = 600.0, 5.0


@dataclass(frozen=True)
class Connection:
    """A client, and how long its calls may be repeated."""

    client: "Client"
    retry: "Retry"


def connect(settings: Settings) -> Connection:
    """Opens the warehouse of the settings; starts the one on this machine when nobody stopped it. Raises WarehouseError."""
    from google.api_core.retry import Retry
    from google.cloud import bigquery
    from google.cloud.bigquery.retry import DEFAULT_RETRY

    if settings.env == "prod":
        from google.auth.exceptions import DefaultCredentialsError

        try:
            client = bigquery.Client(project=settings.project, location=settings.bigquery_location)
        except DefaultCredentialsError as error:
            raise WarehouseError(
                "No Google credentials were found. Run:  gcloud auth application-default login"
            ) from error
        except ValueError as error:
            raise WarehouseError(str(error)) from error
        return Connection(client, DEFAULT_RETRY.with_timeout(RETRY_SECONDS_BIGQUERY))

    from google.auth.credentials import AnonymousCredentials
    from requests.exceptions import ConnectionError as NoConnection

    endpoint = ensure_running(settings).url
    client = bigquery.Client(
        project=settings.project,
        location=settings.bigquery_location,
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": endpoint},
    )
    # Only a refused connection: the server answers 500 to what it cannot parse, and that never heals.
    retry = Retry(predicate=lambda error: isinstance(error, NoConnection), initial=0.1, timeout=RETRY_SECONDS_LOCAL)
    return Connection(client, retry)


def dbt_environment(settings: Settings) -> dict[str, str]:
    """What `dbt_project/profiles.yml` reads. The local warehouse must run. Raises WarehouseError."""
    prod = settings.env == "prod"
    return {
        "PULSE_DBT_TARGET": "prod" if prod else "local",
        "PULSE_PROJECT": settings.project,
        "PULSE_LOCATION": settings.bigquery_location,
        "PULSE_DATASET_PREFIX": settings.dataset_prefix,
        "PULSE_MAXIMUM_BYTES_BILLED": str(settings.maximum_bytes_billed),
        "PULSE_WAREHOUSE_ENDPOINT": "" if prod else ensure_running(settings).url,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": os.environ.get("DO_NOT_TRACK", "1"),
    }


def describe(settings: Settings) -> str:
    """One line for people: which warehouse the settings name."""
    if settings.env == "prod":
        return f"BigQuery project {settings.project}, location {settings.bigquery_location}"
    return f"on this machine, in {settings.warehouse_dir}"
