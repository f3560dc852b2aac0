"""Homes for the trials: a small campaign, the `pulse` command in processes of its own, and what its marts come to."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestration import campaigns, marts
from orchestration.campaigns import Campaign
from orchestration.checksums import checksums
from orchestration.dbt.project import prepare_manifest
from orchestration.environment import kept_environment
from orchestration.marts import Part
from orchestration.settings import REPOSITORY, Settings
from orchestration.warehouse import server_control
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.server_files import ServerFiles
from orchestration.windows import Window

PULSE = (sys.executable, "-c", "from orchestration.cli import main; main()")
# A run of these hours takes some 25 s on a machine that does nothing else.
LONGEST = 900
# Each home would make one of its own otherwise, and pseudonyms would differ from home to home.
SALT = "salt-of-the-chaos"


@dataclass(frozen=True)
class Lane:
    """What is run in a home: the words of `pulse`, its environment, and the campaigns of a home that knows others than the sample."""

    words: tuple[str, ...]
    campaign: str
    environment: Mapping[str, str] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()


def edges(window: Window) -> tuple[str, ...]:
    """Words of `pulse run`."""
    return ("--from", f"{window.start:%Y-%m-%dT%H:%MZ}", "--to", f"{window.end:%Y-%m-%dT%H:%MZ}")


@dataclass
class Home:
    folder: Path
    lane: Lane

    @property
    def settings(self) -> Settings:
        return Settings(home=self.folder)

    @property
    def files(self) -> ServerFiles:
        return ServerFiles(self.settings.warehouse_dir)

    def start(self, *words: str, program: Sequence[str] = PULSE, preexec: Callable[[], None] | None = None, **more: str) -> subprocess.Popen:
        """The lane's command, or another one, in the background; what it says goes to `said`."""
        environment = {**os.environ, **self.lane.environment, "PULSE_HOME": str(self.folder), **more}
        with self.said.open("ab") as said:
            return subprocess.Popen([*program, *(words or self.lane.words)], cwd=REPOSITORY, env=environment, stdout=said, stderr=said, preexec_fn=preexec)

    def run(self, *words: str, **more: str) -> int:
        process = self.start(*words, **more)
        try:
            return process.wait(LONGEST)
        finally:
            # One that hangs, and one whose trial is interrupted; nothing for one that has ended.
            process.kill()
            process.wait()

    def said_so_far(self) -> int:
        """Bytes that its commands have said until now: where what the next one says begins."""
        return self.said.stat().st_size if self.said.exists() else 0

    def said_since(self, seen: int) -> str:
        with self.said.open("rb") as said:
            said.seek(seen)
            return said.read().decode("utf-8", "replace")

    @property
    def said(self) -> Path:
        return self.folder / "chaos.log"

    def sums(self) -> dict[str, str | None]:
        """Checksum by mart, of the lane's campaign."""
        found = checksums(Warehouse(self.settings), marts.marts_of(self.settings).values(), Part(self.lane.campaign))
        return {each.mart: each.checksum for each in found}

    def close(self) -> None:
        server_control.halt(self.files)


class Homes:
    """Copies of one home in which dbt has parsed its project."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template"
        self._template.mkdir(parents=True)
        with kept_environment():
            prepare_manifest(Settings(home=self._template))

    def make(self, name: str, lane: Lane, of: Path | None = None) -> Home:
        """A new home, or a copy of one whose warehouse is stopped."""
        # Dagster's file names the folder of the home it was written for; the first run writes it anew.
        shutil.copytree(of or self._template, self._folder / name, ignore=shutil.ignore_patterns("dagster.yaml"))
        home = Home(self._folder / name, lane)
        if lane.campaigns:
            campaigns.save(home.settings, list(lane.campaigns))
        return home

    def drop(self, home: Home) -> None:
        home.close()
        shutil.rmtree(home.folder, ignore_errors=True)

    def clear(self, *, keep: bool) -> None:
        """Removes what the trials needed; the homes that are to be looked at stay when `keep`."""
        for folder in self._folder.iterdir():
            # That of a round which was interrupted may still run.
            server_control.halt(ServerFiles(Settings(home=folder).warehouse_dir))
            if not keep or not folder.name.startswith("round-"):
                shutil.rmtree(folder, ignore_errors=True)
        if not keep:
            shutil.rmtree(self._folder, ignore_errors=True)
