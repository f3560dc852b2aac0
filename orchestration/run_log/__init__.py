"""One line of figures per asset and run, in files that a person and a machine can read. Knows Dagster's events, and no warehouse."""
