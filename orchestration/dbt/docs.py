"""`make docs`: the documents that are made from the project, so that they cannot differ from it:  python -m orchestration.dbt.docs"""

import os
import tempfile
from pathlib import Path

from orchestration.settings import REPOSITORY


def documents() -> dict[Path, str]:
    """File -> content, as it must stand in the repository. Raises DbtError when the project cannot be parsed."""
    from orchestration.dbt import glossary, lineage
    from orchestration.dbt.assets import manifest

    return {**lineage.documents(), **glossary.documents(manifest())}


def main() -> None:
    # A home of its own: a manifest that dbt has parsed in parts may still hold an exposure that is gone.
    with tempfile.TemporaryDirectory() as home:
        os.environ["PULSE_HOME"] = home
        for file, content in documents().items():
            file.write_text(content, encoding="utf-8")
            print(f"{file.relative_to(REPOSITORY)} is up to date")


if __name__ == "__main__":
    main()
