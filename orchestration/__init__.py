"""The data platform: settings, windows, sources, the warehouse, and the Dagster code location that wires them."""
