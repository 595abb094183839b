"""消息: unread first, opened is read, nobody else's."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Message, User
from accounts.services.messages import mark_read, tell
from config.demo.cast import Cast

type ClientOf = Callable[[User], Client]


def told(user: User, number: int) -> Message:
    key = f"{user.pk}:{number}"
    return tell(user, kind="test", title=f"第 {number} 条", body="正文", key=key, channels=())


def test_unread_stand_first(cast: Cast, client_of: ClientOf) -> None:
    notes = [told(cast.anan, number) for number in range(3)]
    mark_read(notes[2])

    page = client_of(cast.anan).get("/me/messages/")

    assert [note.title for note in page.context["page_obj"]] == ["第 1 条", "第 0 条", "第 2 条"]
    assert page.content.decode().count("未读") >= 2


def test_opening_marks_read_the_first_time(cast: Cast, client_of: ClientOf) -> None:
    note = told(cast.anan, 1)
    client = client_of(cast.anan)

    client.get(f"/me/messages/{note.pk}/")
    note.refresh_from_db()
    first = note.read_at
    client.get(f"/me/messages/{note.pk}/")

    note.refresh_from_db()
    assert first is not None
    assert note.read_at == first


def test_nobody_elses_can_be_opened(cast: Cast, client_of: ClientOf) -> None:
    note = told(cast.anan, 1)

    assert client_of(cast.chen).get(f"/me/messages/{note.pk}/").status_code == 404
    note.refresh_from_db()
    assert note.read_at is None


def test_all_are_marked_read_by_a_post_only(cast: Cast, client_of: ClientOf) -> None:
    told(cast.anan, 1)
    other = told(cast.chen, 1)
    client = client_of(cast.anan)

    assert client.get("/me/messages/read/").status_code == 405
    client.post("/me/messages/read/")

    assert not Message.objects.filter(to_user=cast.anan, read_at__isnull=True).exists()
    other.refresh_from_db()
    assert other.read_at is None


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_number_of_questions(
    cast: Cast,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for each in range(number):
        told(cast.anan, each)
    client = client_of(cast.anan)
    client.get("/me/")

    with django_assert_max_num_queries(8):
        client.get("/me/messages/")


def test_long_lists_have_pages(cast: Cast, client_of: ClientOf) -> None:
    for each in range(25):
        told(cast.anan, each)

    page = client_of(cast.anan).get("/me/messages/?page=2")

    assert len(page.context["page_obj"]) == 5
