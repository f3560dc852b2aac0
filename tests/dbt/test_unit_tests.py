"""dbt's own unit tests: one for each rule and each measure, on rows worked out by hand (`dbt_project/models/**/*unit_tests.yml`)."""

from orchestration.dbt import runner
from tests.dbt.conftest import HOUR


def test_every_unit_test_of_dbt_passes(empty_project):
    run = runner.unit_tests(empty_project, HOUR)
    assert run.failures == [], "\n\n".join(f"{name}\n{message}" for name, message in run.failures)
    assert len(run.seconds) >= 60
