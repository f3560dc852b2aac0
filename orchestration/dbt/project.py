"""Where the dbt project is, and its manifest: parsed when a file of the project is newer."""

import fcntl
import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestration.settings import REPOSITORY, Settings
from orchestration.snapshots import tolerance

PROJECT = REPOSITORY / "dbt_project"
ENDINGS = {".sql", ".yml", ".md", ".csv"}
LARGEST_PARSE_ERROR = 600


class DbtError(Exception):
    """dbt failed; the message names the first failure."""


def build_folder(settings: Settings) -> Path:
    """Folder of what dbt makes for this home: manifest, compiled SQL, logs."""
    return settings.root / "dbt"


def arguments(settings: Settings, command: str, *options: str) -> list[str]:
    """What every call of dbt has in common."""
    folder = build_folder(settings)
    return [
        "--log-level", "none", "--log-level-file", "info", "--log-path", str(folder / "logs"), "--no-print",
        command, *options,
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder / "target"),
    ]  # fmt: skip


def manifest_file(settings: Settings) -> Path:
    return build_folder(settings) / "target" / "manifest.json"


def prepare_manifest(settings: Settings) -> Path:
    """The manifest, parsed anew when a project file or the dataset prefix has changed. Raises DbtError."""
    if not _is_current(settings):
        _parse_anew(settings)
    return manifest_file(settings)


def load_manifest(settings: Settings) -> dict[str, Any]:
    return json.loads(prepare_manifest(settings).read_text(encoding="utf-8"))


def parse(settings: Settings) -> Any:
    """dbt's own manifest object, from a fresh parse of what changed. Needs no warehouse. Raises DbtError."""
    os.environ.update(_parse_environment(settings))
    from dbt.cli.main import dbtRunner

    folder = build_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    # dbt writes its manifest in place: two commands that parsed in one home left one that neither could read.
    with (folder / "parse.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = dbtRunner().invoke(arguments(settings, "parse"))
    if not result.success or result.result is None:
        raise DbtError(f"The dbt project cannot be parsed: {str(result.exception)[:LARGEST_PARSE_ERROR]}")
    return result.result


@lru_cache(maxsize=4)
def parsed(settings: Settings) -> Any:
    """As `parse`, once a process; as the last parse kept it while nothing has changed since (0.2 s of processor instead of 1.3)."""
    kept = build_folder(settings) / "target" / "partial_parse.msgpack"
    if not kept.exists() or not _is_current(settings):
        return _parse_anew(settings)
    from dbt.contracts.graph.manifest import Manifest

    project = Manifest.from_msgpack(kept.read_bytes())
    project.build_flat_graph()
    return project


def _state_file(settings: Settings) -> Path:
    return build_folder(settings) / "manifest.state"


def _is_current(settings: Settings) -> bool:
    state = _state_file(settings)
    return manifest_file(settings).exists() and state.exists() and state.read_text() == _fingerprint(settings)


def _parse_anew(settings: Settings) -> Any:
    # Of before the parse: a file that changes meanwhile is parsed again the next time.
    state, now = _state_file(settings), _fingerprint(settings)
    project = parse(settings)
    part = state.with_suffix(".part")
    part.write_text(now)
    part.replace(state)
    return project


def rule_environment(settings: Settings) -> dict[str, str]:
    """The settings that the models' own rules read."""
    age = settings.engagement_age_hours
    return {
        "PULSE_FOLLOWED_HASHTAGS": str(settings.followed_hashtags),
        "PULSE_NOTABLE_DAYS": str(settings.notable_days),
        "PULSE_ENGAGEMENT_AGE_HOURS": str(age),
        "PULSE_ENGAGEMENT_LATEST_AGE_HOURS": str(age + tolerance(age).total_seconds() / 3600),
        "PULSE_SNAPSHOT_LAST_AGE_HOURS": str(settings.snapshot_ages[-1]),
    }


def _parse_environment(settings: Settings) -> dict[str, str]:
    """What the project reads when it is parsed; the endpoint only matters when it runs."""
    return rule_environment(settings) | {
        "PULSE_DATASET_PREFIX": settings.dataset_prefix,
        "PULSE_DBT_TARGET": "prod" if settings.env == "prod" else "local",
        "PULSE_PROJECT": settings.google_cloud_project or settings.project,
        "PULSE_LOCATION": settings.bigquery_location,
        "PULSE_MAXIMUM_BYTES_BILLED": str(settings.maximum_bytes_billed),
        "PULSE_DATA_TEST_SEVERITY": settings.data_test_severity,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def _fingerprint(settings: Settings) -> str:
    files = sorted(file for file in PROJECT.rglob("*") if file.suffix in ENDINGS and "target" not in file.parts)
    known = [(str(file.relative_to(PROJECT)), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    facts = json.dumps([known, _parse_environment(settings)])
    return hashlib.sha256(facts.encode()).hexdigest()
