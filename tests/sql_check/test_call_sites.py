"""No place that sends SQL is forgotten: they are found in the source, not written down."""

import ast
import inspect

import pytest

from orchestration.settings import REPOSITORY
from orchestration.sql_check.call_sites import OTHERS, SENDS, call_sites, product_files, stale_exceptions, unsent
from orchestration.sql_check.client import PASSES_ON
from orchestration.warehouse.client import Warehouse


@pytest.fixture
def module(tmp_path):
    def write(text: str):
        file = tmp_path / "module.py"
        file.write_text(text)
        return call_sites([file])

    return write


def test_every_method_of_the_warehouse_that_is_given_sql_is_looked_for():
    methods = inspect.getmembers(Warehouse, inspect.isfunction)
    given_sql = {name for name, method in methods if "sql" in inspect.signature(method).parameters}
    assert given_sql - {"_run", "_start"} == SENDS
    assert given_sql <= PASSES_ON


def test_a_call_from_which_nothing_was_sent_is_named(module):
    sites = module("def f(warehouse):\n    warehouse.query('a')\n\ndef g(warehouse):\n    warehouse.execute(\n        'b'\n    )\n")
    file = sites[0].file
    assert [site.function for site in sites] == ["f", "g"]
    assert unsent(sites, {(file, 2), (file, 6)}) == []
    assert [str(site).split("/")[-1] for site in unsent(sites, {(file, 2)})] == ["module.py:5 g"]


def test_each_caller_of_a_function_that_takes_sql_is_a_place_of_its_own(module):
    sites = module(
        "class Site:\n    def frame(self, sql):\n        return self.warehouse.query(sql)\n"
        "    def a(self):\n        return self.frame('a')\n    def b(self):\n        return self.frame('b')\n"
    )
    assert [site.function for site in sites] == ["frame", "a", "b"]


def test_the_products_own_places_are_found():
    files = {site.file for site in call_sites()}
    assert {"app/questions/base.py", "orchestration/warehouse/client.py", "orchestration/compliance/apply.py", "orchestration/summary.py"} <= files
    assert not any("sql_check" in file for file in files)


def test_an_exception_has_a_reason_and_still_has_its_call():
    assert all(len(reason.split()) > 2 for reason in OTHERS.values())
    assert stale_exceptions() == []


def test_nobody_but_the_warehouses_client_holds_a_client_of_bigquery():
    """Else SQL could be sent past the methods that are looked for."""
    holders = set()
    for file in product_files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "bigquery.Client":
                holders.add(str(file.relative_to(REPOSITORY)))
    assert holders == {"orchestration/warehouse/connection.py"}
