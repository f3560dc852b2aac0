"""docs/reference/settings.md: each setting's variable, default and reason."""

from pathlib import Path

from pydantic.fields import FieldInfo

from orchestration.redaction import SECRETS
from orchestration.settings import REPOSITORY, Settings

GIB = 1024**3
INTRODUCTION = """\
# Settings

Made by `make docs` from `orchestration/settings.py`. Each is an environment variable; on one machine the defaults need none.

| variable | default | meaning |
|---|---|---|
"""


def variable(name: str, field: FieldInfo) -> str:
    """The name that people know: `GOOGLE_CLOUD_PROJECT` is Google's own, the rest begin with PULSE_."""
    choices = getattr(field.validation_alias, "choices", None)
    return str(choices[-1]) if choices else f"PULSE_{name.upper()}"


def shown(default: object) -> str:
    if default is None or default == "":
        return ""
    text = str(default)
    if isinstance(default, int) and default >= GIB and default % GIB == 0:
        return f"`{default}` ({default // GIB} GiB)"
    if text.startswith(str(REPOSITORY)):
        return f"`{Path(text).relative_to(REPOSITORY)}` in the repository"
    return f"`{text}`"


def page() -> str:
    rows = "".join(
        f"| `{variable(name, field)}` | {shown(field.default)} | {field.description} |\n" for name, field in Settings.model_fields.items()
    )
    secrets = ", ".join(f"`{name}`" for name in SECRETS)
    return f"{INTRODUCTION}{rows}\nSecrets come from the environment only and are no settings: {secrets}. What each is for: [security](../security.md#secrets).\n"
