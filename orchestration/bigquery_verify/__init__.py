"""`pulse bigquery verify`: every statement and the whole sample on BigQuery, in scratch datasets. Knows no other part of the platform's state."""
