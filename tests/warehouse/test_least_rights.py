"""An account with few rights: what is there is enough for it, and what is absent is named with the command that makes it."""

import dataclasses

import pytest
from google.api_core.exceptions import Forbidden

from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.connection import Connection
from orchestration.warehouse.errors import MayNotMake
from orchestration.warehouse.tables import CAPTURE_LEDGER, TWEET_SENTIMENT, TWEETS

MAKE = "terraform -chdir=deploy/terraform apply"


class Refusing:
    """Google's client for an account that may write rows: it makes nothing, and sees the datasets of `sees` alone."""

    def __init__(self, client, sees=None):
        self.client, self.sees, self.refused, self.asked = client, sees, [], set()

    def __getattr__(self, name):
        return getattr(self.client, name)

    def _look(self, dataset):
        if self.sees is not None and dataset not in self.sees:
            raise Forbidden(f"Access Denied: Dataset campaign-pulse:{dataset}: Permission bigquery.datasets.get denied (or it may not exist).")

    def get_dataset(self, reference, **how):
        self._look(reference.dataset_id)
        return self.client.get_dataset(reference, **how)

    def get_table(self, reference, **how):
        self.asked.add(reference.dataset_id)
        self._look(reference.dataset_id)
        return self.client.get_table(reference, **how)

    def _refuse(self, what, *_, **__):
        self.refused.append(what)
        raise Forbidden("Access Denied: Permission bigquery.tables.create denied on dataset campaign-pulse:raw.")

    create_dataset = create_table = update_table = update_dataset = _refuse


@pytest.fixture
def of_few_rights(warehouse):
    """The same warehouse, as such an account has it; it may see the datasets that are named."""

    def make(sees=None, settings: Settings = warehouse.settings) -> tuple[Warehouse, Refusing]:
        client, opened = Refusing(warehouse.client, sees), Warehouse(settings)
        opened.__dict__["_connection"] = Connection(client, warehouse._connection.retry)
        return opened, client

    return make


def test_an_account_that_may_make_nothing_works_where_nothing_is_absent(of_few_rights):
    opened, client = of_few_rights()
    opened.ensure_tables()
    assert client.refused == []


def test_an_account_that_sees_raw_alone_is_not_asked_for_the_tables_of_others(of_few_rights):
    opened, client = of_few_rights(sees={"raw", "staging"})
    of_others = dataclasses.replace(TWEET_SENTIMENT, name="sentiment_that_is_not_there")
    opened.ensure_tables([TWEETS, of_others])
    assert client.refused == [] and client.asked == {"raw"}


def test_a_table_that_is_absent_is_named_with_the_command_that_makes_it(of_few_rights):
    opened, client = of_few_rights()
    with pytest.raises(MayNotMake, match=r"The table \S+\.raw\.ledger_that_is_not_there is missing") as error:
        opened.ensure_tables([dataclasses.replace(CAPTURE_LEDGER, name="ledger_that_is_not_there")])
    assert str(error.value).endswith(MAKE)
    assert len(client.refused) == 1


def test_columns_that_are_absent_are_named_too(warehouse, of_few_rights):
    new = dataclasses.replace(CAPTURE_LEDGER, name="ledger_of_an_earlier_version")
    warehouse.ensure_tables([dataclasses.replace(new, columns=tuple(each for each in new.columns if each.name not in {"removed", "notes"}))])
    opened, _ = of_few_rights()
    with pytest.raises(MayNotMake, match=r"raw\.ledger_of_an_earlier_version lacks the columns notes, removed,") as error:
        opened.ensure_tables([new])
    assert MAKE in str(error.value)


def test_a_dataset_that_is_absent_is_named_too(warehouse, of_few_rights):
    opened, _ = of_few_rights(settings=warehouse.settings.model_copy(update={"dataset_prefix": "team_"}))
    with pytest.raises(MayNotMake, match=r"The dataset \S+\.team_raw is missing"):
        opened.ensure_tables([])
