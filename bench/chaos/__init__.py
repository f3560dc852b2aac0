"""Trials by destruction: something is killed, filled or stolen at a random moment, the same command runs again, and the marts must be equal."""
