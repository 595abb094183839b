"""A fault is told with nothing that could be at fault too: no database, no person, no language."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

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


@pytest.mark.django_db
def test_whoever_signs_in_too_often_reads_a_page_with_a_way_back(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip", "request_login_code": "1/m/key"}
    page = "http://testserver/accounts/login/"

    first, second, answer = (
        Client().post(page, {"login": "a@demo.invalid"}, headers={"referer": page})
        for _time in "123"
    )

    assert (first.status_code, "操作太频繁，请稍后再试" in second.text) == (302, True)
    assert answer.status_code == 429
    assert "操作太频繁了" in answer.text
    assert f'href="{page}">返回上一页' in answer.text
