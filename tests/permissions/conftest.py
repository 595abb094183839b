"""Each file's tests are of the rows and addresses of its APPS."""

import pytest

pytest.register_assert_rewrite("tests.permissions.asked")

from tests.permissions.asked import addresses_of, rows_of


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", rows_of(metafunc.module.APPS), ids=str)
    if "address" in metafunc.fixturenames:
        metafunc.parametrize("address", addresses_of(metafunc.module.APPS), ids=lambda a: a.name)
