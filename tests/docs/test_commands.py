"""Commands of the pages are commands: each parses, with every option it names. `test_every_command_runs.py` runs them."""

import pytest
import typer.main
from typer._click.exceptions import UsageError

from orchestration.cli.app import app
from orchestration.settings import REPOSITORY
from tests.docs.documents import PAGES, commands_of

# The page of the commands shows their shapes (`pulse run [OPTIONS]`), made from the commands themselves.
COMMANDS = [command for page in PAGES if page.name != "cli.md" for command in commands_of(page)]


def parse(words):
    """Raises UsageError when these words are no command of `pulse`, or it has no such option."""
    command, rest = typer.main.get_command(app), list(words)
    context = command.make_context("pulse", [], resilient_parsing=True)
    while hasattr(command, "commands"):
        name, *rest = rest or [""]
        if name not in command.commands:
            raise UsageError(f"No such command: {name}")
        command = command.commands[name]
        context = command.make_context(name, [], parent=context, resilient_parsing=True)
    if rest == ["--help"]:
        return
    given, left, _ = command.make_parser(context).parse_args(list(rest))
    missing = [parameter.name for parameter in command.params if parameter.required and given.get(parameter.name) in (None, ())]
    if left or missing:
        raise UsageError(f"left over: {left}, missing: {missing}")


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_every_command_of_the_pages_parses(command):
    parse(command.words)


@pytest.mark.parametrize("words", [["sumary"], ["summary", "--campain", "sample"], ["run", "too", "many"], ["users", "grant"]], ids=" ".join)
def test_what_is_no_command_does_not_parse(words):
    with pytest.raises(UsageError):
        parse(words)


def test_the_tutorial_and_a_page_on_how_to_are_among_them():
    pages = {str(command.page.relative_to(REPOSITORY)) for command in COMMANDS}
    assert {"docs/getting-started.md", "docs/how-to/add-a-campaign.md"} <= pages
