"""The Dagster instance of a home: its folder, its `dagster.yaml`, and the event log that takes thousands of hours at once."""
