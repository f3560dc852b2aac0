"""Deletion duty: what X or an author takes back disappears from every layer, and never comes back. Knows no Dagster."""
