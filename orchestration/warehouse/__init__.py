"""The warehouse: tables, the client, atomic window replacement, and the BigQuery-compatible server on this machine."""
