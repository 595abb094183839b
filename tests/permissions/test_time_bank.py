"""Who gets what answer from the addresses of the time bank; see `test_ground`."""

import pytest
from django.test import Client

from tests.matrix import Row, rows
from tests.plugins.asking import astray_for_all, astray_for_some
from tests.scene import Scene

ROWS_TO_ASK = [row for row in rows() if not row.is_prefix and row.app == "timebank"]


@pytest.mark.parametrize("row", ROWS_TO_ASK, ids=str)
def test_answers_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert astray_for_some(row, scene, clients) == {}


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS_TO_ASK, ids=str)
def test_answers_to_everyone_are_those_of_the_matrix(
    row: Row, scene: Scene, clients: dict[str, Client], django_db_blocker
) -> None:
    with django_db_blocker.unblock():
        assert astray_for_all(row, scene, clients) == {}
