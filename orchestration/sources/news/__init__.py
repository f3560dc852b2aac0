"""News sources: everything that can answer `search(question)`. Nothing here knows BigQuery or Dagster."""
