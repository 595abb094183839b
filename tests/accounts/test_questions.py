"""Questions whose SQL is made once: the same answers as the querysets they stand for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from accounts.backends import ByPassword
from accounts.models import Role, User
from accounts.questions import Question, asked
from accounts.rules import PERSON, ROLES_OF, active_roles, forget_roles

pytestmark = pytest.mark.django_db


def test_roles_are_those_the_queryset_finds(cast, django_assert_num_queries) -> None:
    related = ("region", "station__region", "organisation__region")
    ROLES_OF.ask(user=0, today=localdate())  # makes its statement

    for person in User.objects.filter(roles__isnull=False).distinct():
        expected = list(Role.objects.active().filter(user=person).select_related(*related))
        with django_assert_num_queries(1):
            found = active_roles(person)
            places = [
                (role.user, role.region, role.scope, getattr(role.scope, "region", None))
                for role in found
            ]

        assert found == expected
        assert places == [
            (role.user, role.region, role.scope, getattr(role.scope, "region", None))
            for role in expected
        ]


@pytest.mark.django_db(transaction=True)
def test_a_question_is_made_on_a_line_that_is_just_opened(cast) -> None:
    """A new connection asks for types of its own first; that is not the question."""
    connection.close()

    found = Question(lambda: User.objects.filter(pk=asked("user"))).ask(user=cast.fan.pk)

    assert found == [cast.fan]


def test_a_question_is_made_where_statements_are_logged(cast) -> None:
    with CaptureQueriesContext(connection) as logged:
        found = Question(lambda: User.objects.filter(pk=asked("user"))).ask(user=cast.fan.pk)

    assert (found, len(logged)) == ([cast.fan], 1)


def test_a_role_whose_term_is_over_is_not_held(cast) -> None:
    role = Role.objects.filter(user=cast.fan).first()
    Role.objects.filter(pk=role.pk).update(ends_on="2020-01-01")

    forget_roles(cast.fan)

    assert role not in active_roles(cast.fan)


def test_a_session_knows_its_person_and_nobody_who_may_not_come_in(
    cast, django_assert_num_queries
) -> None:
    of_nobody = User.objects.create_user(display_name="新人", email="new@example.org")
    PERSON.ask(user=0)  # makes its statement

    with django_assert_num_queries(1):
        known = ByPassword().get_user(cast.fan.pk)
        roles = active_roles(known)
    with django_assert_num_queries(2):
        newcomer = ByPassword().get_user(of_nobody.pk)
        none = active_roles(newcomer)

    for found, written in ((known, cast.fan), (newcomer, of_nobody)):
        again = User.objects.get(pk=written.pk)
        kept = {"_state", "_active_roles"}
        assert found == again
        assert {k: v for k, v in vars(found).items() if k not in kept} == {
            k: v for k, v in vars(again).items() if k not in kept
        }
    assert roles == list(Role.objects.active().filter(user=cast.fan))
    assert none == []
    assert ByPassword().get_user(0) is None
    User.objects.filter(pk=cast.fan.pk).update(is_active=False)
    assert ByPassword().get_user(cast.fan.pk) is None
