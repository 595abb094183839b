"""What waits is sent once, tried again when it fails, and given up in the end."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from accounts.models import Delivery, Message, OutboxItem, User
from accounts.services.deliveries import deliver_message, deliver_waiting_messages
from accounts.services.messages import tell
from config.demo.cast import Cast
from tests.at_once import at_once


@pytest.fixture(autouse=True)
def mail_to_the_outbox(settings: Any) -> None:
    """Django puts its own mail backend into tests; here the product's own is meant."""
    settings.MAILERS = {"default": {"BACKEND": "accounts.outbox.OutboxEmailBackend"}}


class BrokenSms:
    """A provider that is down."""

    def send(self, phone: str, text: str, **template: Any) -> None:
        raise ConnectionError("provider is down")


BROKEN = override_settings(SMS_ADAPTER=f"{BrokenSms.__module__}.BrokenSms")


def told(user: User, *channels: str, key: str = "test:1") -> Message:
    return tell(
        user,
        kind="test",
        title="服务已确认",
        body="陈站长确认了您 11 月 21 日的服务。",
        link="/me/messages/",
        key=key,
        channels=channels,
    )


def test_mail_goes_out_with_a_way_to_the_thing(cast: Cast) -> None:
    delivery = told(cast.anan, "mail").deliveries.get()

    assert deliver_message(delivery.pk)

    letter = OutboxItem.objects.get()
    assert (letter.channel, letter.to, letter.subject) == (
        "mail",
        cast.anan.email,
        "服务已确认",
    )
    assert "安安" in letter.body
    assert "/me/messages/" in letter.body
    assert "&#x27;" not in letter.body
    delivery.refresh_from_db()
    assert delivery.sent_at is not None
    assert delivery.tries == 1


def test_sms_goes_to_the_phone(cast: Cast) -> None:
    delivery = told(cast.anan, "sms").deliveries.get()

    assert deliver_message(delivery.pk)

    assert OutboxItem.objects.get().to == cast.anan.phone


def test_second_delivery_of_the_same_row_sends_nothing(cast: Cast) -> None:
    delivery = told(cast.anan, "mail").deliveries.get()
    deliver_message(delivery.pk)

    assert not deliver_message(delivery.pk)

    assert OutboxItem.objects.count() == 1


def test_same_key_again_tells_nobody_twice(cast: Cast) -> None:
    first = told(cast.anan, "mail")

    again = told(cast.anan, "mail")

    assert again == first
    assert Delivery.objects.count() == 1


def test_unverified_address_gets_no_mail_but_a_message(cast: Cast) -> None:
    cast.anan.email_verified = False
    cast.anan.save()

    message = told(cast.anan, "mail")

    assert not message.deliveries.exists()


@pytest.mark.usefixtures("cast")
def test_failing_provider_is_tried_five_times_then_given_up(cast: Cast) -> None:
    delivery = told(cast.anan, "sms").deliveries.get()

    with BROKEN:
        outcomes = [deliver_message(delivery.pk) for _try in range(6)]

    delivery.refresh_from_db()
    assert outcomes == [False] * 6
    assert delivery.tries == 5
    assert delivery.failed_at is not None
    assert delivery.sent_at is None


def test_failed_delivery_is_not_tried_again(cast: Cast) -> None:
    delivery = told(cast.anan, "sms").deliveries.get()
    Delivery.objects.update(failed_at=timezone.now())

    assert not deliver_message(delivery.pk)

    assert not OutboxItem.objects.exists()


@pytest.mark.parametrize(
    ("tries", "minutes_old", "is_due"),
    [(0, 0, False), (0, 1, True), (1, 0.5, False), (1, 2, True), (4, 60, False), (4, 181, True)],
)
def test_sweep_finds_what_is_due(cast: Cast, tries: int, minutes_old: float, is_due: bool) -> None:
    told(cast.anan, "mail")
    Delivery.objects.update(tries=tries, created_at=timezone.now() - timedelta(minutes=minutes_old))

    assert deliver_waiting_messages() == int(is_due)

    assert OutboxItem.objects.count() == int(is_due)


def test_sweep_leaves_sent_and_failed_alone(cast: Cast) -> None:
    told(cast.anan, "mail", key="a")
    told(cast.anan, "mail", key="b")
    old = timezone.now() - timedelta(days=1)
    Delivery.objects.filter(message__key="a").update(sent_at=old, created_at=old)
    Delivery.objects.filter(message__key="b").update(failed_at=old, created_at=old)

    assert deliver_waiting_messages() == 0


@pytest.fixture
def committed_cast(transactional_db: None, request: pytest.FixtureRequest) -> Cast:
    return request.getfixturevalue("cast")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_message_leaves_after_the_commit(committed_cast: Cast) -> None:
    told(committed_cast.anan, "mail", "sms")

    assert sorted(OutboxItem.objects.values_list("channel", flat=True)) == ["mail", "sms"]
    assert not Delivery.objects.filter(sent_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_workers_send_one_letter(committed_cast: Cast) -> None:
    message = Message.objects.create(
        to_user=committed_cast.anan, kind="test", title="一次", body="只发一次", key="once"
    )
    delivery = Delivery.objects.create(message=message, channel="mail")

    outcomes = at_once(*[partial(deliver_message, delivery.pk)] * 4)

    assert sorted(map(bool, outcomes)) == [False, False, False, True]
    assert OutboxItem.objects.count() == 1


def test_a_line_break_in_somebodys_words_does_not_stop_the_letter(cast: Cast) -> None:
    message = tell(cast.anan, kind="test", title="理发\nBcc: x@example.com", body="", key="test:1")

    assert deliver_message(message.deliveries.get().pk)

    assert OutboxItem.objects.get().subject == "理发 Bcc: x@example.com"
