"""Workflows: GitHub's schema, versions of actions, and rights of the token."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from orchestration.settings import REPOSITORY

FOLDER = REPOSITORY / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))


def read(file):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def steps(file):
    return [step for job in read(file)["jobs"].values() for step in job["steps"]]


def test_github_would_read_them():
    command = [Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *FILES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_job_has_more_rights_than_it_says_nor_runs_for_ever(file):
    assert read(file)["permissions"]["contents"] == "read"
    assert all(job["timeout-minutes"] <= 90 for job in read(file)["jobs"].values())


@pytest.mark.parametrize("name", ["checks", "deploy"])
def test_actions_are_of_a_version(name):
    used = [step["uses"] for step in steps(FOLDER / f"{name}.yml") if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+\.\d+\.\d+", action) for action in used)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_others_write_never_becomes_a_command(file):
    """`${{ ... }}` in a shell line is written into it before the shell reads it; variables of the environment are not."""
    assert not [step["run"] for step in steps(file) if "${{" in step.get("run", "")]


def test_only_the_deployment_may_ask_for_an_identity_and_no_key_is_kept():
    asks = {file.stem for file in FILES if read(file)["permissions"].get("id-token") == "write"}
    assert asks == {"deploy"}
    assert "credentials_json" not in (FOLDER / "deploy.yml").read_text(encoding="utf-8")
    assert "secrets." not in (FOLDER / "deploy.yml").read_text(encoding="utf-8")


def test_make_has_what_the_workflows_call():
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = {target for file in FILES for step in steps(file) for line in re.findall(r"^make (.+)$", step.get("run", ""), re.MULTILINE) for target in line.split()}
    assert called
    assert called <= targets
