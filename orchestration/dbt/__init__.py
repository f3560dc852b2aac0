"""dbt inside Dagster: the project's manifest, the lanes as assets, one run of dbt in this process."""
