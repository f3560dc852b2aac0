"""A mart of an earlier version is told from a statement that is wrong."""

import pytest
from google.api_core import exceptions

from orchestration.settings import Settings
from orchestration.warehouse.errors import ColumnMissing, WarehouseError, explained


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Unrecognized name: is_most_engagement at [3:52]", ColumnMissing),
        ("Name is_most_engagement not found inside a at [1:8]", ColumnMissing),
        ('Binder Error: Referenced column "is_most_engagement" not found in FROM clause!', ColumnMissing),
        ("Syntax error: Unexpected keyword FROM at [1:8]", WarehouseError),
        ("Query exceeded limit for bytes billed", WarehouseError),
    ],
)
def test_a_column_that_is_not_there_has_an_error_of_its_own(tmp_path, said, kind):
    with pytest.raises(WarehouseError) as error, explained(Settings(home=tmp_path)):
        raise exceptions.BadRequest(said)
    assert type(error.value) is kind
