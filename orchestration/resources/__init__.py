"""Resources of the Dagster code location."""
