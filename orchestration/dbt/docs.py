"""The documents that `make docs` makes from dbt's project, so that they cannot differ from it."""

from pathlib import Path


def documents() -> dict[Path, str]:
    """File -> content, as it must stand in the repository. Raises DbtError when the project cannot be parsed."""
    from orchestration.dbt import glossary, lineage
    from orchestration.dbt.assets import manifest

    return {**lineage.documents(), **glossary.documents(manifest())}
