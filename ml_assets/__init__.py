"""Models and the pure functions that use them. Nothing here knows Dagster or a warehouse, but `assets.py`."""
