"""Needs from raising to their fate: who may, what is kept, what is told, what is refused."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import FileRefused, NotAllowed, OutOfTurn
from accounts.models import Message, Region
from accounts.services.calendar import set_holiday
from config.demo.cast import XUCUN, Cast
from tests.factories.timebank import make_bank
from tests.factories.timebank_orders import make_listing
from tests.factories.ventures_needs import make_listed_need, make_need, words_for
from timebank.doors import suggested_listings
from timebank.models import Listing
from ventures.errors.needs import (
    FateIncomplete,
    HoldsMerged,
    NeedAnswered,
    NoMergeWithItself,
    NotForThisRound,
    NotSupportable,
    OneVoiceOnly,
    TooManyFiles,
    VisitTold,
    VoiceNeedsPhone,
)
from ventures.models import Need, NeedFile, NeedSupport, ProjectKind, Round, Track, Visit
from ventures.selectors.needs import choosable_for, figures_of, like, story_of
from ventures.services.need_fates import (
    leave_to_market,
    put_in_call,
    put_in_menu,
    put_many_in_call,
    reconsider_need,
    refer_need,
    refuse_need,
    settle_need,
)
from ventures.services.need_merging import merge_need, unmerge_need
from ventures.services.need_support import support_need, take_back_support
from ventures.services.needs import (
    Source,
    add_need_file,
    list_need,
    raise_need,
    remove_need_file,
    resubmit_need,
    return_need,
    withdraw_need,
)
from ventures.services.visits import turn_into_need, write_visit

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(name: str = "纪要.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def told(user) -> list[str]:
    return list(
        Message.objects.filter(to_user=user, kind="need")
        .order_by("pk")
        .values_list("title", flat=True)
    )


# Raising and screening ----------------------------------------------------------------


def test_need_is_raised_completed_listed_and_told(cast: Cast):
    need = make_need(cast.anan)
    assert need.state == "raised"
    assert not Need.objects.public().exists()

    return_need(need, reason="请写明大约几位老人", acting_user=cast.xia)
    resubmit_need(need, words_for(people=30), acting_user=cast.anan)
    list_need(need, acting_user=cast.xia)

    need.refresh_from_db()
    assert (need.state, need.people) == ("listed", 30)
    assert list(Need.objects.public()) == [need]
    assert len(told(cast.anan)) == 2
    public = story_of(need, inside=False)
    assert [str(entry.what) for entry in public] == ["通过预审，列入清单", "提出需求"]
    assert not any(name in entry.who for entry in public for name in ("安安", "夏社工"))
    assert "请写明大约几位老人" in [entry.why for entry in story_of(need, inside=True)]


@pytest.mark.parametrize("key", ["anan", "dai", "xu", "jin", "shu", "guo", "chen", "en"])
def test_others_screen_and_answer_nothing(cast: Cast, key: str):
    need = make_need(cast.zhu)

    for act in (list_need, lambda one, **who: settle_need(one, answer="好", **who)):
        with pytest.raises(NotAllowed):
            act(need, acting_user=cast.people[key])


def test_nobody_screens_or_answers_what_she_raised(cast: Cast):
    of_worker, of_officer = make_need(cast.xia), make_need(cast.fan)

    for need, user in ((of_worker, cast.xia), (of_officer, cast.fan)):
        with pytest.raises(NotAllowed):
            list_need(need, acting_user=user)
        with pytest.raises(NotAllowed):
            settle_need(need, answer="已商量好", acting_user=user)
    assert list_need(of_worker, acting_user=cast.fan).state == "listed"


def test_workers_do_not_refuse_nor_take_back(cast: Cast):
    need = make_listed_need(cast.anan, cast.xia)

    with pytest.raises(NotAllowed):
        refuse_need(need, answer="不办", acting_user=cast.xia)
    settle_need(need, answer="议定错时停车", acting_user=cast.xia)
    with pytest.raises(NotAllowed):
        reconsider_need(need, reason="还没解决", acting_user=cast.xia)


def test_meeting_and_organisation_say_which(cast: Cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_need(cast.xia, source=Source(origin="meeting"))
    with pytest.raises(NotAllowed):
        make_need(
            cast.anan,
            source=Source(origin="organisation", organisation=cast.organisations["enze"]),
        )

    met = raise_need(
        words_for(),
        source=Source(origin="meeting", met_on=date(2026, 10, 1), met_by=28),
        files=[pdf()],
        acting_user=cast.xia,
    )

    assert met.files.get().kind == NeedFile.Kind.MINUTES


def test_evidence_is_checked_counted_and_closed_with_the_answer(cast: Cast):
    need = make_need(cast.anan)
    with pytest.raises(FileRefused):
        add_need_file(need, SimpleUploadedFile("a.jpg", b"<svg/>"), acting_user=cast.anan)
    with pytest.raises(NotAllowed):
        add_need_file(need, pdf(), acting_user=cast.zhu)
    files = [add_need_file(need, pdf(), acting_user=cast.anan) for _again in range(6)]
    with pytest.raises(TooManyFiles):
        add_need_file(need, pdf(), acting_user=cast.anan)
    remove_need_file(files[0], acting_user=cast.anan)
    settle_need(need, answer="已商量好", acting_user=cast.xia)

    for act in (
        lambda: add_need_file(need, pdf(), acting_user=cast.anan),
        lambda: remove_need_file(files[1], acting_user=cast.anan),
    ):
        with pytest.raises(NeedAnswered):
            act()


# Fates --------------------------------------------------------------------------------


def test_fate_is_published_with_working_days_and_told(cast: Cast):
    """From a Friday over a holiday Monday to Wednesday: two working days."""
    need = make_listed_need(cast.anan, cast.xia)
    support_need(need, acting_user=cast.zhu)
    set_holiday(date(2026, 11, 16), name="试", is_working=False, acting_user=cast.guo)
    friday = timezone.make_aware(timezone.datetime(2026, 11, 13, 9))
    Need.objects.filter(pk=need.pk).update(raised_at=friday)

    with pytest.MonkeyPatch.context() as patch:
        wednesday = friday + timedelta(days=5)
        patch.setattr("ventures.services.need_fates.database_now", lambda: wednesday)
        need = refer_need(need, department="镇社会救助窗口", answer="已转交", acting_user=cast.xia)

    assert (need.state, need.days_taken, need.department) == ("referred", 2, "镇社会救助窗口")
    assert "2 个工作日" in story_of(need, inside=False)[0].why
    for person in (cast.anan, cast.zhu):
        assert told(person)[-1] == "需求“独居老人看病没人陪”：转办部门"
    assert told(cast.xia) == []
    assert figures_of(Need.objects.public()).median_days == 2


def test_fate_needs_its_answer_and_what_follows(cast: Cast):
    need = make_listed_need(cast.anan, cast.xia)

    for act in (
        lambda: settle_need(need, answer=" ", acting_user=cast.xia),
        lambda: refer_need(need, department=" ", answer="好", acting_user=cast.xia),
        lambda: put_in_menu(need, service="", answer="好", acting_user=cast.xia),
    ):
        with pytest.raises(FateIncomplete):
            act()
    need.refresh_from_db()
    assert need.state == "listed"


def test_menu_gets_a_draft_that_the_station_publishes(cast: Cast):
    make_bank()
    service = make_listing(cast.stations["nanguanxiang"]).service_type
    need = make_listed_need(cast.anan, cast.xia)

    need = put_in_menu(need, service=service.code, answer="站点受理", acting_user=cast.xia)

    listing = Listing.objects.get(pk=need.listing)
    assert (listing.state, listing.station) == ("draft", cast.stations["nanguanxiang"])
    assert listing.minutes == service.usual_minutes
    assert Message.objects.filter(to_user=cast.chen, kind="listing_suggested").count() == 1
    assert not suggested_listings([listing.pk])[listing.pk].is_on_menu


def test_call_takes_what_fits_and_all_or_none(cast: Cast, round: Round):
    first, second = (make_listed_need(cast.anan, cast.xia) for _again in range(2))
    private = make_need(cast.anan, is_personal=True)
    support_need(second, acting_user=cast.zhu)
    assert list(choosable_for(round, cast.fan)) == [second, first]

    with pytest.raises(NotForThisRound):
        put_many_in_call([first, private], round, answer="列入指引", acting_user=cast.fan)
    first.refresh_from_db()
    assert first.state == "listed"
    put_many_in_call([first, second], round, answer="列入指引", acting_user=cast.fan)

    assert set(round.needs.all()) == {first, second}
    assert not choosable_for(round, cast.fan).exists()


def test_call_of_another_place_kind_or_time_takes_nothing(
    cast: Cast, round: Round, town_round: Round
):
    need = make_listed_need(cast.anan, cast.xia)
    round.tracks.remove(Track.objects.get(code="A1"))
    later = make_listed_need(cast.anan, cast.xia, track=Track.objects.get(code="A2"))
    over = Round.objects.filter(pk=round.pk)
    of_xucun = make_listed_need(cast.zhu, cast.xu, XUCUN)

    with pytest.raises(NotAllowed):  # another office's round
        put_in_call(of_xucun, town_round, answer="好", acting_user=cast.fan)
    with pytest.raises(NotForThisRound):  # another group
        put_in_call(need, round, answer="好", acting_user=cast.fan)
    over.update(closes_at=timezone.now(), opens_at=timezone.now() - timedelta(days=9))
    with pytest.raises(NotForThisRound):  # over
        put_in_call(later, Round.objects.get(pk=round.pk), answer="好", acting_user=cast.fan)
    assert put_in_call(of_xucun, town_round, answer="好", acting_user=cast.xu).state == "in_call"


def test_fate_taken_back_waits_again(cast: Cast):
    need = make_need(cast.anan)
    leave_to_market(need, answer="有三家家政公司", acting_user=cast.xia)

    need = reconsider_need(need, reason="老人付不起", acting_user=cast.fan)

    need.refresh_from_db()
    assert (need.state, need.answer, need.days_taken) == ("listed", "", None)
    assert story_of(need, inside=False)[0].why == "老人付不起"
    assert len(told(cast.anan)) == 2


def test_private_trouble_is_answered_but_never_public(cast: Cast):
    need = make_need(cast.anan, is_personal=True)
    list_need(need, acting_user=cast.xia)

    refer_need(need, department="救助窗口", answer="已联系您家", acting_user=cast.xia)

    assert not Need.objects.public().exists()
    assert not Need.objects.visible_to(cast.zhu).exists()
    assert Need.objects.visible_to(cast.anan).exists()
    assert "已联系您家" not in [entry.why for entry in story_of(need, inside=False)]


# Voices ------------------------------------------------------------------------------


def test_one_person_one_voice_revocable(cast: Cast):
    need = make_listed_need(cast.anan, cast.xia)
    support_need(need, acting_user=cast.zhu)

    with pytest.raises(OneVoiceOnly):
        support_need(need, acting_user=cast.zhu)
    assert take_back_support(need, acting_user=cast.zhu)
    assert not take_back_support(need, acting_user=cast.zhu)
    support_need(need, acting_user=cast.zhu)

    assert Need.objects.with_voices().get().voices == 1
    assert NeedSupport.objects.count() == 2


def test_voice_only_for_what_waits_by_who_is_verified(cast: Cast):
    raised, private = make_need(cast.anan), make_need(cast.anan, is_personal=True)
    list_need(private, acting_user=cast.xia)
    listed = make_listed_need(cast.anan, cast.xia)
    cast.fang.phone_verified = False

    for need in (raised, private):
        with pytest.raises(NotSupportable):
            support_need(need, acting_user=cast.zhu)
    with pytest.raises(VoiceNeedsPhone):
        support_need(listed, acting_user=cast.fang)


# Duplicates -----------------------------------------------------------------------------


def test_merge_moves_voices_and_undo_brings_them_home(cast: Cast):
    kept = make_listed_need(cast.zhu, cast.xia)
    double = make_listed_need(cast.anan, cast.xia, title="老人看病没有人陪同")
    for need, users in ((kept, [cast.fang]), (double, [cast.fang, cast.baijia, cast.dai])):
        for user in users:
            support_need(need, acting_user=user)
    assert like(double)[0] == kept

    merge_need(double, kept, acting_user=cast.xia)
    double.refresh_from_db()
    assert (double.state, double.merged_into) == ("merged", kept)
    assert Need.objects.with_voices().get(pk=kept.pk).voices == 3  # 方爷爷 once
    assert "已合并" in told(cast.baijia)[-1]
    take_back_support(kept, acting_user=cast.dai)
    settle_need(kept, answer="已安排", acting_user=cast.xia)
    for person in (cast.baijia, cast.anan):  # who was merged hears of the fate
        assert "社区协商解决" in told(person)[-1]

    unmerge_need(double, acting_user=cast.xia)
    voices = {need.pk: need.voices for need in Need.objects.with_voices()}
    assert voices == {kept.pk: 1, double.pk: 2}


def test_merge_refuses_itself_chains_and_strangers(cast: Cast):
    first, second, third = (make_listed_need(cast.anan, cast.xia) for _again in range(3))
    raised, far = make_need(cast.anan), make_listed_need(cast.anan, cast.xu, XUCUN)
    merge_need(second, first, acting_user=cast.xia)

    for into in (third, raised, far, second):
        with pytest.raises(NoMergeWithItself):
            merge_need(third, into, acting_user=cast.xia)
    with pytest.raises(HoldsMerged):
        merge_need(first, third, acting_user=cast.xia)
    with pytest.raises(HoldsMerged):
        withdraw_need(first, acting_user=cast.anan)
    merge_need(raised, first, acting_user=cast.xia)
    assert unmerge_need(raised, acting_user=cast.xia).state == "raised"
    with pytest.raises(OutOfTurn):
        unmerge_need(raised, acting_user=cast.xia)


# Visits -----------------------------------------------------------------------------------


def test_visit_becomes_a_need_in_its_public_words_once(cast: Cast):
    visit = write_visit(
        {
            "region": Region.objects.get(code="330481001007"),
            "visited_on": timezone.localdate(),
            "household": "3 号楼张家",
            "note": "张阿姨上周在楼梯上摔过",
            "lack": "楼梯没有扶手",
            "details": "",
            "track": Track.objects.get(code="A1"),
            "kind": ProjectKind.GOVERNANCE,
            "severity": 3,
            "people": 12,
        },
        acting_user=cast.xia,
    )

    with pytest.raises(NotAllowed):
        turn_into_need(visit, acting_user=cast.fan)
    need = turn_into_need(visit, acting_user=cast.xia)

    assert (need.origin, need.title, need.people) == ("visit", "楼梯没有扶手", 12)
    assert "张" not in need.title + need.description
    assert need.visit == Visit.objects.get()
    with pytest.raises(VisitTold):
        turn_into_need(visit, acting_user=cast.xia)
    with pytest.raises(NotAllowed):
        write_visit({"region": Region.objects.get(code=XUCUN)}, acting_user=cast.xia)
    assert not Visit.objects.visible_to(cast.anan).exists()
