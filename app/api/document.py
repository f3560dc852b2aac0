"""Writes docs/openapi.json and the Postman collection made from it:  python -m app.api.document"""

import json
from pathlib import Path
from typing import Any

from fastapi import Request

from app.api import make_api
from app.api.access import NotAuthenticated
from app.api.postman import collection
from app.identity import Identity
from orchestration.settings import REPOSITORY

OPENAPI = REPOSITORY / "docs" / "openapi.json"
POSTMAN = REPOSITORY / "docs" / "campaign-pulse.postman_collection.json"


def openapi() -> dict[str, Any]:
    """The document of an API that nobody may ask: nothing is opened for it."""
    return make_api(_nobody).openapi()


def texts() -> dict[Path, str]:
    """Both files as they should be."""
    document = openapi()
    return {OPENAPI: _text(document), POSTMAN: _text(collection(document))}


def main() -> None:
    for file, text in texts().items():
        file.write_text(text, encoding="utf-8")
        print(f"{file.relative_to(REPOSITORY)}: {len(text):,} characters")


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _nobody(_: Request) -> Identity:
    raise NotAuthenticated


if __name__ == "__main__":
    main()
