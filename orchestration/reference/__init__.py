"""The pages of docs/reference, made from the project itself: the command line, the settings, the marts; and docs/dependencies.md."""

from pathlib import Path

from orchestration.settings import REPOSITORY

FOLDER = REPOSITORY / "docs" / "reference"


def documents() -> dict[Path, str]:
    """File -> content, as it must stand in the repository. Raises DbtError when the project cannot be parsed."""
    from orchestration.dbt.project import load_manifest
    from orchestration.reference import commands, dependencies, marts, settings
    from orchestration.settings import Settings

    return {
        FOLDER / "cli.md": commands.page(),
        FOLDER / "settings.md": settings.page(),
        FOLDER / "marts.md": marts.page(load_manifest(Settings())),
        REPOSITORY / "docs" / "dependencies.md": dependencies.page(),
    }
