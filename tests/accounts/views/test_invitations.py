"""Invitations and offices as people meet them: the link in a letter, the lists, the warnings."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from accounts.data_words import forget_words, in_readers_language
from accounts.forms.fields import SaidChoice
from accounts.models import DataWord, Invitation, OutboxItem, Region, Role, User
from accounts.services.calendar import load_holidays
from accounts.services.deliveries import deliver_message
from accounts.services.invitations import invite_member
from accounts.services.words import load_words, set_word
from accounts.templatetags.kit import calendar_warning, masked_contact
from config.demo.cast import Cast

type ClientOf = Callable[[User], Client]


def test_stranger_joins_through_the_letter_and_accepts(
    cast: Cast, client_of: ClientOf, client: Client
) -> None:
    enze = cast.organisations["enze"]
    answer = client_of(cast.en).post(
        f"/me/organisations/{enze.pk}/members/",
        {"contact": "139 0000 0000", "duty": "member"},
        follow=True,
    )
    assert "139 0000 0000" in answer.content.decode()  # in the list of open invitations
    assert deliver_message(Invitation.objects.get().deliveries.get().pk)
    letter = OutboxItem.objects.get(to="+8613900000000")
    found = re.search(r"/invitations/[0-9a-f-]+/", letter.body)
    assert found, letter.body
    link = found.group()
    assert client.get(link).status_code == 302  # to sign in, or to join
    newcomer = User.objects.create_user(
        display_name="新人", phone="+8613900000000", phone_verified=False
    )
    client.force_login(newcomer)
    assert client.get(link).status_code == 404  # the number is not proved yet
    User.objects.filter(pk=newcomer.pk).update(phone_verified=True)

    assert "恩泽社区服务社" in client.get(link).content.decode()
    client.post(f"{link}accept/")

    assert newcomer.roles.get().kind == "member"
    assert client.get(f"/me/organisations/{enze.pk}/").status_code == 200


def test_home_and_list_show_what_waits(cast: Cast, client_of: ClientOf) -> None:
    client_of(cast.en).post(
        f"/me/organisations/{cast.organisations['enze'].pk}/members/",
        {"contact": cast.zhu.phone, "duty": "manager"},
    )
    client = client_of(cast.zhu)

    assert "等您答复的邀请" in client.get("/home/").content.decode()
    assert "组织负责人" in client.get("/me/invitations/").content.decode()
    assert "等您答复的邀请" not in client_of(cast.anan).get("/home/").content.decode()


def test_appointing_ends_in_the_list_with_its_history(cast: Cast, client_of: ClientOf) -> None:
    officer, chosen = client_of(cast.fan), client_of(cast.zhu)
    today = timezone.localdate()
    form: dict[str, Any] = {
        "contact": "10000000002",
        "region": Region.objects.get(code="330481001000").pk,
        "starts_on": today,
        "ends_on": today.replace(year=today.year + 1),
        "reason": "海民〔2026〕3 号",
    }
    assert officer.post("/appointments/new/coach/", form | {"reason": ""}).status_code == 422
    wrong = officer.post("/appointments/new/coach/", form | {"ends_on": "2001-01-01"})
    assert wrong.status_code == 422
    officer.post("/appointments/new/coach/", form)
    invitation = Invitation.objects.get()
    assert "100****0002" in officer.get("/appointments/").content.decode()
    chosen.post(f"{invitation.get_absolute_url()}accept/")
    role = cast.zhu.roles.get(kind="coach")

    officer.post(f"/appointments/{role.pk}/end/", {"reason": "任务完成"})

    ended = officer.get("/appointments/?state=ended").content.decode()
    assert "诸阿姨" in ended
    assert "诸阿姨" not in officer.get("/appointments/?state=held").content.decode()
    page = officer.get(f"/appointments/{role.pk}/").content.decode()
    assert "海民〔2026〕3 号" in page
    assert "任务完成" in page


def test_places_offered_are_those_one_may_fill(cast: Cast, client_of: ClientOf) -> None:
    of_town = client_of(cast.xu).get("/appointments/new/coach/").content.decode()
    of_city = client_of(cast.fan).get("/appointments/new/officer/").content.decode()

    assert "许村社区" in of_town
    assert "南关厢社区" not in of_town
    assert ">海宁市</option>" not in of_city  # an officer adds nobody to her own level
    assert "硖石街道" in of_city


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("+8613812345678", "138****5678"), ("anan@example.cn", "a***@example.cn"), (None, "")],
)
def test_contact_is_masked(contact: str | None, shown: str) -> None:
    assert masked_contact(contact) == shown


def test_year_is_known_once_its_document_is_entered(cast: Cast, client_of: ClientOf) -> None:
    load_holidays()
    guo = client_of(cast.guo)
    span = (timezone.localdate().replace(2026, 12, 20), timezone.localdate().replace(2027, 1, 10))
    assert calendar_warning(*span) == {"years": "2027"}
    days = {"first": "2027-02-05", "last": "2027-02-12", "name": "春节", "is_working": "no"}
    assert guo.post("/calendar/2027/days/", days | {"last": "2028-01-01"}).status_code == 422
    guo.post("/calendar/2027/days/", days)
    assert "2月12日" in guo.get("/calendar/2027/").content.decode()

    guo.post("/calendar/2027/arrangement/", {"document_number": "国办发明电〔2026〕9号"})

    assert calendar_warning(*span) == {"years": ""}
    assert "国办发明电〔2026〕9号" in guo.get("/calendar/2027/").content.decode()
    assert guo.get("/calendar/1999/").status_code == 404


def test_words_in_rows_are_said_in_english_as_staff_word_them(cast: Cast) -> None:
    forget_words()
    load_words()
    set_word(
        DataWord.objects.get(chinese="上门理发"),
        chinese="上门理发",
        english="Barber at home",
        acting_user=cast.guo,
    )
    assert load_words() == 0  # and staff's wording stays

    with translation.override("en"):
        said = [
            in_readers_language(words) for words in ("上门理发", "老年人", "没有登记过的词", "")
        ]
        choices = [str(label) for _pk, label in SaidChoice(DataWord.objects.all()).choices]

    forget_words()
    assert "Older people" in choices
    assert "老年人" not in choices
    assert said == ["Barber at home", "Older people", "没有登记过的词", ""]
    assert in_readers_language("老年人") == "老年人"


def test_operator_is_listed_before_its_people_are_appointed(
    cast: Cast, client_of: ClientOf
) -> None:
    enze, fan = cast.organisations["enze"], client_of(cast.fan)
    assert "恩泽社区服务社" not in fan.get("/appointments/new/operator/").content.decode()

    fan.post(f"/organisations/{enze.pk}/operator/", {"list": "yes"})

    assert "恩泽社区服务社" in fan.get("/appointments/new/operator/").content.decode()
    assert Role.Kind.OPERATOR not in [role.kind for role in cast.en.roles.all()]


def test_somebody_elses_link_and_none_at_all_explain_alike(cast: Cast, client_of: ClientOf) -> None:
    enze = cast.organisations["enze"]
    invitation = invite_member(enze, str(cast.zhu.phone), duty="member", acting_user=cast.en)
    anan = client_of(cast.anan)

    others, none = (anan.get(f"/invitations/{token}/") for token in (invitation.token, uuid4()))

    assert (others.status_code, none.status_code) == (404, 404)
    told = others.content.decode()
    assert "打不开这份邀请" in told
    assert enze.name not in told
    assert [one.name for one in others.templates] == [one.name for one in none.templates]
