"""The `pulse` command."""

import warnings

# sqlglot announces its own packaging on every import; nobody who queries a campaign can act on it.
warnings.filterwarnings("ignore", message="sqlglot")


def main() -> None:
    """Entry point of the console script."""
    from orchestration.cli.app import app

    app(prog_name="pulse")
