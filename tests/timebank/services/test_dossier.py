"""Training and awards: entered by one, checked by another; a block of their own on the record and
on the certificate, never service time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Message
from tests.factories.timebank import make_bank, make_confirmed_record
from tests.factories.timebank_recognition import (
    commendation,
    make_certificate,
    make_policy,
    training,
)
from timebank.errors.dossier import EnteredBefore, NotYetHeld
from timebank.models import DossierEntry
from timebank.selectors.certificates import Scope
from timebank.selectors.dossier import dossier_of, entries_to_check
from timebank.selectors.stars import stars_of
from timebank.services.certificate_papers import certificate_pdf, paper_of
from timebank.services.dossier import decide_entry, enter, enter_for_many

pytestmark = pytest.mark.django_db


def confirmed(cast, told):
    return decide_entry(
        enter(cast.anan, told, acting_user=cast.chen), "confirm", acting_user=cast.anan
    )


def test_one_enters_and_another_checks_of_whom_one_may_be_the_volunteer(cast):
    by_station = enter(cast.anan, training(), acting_user=cast.chen)
    by_herself = enter(cast.anan, commendation(), acting_user=cast.anan)
    assert Message.objects.filter(to_user=cast.anan, kind="dossier_entered").count() == 1
    assert list(entries_to_check(cast.anan)) == [by_station]
    assert list(entries_to_check(cast.chen)) == [by_herself]

    for entry, who in ((by_station, cast.chen), (by_herself, cast.anan), (by_herself, cast.cheng)):
        with pytest.raises(NotAllowed):
            decide_entry(entry, "confirm", acting_user=who)
    decide_entry(by_station, "confirm", acting_user=cast.anan)
    with pytest.raises(ReasonMissing):
        decide_entry(by_herself, "refuse", acting_user=cast.chen)
    decide_entry(by_herself, "refuse", reason="请补证书", acting_user=cast.chen)

    told = dossier_of(cast.anan, timezone.localdate())
    assert [one.pk for one in told.trainings] == [by_station.pk]
    assert told.commendations == []
    with pytest.raises(OutOfTurn):
        decide_entry(by_station, "withdraw", acting_user=cast.chen)


def test_who_may_enter_what_and_once(cast):
    with pytest.raises(NotAllowed):
        enter(cast.anan, training(), acting_user=cast.cheng)  # another town's station
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(NotYetHeld):
        enter(cast.anan, training(held_on=tomorrow), acting_user=cast.chen)
    enter(cast.enxiao, training(), acting_user=cast.en)  # her own organisation's member
    enter(cast.anan, training(), acting_user=cast.chen)

    with pytest.raises(EnteredBefore):
        enter_for_many([cast.baijia, cast.anan], training(), acting_user=cast.chen)

    assert not DossierEntry.objects.of_volunteer(cast.baijia).exists()


def test_the_certificate_says_them_beside_the_hours(cast):
    bank = make_bank()
    make_policy(bank)
    make_confirmed_record(cast.anan, cast.stations["nanguanxiang"], cast.chen)
    confirmed(cast, training())
    confirmed(cast, commendation())
    enter(cast.anan, training(title="还没核对"), acting_user=cast.chen)

    certificate = make_certificate(cast.anan, bank)

    paper = paper_of(certificate)
    assert [block["title"] for block in paper["blocks"]] == [
        "培训情况（学习时长 4 小时，不计入服务时长）",
        "表彰奖励情况",
    ]
    assert "还没核对" not in str(paper)
    assert certificate.minutes == 60 == stars_of(cast.anan).minutes
    assert certificate_pdf(certificate).startswith(b"%PDF")
    narrowed = make_certificate(
        cast.anan,
        bank,
        scope=Scope(since=timezone.localdate().replace(year=2020), until=timezone.localdate()),
    )
    assert len(paper_of(narrowed)["blocks"]) == 2
    grouped = make_certificate(cast.anan, bank, scope=Scope(group="生活照料"))
    assert paper_of(grouped)["blocks"] == []


def test_page_shows_five_blocks_and_takes_a_list(client, cast):
    confirmed(cast, training())
    client.force_login(cast.anan)

    page = client.get("/time/dossier/").content.decode()

    for words in (
        "个人基本信息",
        "志愿服务情况",
        "培训情况",
        "表彰奖励情况",
        "评价情况",
        "学习时长 4 小时",
    ):
        assert words in page
    client.force_login(cast.chen)
    phone = cast.baijia.phone.removeprefix("+86")
    form = {
        "title": "防汛演练培训",
        "content": "沙袋堆筑",
        "hours": "1.5",
        "body": "南关厢站（演示）",
        "held_on": "2026-05-01",
        "lines": f"白佳 {phone}",
    }
    assert client.post("/time/dossier/desk/training/", form | {"lines": "谁"}).status_code == 422
    client.post("/time/dossier/desk/training/", form)
    assert DossierEntry.objects.get(volunteer=cast.baijia).minutes == 90
