"""What a capture does with campaigns that failed, after the others have landed."""

import dagster as dg
import pytest

from orchestration.assets.tweets import MOST_LIMIT_WAITS, Landing
from orchestration.capture import WouldShrink
from orchestration.checks.capture import check_answers, check_shrinking
from orchestration.sources.x.errors import AuthError, BudgetExceeded, RateLimited


def landing(*failures):
    return Landing(None, None, None, None, None, None, failures=list(failures))


def test_a_limit_of_x_is_waited_for_by_dagster_and_not_in_the_slot():
    with pytest.raises(dg.RetryRequested) as raised:
        landing(RateLimited("later", 300), RateLimited("much later", 880)).raise_failures()
    assert (raised.value.seconds_to_wait, raised.value.max_retries) == (880, MOST_LIMIT_WAITS)
    assert isinstance(raised.value.__cause__, RateLimited)


@pytest.mark.parametrize("lasting", [AuthError("401"), BudgetExceeded("spent", "day"), WouldShrink("fewer")])
def test_what_no_waiting_heals_is_not_retried_even_beside_a_limit(lasting):
    with pytest.raises(type(lasting)):
        landing(RateLimited("later", 300), lasting).raise_failures()


def test_without_failures_the_run_goes_on():
    landing().raise_failures()


def test_the_reason_stands_in_the_check_of_the_ui():
    shrunk = check_shrinking([WouldShrink("05:00 holds 60, now 59")])
    assert not shrunk.passed and shrunk.metadata["reason"].value == "05:00 holds 60, now 59"
    assert check_answers([]).passed and not check_answers([AuthError("401")]).passed
