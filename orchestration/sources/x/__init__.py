"""X API v2: everything that talks to it. Nothing here knows BigQuery or Dagster; requests are made in `client.py` alone."""
