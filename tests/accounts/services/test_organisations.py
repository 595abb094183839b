"""Two people at once: one entry per credit code, and never nobody to answer for a body."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError

from accounts.errors import CodeTaken, ReasonMissing
from accounts.models import Change, Organisation, Region, Role, User
from accounts.services.memberships import end_membership, take_up_membership
from accounts.services.organisations import (
    correct_organisation,
    register_organisation,
    return_organisation,
)
from config.demo.cast import Cast
from tests.at_once import said_at_once

CODE = "52330481MJ0000115X"
TWO_CONNECTIONS = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def committed_cast(transactional_db: None, request: pytest.FixtureRequest) -> Cast:
    return request.getfixturevalue("cast")


def entering(person: User, name: str) -> Callable[[], Organisation]:
    region = Region.objects.get(code="330481001000")
    return lambda: register_organisation(
        name=name,
        kind=Organisation.Kind.SERVICE,
        region=region,
        contact_name="",
        contact_phone="",
        credit_code=CODE,
        acting_user=person,
    )


@TWO_CONNECTIONS
def test_one_credit_code_is_entered_once(committed_cast: Cast) -> None:
    outcomes = said_at_once(
        entering(committed_cast.anan, "潮生社区营造中心"), entering(committed_cast.zhu, "潮生")
    )

    assert outcomes == ["already_taken", "done"]
    organisation = Organisation.objects.get(credit_code=CODE)
    assert Role.objects.filter(organisation=organisation).count() == 1
    assert Change.objects.filter(verb="register").count() == 1


@TWO_CONNECTIONS
def test_two_managers_cannot_send_each_other_away(committed_cast: Cast) -> None:
    enze = committed_cast.organisations["enze"]
    en, enxiao = committed_cast.en, committed_cast.enxiao
    take_up_membership(enze, enxiao, duty="manager", acting_user=en)
    of_en, of_enxiao = (enze.memberships.get(user=user) for user in (en, enxiao))

    outcomes = said_at_once(
        lambda: end_membership(of_enxiao, acting_user=User.objects.get(pk=en.pk)),
        lambda: end_membership(of_en, acting_user=User.objects.get(pk=enxiao.pk)),
    )

    assert outcomes[0] == "done"
    assert outcomes[1] in ("last_manager", "not_allowed")
    assert enze.memberships.filter(ended_at=None, duty="manager").count() == 1


def returned(cast: Cast) -> Organisation:
    Organisation.objects.filter(pk=cast.organisations["enze"].pk).update(
        state="returned", verified_at=None
    )
    return Organisation.objects.get(pk=cast.organisations["enze"].pk)


def correcting(organisation: Organisation, cast: Cast, credit_code: str | None) -> Organisation:
    return correct_organisation(
        organisation,
        name=organisation.name,
        credit_code=credit_code,
        filing_number="",
        founded_on=None,
        acting_user=cast.en,
    )


def test_correcting_to_the_code_of_another_body_is_said_in_words(cast: Cast) -> None:
    entering(cast.anan, "潮生社区营造中心")()

    with pytest.raises(CodeTaken):
        correcting(returned(cast), cast, CODE)


def test_what_else_the_database_refuses_is_not_called_a_taken_code(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="registered_has_credit_code_filed_has_none"):
        correcting(returned(cast), cast, None)


def test_return_needs_a_reason(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.organisations["enze"].pk).update(
        state="submitted", verified_at=None
    )
    enze = Organisation.objects.get(pk=cast.organisations["enze"].pk)

    with pytest.raises(ReasonMissing):
        return_organisation(enze, reason="  ", acting_user=cast.fan)

    enze.refresh_from_db()
    assert enze.state == Organisation.State.SUBMITTED
