"""Questions whose SQL is made once: the same answers as the querysets they stand for."""

import pytest
from django.utils.timezone import localdate

from accounts.backends import PERSON, ByPassword
from accounts.models import Role, User
from accounts.rules import ROLES_OF, active_roles, forget_roles

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


def test_a_role_whose_term_is_over_is_not_held(cast) -> None:
    role = Role.objects.filter(user=cast.fan).first()
    Role.objects.filter(pk=role.pk).update(ends_on="2020-01-01")

    forget_roles(cast.fan)

    assert role not in active_roles(cast.fan)


def test_a_session_knows_its_person_and_nobody_who_may_not_come_in(cast) -> None:
    known = ByPassword().get_user(cast.anan.pk)
    again = User.objects.get(pk=cast.anan.pk)

    assert known == again
    assert known.__dict__.keys() == again.__dict__.keys()
    assert ByPassword().get_user(0) is None
    User.objects.filter(pk=cast.anan.pk).update(is_active=False)
    assert ByPassword().get_user(cast.anan.pk) is None
    assert PERSON.ask(number=cast.anan.pk)[0].is_active is False
