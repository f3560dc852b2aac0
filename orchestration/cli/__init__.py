"""The `pulse` command."""

import atexit
import gc
import warnings

# sqlglot announces its own packaging on every import; nobody who queries a campaign can act on it.
warnings.filterwarnings("ignore", message="sqlglot")


def main() -> None:
    """Entry point of the console script."""
    # At its end Python looks for garbage among all that was imported: 2.0 s after torch, transformers, spaCy and dbt, 0.2 s without.
    atexit.register(gc.freeze)
    from orchestration.cli.app import app

    app(prog_name="pulse")
