"""docs/reference/cli.md: every command of `pulse` with its arguments and options, by typer's own generator."""

import html

import typer.cli
import typer.main

from orchestration.cli.app import app

NAME = "pulse"
MADE = "Made by `make docs` from the commands themselves (`orchestration/cli/`). To change a text, change it there."


def page() -> str:
    command = typer.main.get_command(app)
    context = command.make_context(NAME, [], resilient_parsing=True)
    made = typer.cli.get_docs_for_click(obj=command, ctx=context, name=NAME)  # type: ignore[arg-type]  # typer declares a subclass of what it makes
    # The generator writes `&#x27;` for an apostrophe, within code too, where a reader sees it so; `<` must stay escaped outside code.
    text = made.replace(html.escape("'"), "'").replace(html.escape('"'), '"')
    heading, rest = text.strip().split("\n", 1)
    return f"{heading}\n\n{MADE}\n{rest}\n"
