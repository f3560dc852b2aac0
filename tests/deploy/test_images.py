"""Images: small, pinned, and run by nobody of importance. No engine builds them here."""

import re

import pytest
from dockerfile_parse import DockerfileParser

from orchestration.settings import REPOSITORY

FOLDER = REPOSITORY / "deploy" / "docker"
IMAGES = ("site", "models", "pipeline")


@pytest.fixture(params=IMAGES)
def image(request):
    return DockerfileParser(str(FOLDER / f"{request.param}.Dockerfile"), env_replace=False)


def last_stage(image):
    steps = image.structure
    start = max(number for number, step in enumerate(steps) if step["instruction"] == "FROM")
    return [(step["instruction"], step["value"]) for step in steps[start:]]


def test_the_base_is_of_a_version_and_the_last_stage_has_no_compiler(image):
    assert len(image.parent_images) == 2
    assert all(re.fullmatch(r"python:3\.11\.\d+-slim-\w+", base) for base in image.parent_images)
    assert not [value for instruction, value in last_stage(image) if instruction == "RUN" and "pip" in value]


def test_nobody_is_root_and_a_check_of_health_is_there(image):
    steps = last_stage(image)
    assert [value for instruction, value in steps if instruction == "USER"] == ["10001"]
    assert [instruction for instruction, _ in steps].count("HEALTHCHECK") == 1
    assert steps[-1][0] == "CMD"


def test_versions_are_those_of_the_constraints_and_torch_may_be_the_build_for_processors(image):
    (install,) = [step["value"] for step in image.structure if step["instruction"] == "RUN" and "pip install" in step["value"]]
    pinned = dict(line.split("==") for line in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line and not line.startswith("#"))
    assert f"torch=={pinned['torch']}" in install and "TORCH_INDEX" in install
    assert "-c constraints.txt" in install
    for name, version in re.findall(r'"([a-z-]+)(?:\[\w+\])?==([\d.]+)"', install):
        assert pinned.get(name, version) == version, name


def test_what_is_copied_is_let_in_and_exists(image):
    let_in = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    copied = {part for step in image.structure if step["instruction"] == "COPY" and "--from" not in step["value"] for part in step["value"].split()[:-1]}
    assert copied <= let_in
    assert all((REPOSITORY / name).exists() for name in copied)


def test_dagster_is_of_one_version_in_image_and_chart():
    import yaml

    version = re.search(r"^dagster==(.+)$", (REPOSITORY / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)[1]
    text = (REPOSITORY / "deploy" / "dagster" / "values.yaml").read_text(encoding="utf-8")
    assert f"--version {version}" in text
    values = yaml.safe_load(text)
    assert values["postgresql"]["enabled"] is False
    assert values["runLauncher"]["type"] == "K8sRunLauncher"
    libraries = re.search(r"^dagster-dbt==(.+)$", (REPOSITORY / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert f'"dagster-k8s=={libraries}"' in (FOLDER / "pipeline.Dockerfile").read_text(encoding="utf-8")
