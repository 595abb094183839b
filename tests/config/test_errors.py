"""A fault is told with nothing that could be at fault too: no database, no person, no language."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from config.views.errors import broken


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (ValueError("a bug"), 500, "系统出了点问题"),
        (OperationalError("no connection"), 503, "系统暂时连不上"),
    ],
)
def test_fault_is_told_without_asking_the_database(fault: Exception, status: int, said: str):
    try:
        raise fault
    except (ValueError, OperationalError):
        answer = broken(RequestFactory().get("/home/"))

    assert answer.status_code == status
    assert said in answer.text
    assert 'lang="en"' in answer.text
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)
