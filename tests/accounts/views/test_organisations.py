"""组织 from entry to verification, its members, and everybody who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Message, Organisation, Region, Role, User
from config.demo.cast import Cast

type ClientOf = Callable[[User], Client]

CODE = "52330481MJ0000115X"


@pytest.fixture
def answers(cast: Cast) -> dict[str, Any]:
    return {
        "name": "潮生社区营造中心",
        "kind": "service",
        "credit_code": "52330481 mj0000115x",
        "region": Region.objects.get(code="330481001000").pk,
        "rating": "3A",
        "founded_on": "2019-05-01",
        "contact_name": "安安",
        "contact_phone": "100-0000-0000",
    }


@pytest.fixture
def entered(cast: Cast, client_of: ClientOf, answers: dict[str, Any]) -> Organisation:
    client_of(cast.anan).post("/me/organisations/new/registered/", answers)
    return Organisation.objects.get(name="潮生社区营造中心")


def test_registered_body_is_entered_and_managed_by_who_entered_it(
    cast: Cast, entered: Organisation
) -> None:
    assert (entered.credit_code, entered.rating) == (CODE, "3A")
    assert (entered.state, entered.verified_at) == (Organisation.State.SUBMITTED, None)
    role = cast.anan.roles.get(organisation=entered)
    assert role.kind == Role.Kind.MANAGER
    assert entered.memberships.get().duty == Membership.Duty.MANAGER


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("credit_code", "52330481MJ00001150"),
        ("credit_code", ""),
        ("kind", "filed"),
        ("region", ""),
        ("name", ""),
        ("founded_on", "五月"),
    ],
)
def test_wrong_entry_is_422_with_the_words_kept(
    cast: Cast, client_of: ClientOf, answers: dict[str, Any], field: str, value: str
) -> None:
    answer = client_of(cast.anan).post(
        "/me/organisations/new/registered/", answers | {field: value}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "100-0000-0000" in answer.content.decode()
    assert not Organisation.objects.filter(credit_code=CODE).exists()


def test_taken_code_is_refused(
    cast: Cast, client_of: ClientOf, answers: dict[str, Any], entered: Organisation
) -> None:
    answer = client_of(cast.zhu).post("/me/organisations/new/registered/", answers)

    assert answer.status_code == 422
    assert Organisation.objects.filter(credit_code=CODE).count() == 1


def test_filed_group_names_a_host_and_has_no_code(cast: Cast, client_of: ClientOf) -> None:
    host = cast.organisations["shelifang"]

    client_of(cast.anan).post(
        "/me/organisations/new/filed/",
        {
            "name": "新邻里互助会",
            "filing_number": "备-硖石-演示-003",
            "region": Region.objects.get(code="330481001007").pk,
            "host": host.pk,
            "contact_name": "安安",
            "contact_phone": "100-0000-0000",
        },
    )

    group = Organisation.objects.get(name="新邻里互助会")
    assert (group.kind, group.credit_code, group.host) == ("filed", None, host)


def test_filed_group_cannot_host_another(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.anan).post(
        "/me/organisations/new/filed/", {"host": cast.organisations["banrixian"].pk}
    )

    assert answer.status_code == 422
    assert "host" in answer.context["form"].errors


def test_hosted_group_is_warned_and_does_not_ask_its_own_host(
    cast: Cast, client_of: ClientOf
) -> None:
    group = cast.organisations["banrixian"]
    address = f"/me/organisations/{group.pk}/host/"

    page = client_of(cast.pan).get(address)
    answer = client_of(cast.pan).post(address, {"host": cast.organisations["shelifang"].pk})

    assert "换代管单位要重新核验" in page.content.decode()
    assert answer.status_code == 422
    assert "现在就是代管单位" in answer.content.decode()
    group.refresh_from_db()
    assert group.state == Organisation.State.VERIFIED


def test_officer_verifies_and_the_manager_is_told(
    cast: Cast, client_of: ClientOf, entered: Organisation
) -> None:
    answer = client_of(cast.fan).post(f"/organisations/{entered.pk}/verify/")

    entered.refresh_from_db()
    assert answer.status_code == 302
    assert entered.state == Organisation.State.VERIFIED
    assert entered.verified_at is not None
    assert Message.objects.get(to_user=cast.anan).kind == "organisation_verified"


def test_officer_returns_with_a_reason_and_the_manager_puts_it_right(
    cast: Cast, client_of: ClientOf, entered: Organisation
) -> None:
    client_of(cast.fan).post(f"/organisations/{entered.pk}/return/", {"reason": "名称少了“市”字"})
    entered.refresh_from_db()
    assert entered.state == Organisation.State.RETURNED
    assert Message.objects.get(to_user=cast.anan).body == "名称少了“市”字"
    page = client_of(cast.anan).get(f"/me/organisations/{entered.pk}/").content.decode()
    assert "名称少了“市”字" in page

    client_of(cast.anan).post(
        f"/me/organisations/{entered.pk}/correct/",
        {"name": "海宁市潮生社区营造中心", "credit_code": CODE, "founded_on": "2019-05-01"},
    )

    entered.refresh_from_db()
    assert (entered.name, entered.state) == ("海宁市潮生社区营造中心", "submitted")


def test_return_without_a_reason_is_422(
    cast: Cast, client_of: ClientOf, entered: Organisation
) -> None:
    answer = client_of(cast.fan).post(f"/organisations/{entered.pk}/return/", {"reason": " "})

    entered.refresh_from_db()
    assert answer.status_code == 422
    assert entered.state == Organisation.State.SUBMITTED


def test_verifying_twice_is_409(cast: Cast, client_of: ClientOf, entered: Organisation) -> None:
    client = client_of(cast.fan)
    client.post(f"/organisations/{entered.pk}/verify/")

    assert client.post(f"/organisations/{entered.pk}/verify/").status_code == 409
    assert Message.objects.filter(to_user=cast.anan).count() == 1


# person → (sees the list, sees this one, may verify it)
WHO_OVERSEES = {
    "fan": (200, 200, 302),  # officer of the city
    "xu": (200, 404, 404),  # officer of another town
    "shu": (200, 200, 403),  # auditor: reads everything, changes nothing
    "guo": (200, 200, 403),  # administrator
    "anan": (404, 404, 404),  # its own manager
    "chen": (404, 404, 404),
    "ding": (404, 404, 404),
}


@pytest.mark.parametrize("key", WHO_OVERSEES)
def test_who_oversees(cast: Cast, client_of: ClientOf, entered: Organisation, key: str) -> None:
    client = client_of(cast.people[key])

    answers = (
        client.get("/organisations/").status_code,
        client.get(f"/organisations/{entered.pk}/").status_code,
        client.post(f"/organisations/{entered.pk}/verify/").status_code,
    )

    assert answers == WHO_OVERSEES[key]


# person → (sees their page, edits the contact, invites a member) of 恩泽社
WHO_BELONGS = {
    "en": (200, 302, 302),  # manager
    "enxiao": (200, 403, 403),  # member
    "pan": (404, 404, 404),  # manager of another
    "anan": (404, 404, 404),
    "fan": (404, 404, 404),  # the officer has a page of their own
}


@pytest.mark.parametrize("key", WHO_BELONGS)
def test_who_belongs(cast: Cast, client_of: ClientOf, key: str) -> None:
    client = client_of(cast.people[key])
    base = f"/me/organisations/{cast.organisations['enze'].pk}/"

    answers = (
        client.get(base).status_code,
        client.post(f"{base}contact/", {"contact_name": "恩", "contact_phone": "100"}).status_code,
        client.post(f"{base}members/", {"contact": cast.zhu.phone, "duty": "member"}).status_code,
    )

    assert answers == WHO_BELONGS[key]


def test_ended_member_may_no_longer_act(cast: Cast, client_of: ClientOf) -> None:
    enze = cast.organisations["enze"]
    membership = enze.memberships.get(user=cast.enxiao)

    client_of(cast.en).post(f"/me/organisations/{enze.pk}/members/{membership.pk}/end/")

    membership.refresh_from_db()
    assert membership.ended_at is not None
    assert not Role.objects.active().filter(user=cast.enxiao, organisation=enze).exists()
    assert client_of(cast.enxiao).get(f"/me/organisations/{enze.pk}/").status_code == 404


def test_member_may_leave_but_not_send_others_away(cast: Cast, client_of: ClientOf) -> None:
    enze = cast.organisations["enze"]
    client = client_of(cast.enxiao)
    base = f"/me/organisations/{enze.pk}/members"
    manager = enze.memberships.get(user=cast.en)
    own = enze.memberships.get(user=cast.enxiao)

    assert client.post(f"{base}/{manager.pk}/end/").status_code == 403
    assert client.post(f"{base}/{own.pk}/end/").status_code == 302

    assert list(enze.memberships.filter(ended_at=None)) == [manager]


def test_last_manager_cannot_leave(cast: Cast, client_of: ClientOf) -> None:
    enze = cast.organisations["enze"]
    own = enze.memberships.get(user=cast.en)

    answer = client_of(cast.en).post(f"/me/organisations/{enze.pk}/members/{own.pk}/end/")

    own.refresh_from_db()
    assert answer.status_code == 409
    assert own.ended_at is None


def test_list_is_filtered_in_the_address(
    cast: Cast, client_of: ClientOf, entered: Organisation
) -> None:
    page = client_of(cast.fan).get("/organisations/?state=submitted&q=潮生")

    assert [organisation for organisation, _tone in page.context["rows"]] == [entered]


def test_officers_home_says_what_waits(
    cast: Cast, client_of: ClientOf, entered: Organisation
) -> None:
    waiting = client_of(cast.fan).get("/home/").context["waiting"]

    assert [item.count for item in waiting if "organisations" in item.url] == [1]
