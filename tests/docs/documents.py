"""The pages that people write, their code and their links."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from orchestration.settings import REPOSITORY

PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
COMMAND = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(pulse .+)$")


@dataclass(frozen=True)
class Command:
    page: Path
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}: {shlex.join(self.words)}"


def commands_of(page: Path) -> Iterator[Command]:
    """Each `pulse` command of the page's code, without its first word."""
    fenced = False
    for line in page.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif (fenced or line.startswith("    ")) and (found := COMMAND.match(line.strip())):
            words = shlex.split(found[1], comments=True)[1:]
            # What stands behind a pipe or a redirection is the shell's.
            yield Command(page, tuple(takewhile(lambda word: word not in {"|", ">", "<"}, words)))


def anchors_of(page: Path) -> set[str]:
    """The anchors that a reader's browser can jump to: GitHub's, made of the headings outside code."""
    outside = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    headings = re.findall(r"^#+ (.+)$", outside, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links_of(page: Path) -> list[str]:
    """Targets of links and pictures that are within the repository."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    targets = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]
