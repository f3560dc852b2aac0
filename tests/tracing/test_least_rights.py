"""The account of the site has no right on `raw` and `ml`: traces through the views that Terraform makes are the same, and read no text."""

import pytest

from orchestration.tracing.measures import MEASURES
from orchestration.tracing.scope import Asked
from orchestration.tracing.trace import trace
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import TABLES
from tests.deploy.conftest import locals_of
from tests.tracing.conftest import ZONES

TELLING = {"text", "raw_record", "author_id", "mentions", "urls", "title", "description", "content", "author"}
NAMES = {"word": "trail", "organization": "Halvenne", "location": "Oslo"}


class OfTheSite(Warehouse):
    """Refuses what the rights of the site do not cover, as BigQuery does."""

    def __init__(self, settings, readable):
        super().__init__(settings)
        self.readable = readable

    def qualified(self, table):
        dataset = table.split(".")[0] if isinstance(table, str) else table.dataset
        assert dataset in self.readable, f"the site may not read {dataset}"
        return super().qualified(table)


@pytest.fixture(scope="session")
def terraform_locals():
    return locals_of("traces.tf", "accounts.tf")


@pytest.fixture(scope="session")
def of_the_site(traced_settings, terraform_locals):
    """The warehouse with the rights of the site: the views are made with the columns of traces.tf."""
    views = terraform_locals["trace_dataset"]
    settings = traced_settings.model_copy(update={"trace_dataset": views})
    opened = OfTheSite(settings, {*terraform_locals["rights"]["site"], views})
    opened.client.create_dataset(opened.dataset(views), exists_ok=True)
    for name, view in terraform_locals["traced"].items():
        behind = f"`{opened.dataset(view['dataset'])}.{name}`"
        opened.execute(f"create or replace view `{opened.dataset(views)}.{name}` as select {', '.join(view['columns'])} from {behind}")
    return opened


def test_a_view_shows_columns_of_its_table_and_none_that_tells_of_a_person(terraform_locals):
    kinds = {(table.dataset, table.name): {column.name: column.type for column in table.all_columns} for table in TABLES}
    for name, view in terraform_locals["traced"].items():
        known = kinds[view["dataset"], name]
        assert set(view["columns"]) <= known.keys(), name
        # Of an article's names `mentions` is a count.
        assert not {column for column in view["columns"] if known[column] == "STRING"} & TELLING, name


@pytest.mark.parametrize("campaign_id", ZONES)
@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda each: each.name)
def test_each_trace_is_the_same_with_the_rights_of_the_site(traced, of_the_site, campaign_id, measure):
    asked = Asked(campaign_id, measure.name, "*", None, NAMES.get(measure.names))
    site, whole = trace(of_the_site, asked), trace(traced, asked)
    assert site.recount.parts or measure.is_of_news, "nothing was compared"
    assert (site.reported, site.recount) == (whole.reported, whole.recount)
