"""The SMS adapter: a product whose codes cannot leave refuses to start."""

import pytest
from django.test import override_settings

from accounts.models import OutboxItem
from accounts.outbox import OutboxSmsAdapter
from accounts.sms import send_sms, sms_adapter, sms_adapter_is_usable


class Sendless:
    """Something that is no adapter."""


def problems() -> list[str | None]:
    return [problem.id for problem in sms_adapter_is_usable(None)]


def test_demo_shows_instead_of_sending(db: None) -> None:
    send_sms("+8610000000001", "【七彩】验证码 123456", template="code", values={"code": "123456"})

    assert isinstance(sms_adapter(), OutboxSmsAdapter)
    assert OutboxItem.objects.get().to == "+8610000000001"


def test_demo_is_in_order() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("nowhere.Adapter", "accounts.E001"),
        ("", "accounts.E001"),
        (f"{__name__}.Sendless", "accounts.E002"),
        ("accounts.outbox.OutboxSmsAdapter", "accounts.E003"),
    ],
)
def test_production_without_a_way_out_is_refused(path: str, problem: str) -> None:
    with override_settings(SMS_ADAPTER=path, DEMO_MODE=False):
        assert problems() == [problem]
