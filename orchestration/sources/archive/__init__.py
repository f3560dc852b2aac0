"""Archives that people have: twarc and API responses as JSON, v1.1 objects, and CSV files of public collections."""
