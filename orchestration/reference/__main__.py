"""`make docs`: every document that is made from the project:  python -m orchestration.reference"""

import os
import tempfile

from orchestration.settings import REPOSITORY


def main() -> None:
    # A home of its own: a manifest that dbt has parsed in parts may still hold an exposure that is gone.
    with tempfile.TemporaryDirectory() as home:
        os.environ["PULSE_HOME"] = home
        from orchestration import reference
        from orchestration.dbt import docs

        for file, content in {**docs.documents(), **reference.documents()}.items():
            file.write_text(content, encoding="utf-8")
            print(f"{file.relative_to(REPOSITORY)} is up to date")


if __name__ == "__main__":
    main()
