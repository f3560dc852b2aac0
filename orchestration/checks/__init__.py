"""Checks on what Python writes; those on dbt's models are dbt's own tests."""
