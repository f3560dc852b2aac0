"""`make check-sql` on the project as it is. CI runs the command itself beside `make test`, so here it is a long trial."""

import pytest

from orchestration.sql_check import check
from orchestration.sql_check.book import Finding


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    pytest.importorskip("zetasql")
    return check.run(tmp_path_factory.mktemp("check"))


@pytest.mark.slow
def test_nothing_is_found_in_any_statement(outcome):
    assert [str(finding) for finding in outcome.findings] == []


@pytest.mark.slow
def test_every_statement_of_every_kind_is_analysed(outcome):
    assert outcome.share == 1.0
    assert outcome.counts.keys() == {"dbt models", "dbt tests", "sent by dbt", "warehouse", "site", "rest of the product"}
    assert outcome.counts["dbt models"] > 30 and outcome.counts["dbt tests"] > 70 and outcome.counts["sent by dbt"] > 200
    assert outcome.sites > 80


def test_an_accepted_finding_is_left_out_and_an_acceptance_without_one_is_found(monkeypatch):
    monkeypatch.setattr(check, "ACCEPTED", {("a.py", "forbidden"): "a reason", ("b.py", "forbidden"): "another"})
    left = check._without_accepted([Finding("a.py:3 f", "forbidden, so"), Finding("c.py:3 f", "forbidden, so")])
    assert [finding.where for finding in left] == ["c.py:3 f", "b.py"]
