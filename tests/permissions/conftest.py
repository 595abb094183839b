"""Every row of the matrix is a test, and so is every address that names a thing."""

import pytest

pytest.register_assert_rewrite("tests.permissions.asked")

from tests.permissions.asked import ROWS, WITH_GAPS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "row" in metafunc.fixturenames:
        asked = [row for row in ROWS if not row.is_prefix]
        metafunc.parametrize("row", asked, ids=str)
    if "address" in metafunc.fixturenames:
        metafunc.parametrize("address", WITH_GAPS, ids=lambda one: one.name)
