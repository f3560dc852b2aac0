"""Scratch datasets on the server of this machine: they go whatever happens, and nothing else goes with them."""

from datetime import UTC, datetime

import pytest
from google.cloud import bigquery

from orchestration.bigquery_verify.scratch import LABEL, LIFE_MS, PREFIX, drop, new_prefix, scratch, scratch_settings
from orchestration.warehouse.client import DATASETS
from orchestration.warehouse.errors import WarehouseError


@pytest.fixture
def client(warehouse):
    return warehouse.client


@pytest.fixture
def settings(home_settings):
    return scratch_settings(home_settings, new_prefix())


def datasets(client):
    return {each.dataset_id for each in client.list_datasets()}


def test_a_prefix_is_of_its_second_and_never_twice_the_same():
    moment = datetime(2026, 3, 2, 5, tzinfo=UTC)
    first, second = new_prefix(moment), new_prefix(moment)
    assert first != second
    assert first.startswith("pulse_verify_20260302t050000_")
    assert PREFIX.fullmatch(first)


@pytest.mark.parametrize("prefix", ["", "marts", "pulse_verify_", "pulse_verify_20260302t050000_0a1b2c", "pulse_verify_20260302t050000_0a1b2c_raw"])
def test_no_other_prefix_is_ever_taken(client, home_settings, prefix):
    before = datasets(client)
    with pytest.raises(ValueError, match="no prefix of a verification"):
        scratch_settings(home_settings, prefix)
    with pytest.raises(ValueError, match="nothing was deleted"):
        drop(client, home_settings, prefix)
    assert datasets(client) == before


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, WarehouseError, RuntimeError])
def test_they_go_after_a_failure_and_after_ctrl_c(client, settings, interruption):
    before = datasets(client)

    def fail_in_the_middle():
        with scratch(client, settings):
            client.query(f"create table {settings.dataset('raw')}.a as select 1 as x").result()
            assert datasets(client) - before == {settings.dataset(name) for name in DATASETS}
            raise interruption

    with pytest.raises(interruption):
        fail_in_the_middle()
    assert datasets(client) == before


def test_they_stay_when_they_are_kept_and_can_be_dropped_later(client, settings):
    with scratch(client, settings, keep=True):
        pass
    assert {settings.dataset(name) for name in DATASETS} <= datasets(client)
    assert len(drop(client, settings, settings.dataset_prefix)) == len(DATASETS)
    assert drop(client, settings, settings.dataset_prefix) == []


def test_a_dataset_with_the_prefix_and_without_the_label_stays(client, settings):
    """Somebody else's, however unlikely."""
    name = f"{settings.dataset_prefix}precious"
    client.create_dataset(bigquery.Dataset(f"{settings.project}.{name}"))
    with scratch(client, settings):
        pass
    assert name in datasets(client)
    client.delete_dataset(name)


def test_what_a_dead_machine_leaves_is_gone_after_a_day(client, settings):
    with scratch(client, settings):
        made = client.get_dataset(settings.dataset("marts"))
    assert made.default_table_expiration_ms == LIFE_MS == 86_400_000
    assert made.labels == {LABEL: settings.dataset_prefix.rstrip("_")}
