"""Tweet and news sources behind one protocol each. Nothing here knows BigQuery or Dagster."""
