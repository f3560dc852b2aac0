"""dbt's own unit tests: one for each rule and each measure, on rows worked out by hand (`dbt_project/models/**/*unit_tests.yml`)."""

import pytest

from orchestration.dbt import runner
from tests.dbt.conftest import HOUR

# Minutes on the warehouse of this machine.
pytestmark = pytest.mark.full


def test_every_unit_test_of_dbt_passes(empty_project):
    run = runner.unit_tests(empty_project, HOUR)
    assert run.failures == [], "\n\n".join(f"{name}\n{message}" for name, message in run.failures)
    assert len(run.seconds) >= 60
