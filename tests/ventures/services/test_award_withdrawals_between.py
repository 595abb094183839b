"""An award ends between two notices or under recheck: what is announced, how the round ends."""

from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import IdentityCheck, Role
from accounts.services.roles import grant_role
from tests.factories.ventures_award_wishes import correct_at_once
from tests.factories.ventures_awards import PDF, proposals_of
from tests.factories.ventures_on_notice import (
    cancel,
    give_up,
    let_pass,
    make_notice,
    money_of,
    move_up,
    publish_again,
    state_of,
)
from ventures.errors.promotions import AwardGone
from ventures.models import AwardWithdrawal, Round
from ventures.selectors.boards import board_of
from ventures.selectors.dossiers import dossiers_of
from ventures.services.award_corrections import RightAmount
from ventures.services.notices import conclude_notice
from ventures.services.objections import Objecting, answer_objection, file_objection
from ventures.services.reissues import withdraw_notice
from ventures.views.home_awards import waiting_for_decision


@pytest.fixture
def later(monkeypatch):
    return partial(let_pass, monkeypatch)


def on_notice(cast, **fields):
    notice = make_notice(cast, **fields)
    return notice, proposals_of(notice.round)


def waits_at_home(user, round):
    return [str(one.label) for one in waiting_for_decision(user, round.region)]


@pytest.mark.django_db
def test_given_up_between_a_withdrawn_notice_and_the_next(cast, later):
    notice, (first, second, *_others) = on_notice(cast)
    withdraw_notice(notice, reason="日期写错了", acting_user=cast.fan)

    give_up(first, cast.en)

    again = publish_again(notice.round, cast.fan)
    assert [one["code"] for one in again.snapshot["projects"]] == [second.code]
    assert "形式审查通过 4 份" in again.snapshot["how_decided"][0]
    assert "申报方放弃立项 1 个，退回资金 6,150.00 元。" in again.snapshot["how_decided"]
    later(60)
    said = conclude_notice(again, acting_user=cast.fan).snapshot
    assert [one["code"] for one in said["withdrawn"]] == [first.code]


@pytest.mark.django_db
def test_given_up_under_recheck_is_announced_and_the_round_ends(cast, client, later):
    notice, (first, *_others) = on_notice(cast, reserves=False)
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    said = Objecting(facts="没有办过", phone="10012345678", proposal=first)
    objection = file_objection(notice, said, acting_user=cast.anan)
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    give_up(first, cast.en)
    assert "创投复核已结束，等待补充公告" not in waits_at_home(cast.fan, notice.round)
    answer_objection(objection, "reject", answer="已放弃，不再复核", acting_user=cast.fan)
    client.force_login(cast.fan)

    assert "创投复核已结束，等待补充公告" in waits_at_home(cast.fan, notice.round)
    step = board_of(Round.objects.get(pk=notice.round_id), cast.fan).next_step
    assert str(step.label) == "发布补充公告"
    conclude = reverse("ventures:notice-conclude", args=[notice.code])
    assert conclude in client.get(notice.get_absolute_url()).content.decode()
    client.post(conclude)

    words = notice.announcements.get(number=2).snapshot
    assert [one["code"] for one in words["withdrawn"]] == [first.code]
    assert state_of(notice.round) == "concluded"
    assert [one.slug for one in dossiers_of(notice.round)] == ["meeting", "final"]


@pytest.mark.django_db
def test_a_withdrawn_supplement_is_replaced_though_who_moved_up_gave_up(cast, client, later):
    notice, (first, _second, third, _fourth) = on_notice(cast)
    round = notice.round
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    cancel(first, cast.fan)
    move_up(round, cast.fan, 500_000)
    client.force_login(cast.fan)
    promotion = reverse("ventures:round-promotion", args=[round.code])
    assert "先发布补充公示，再撤回它、更正金额" in client.get(promotion).content.decode()
    withdraw_notice(publish_again(round, cast.fan, 60), reason="金额错了", acting_user=cast.fan)
    amounts = client.get(reverse("ventures:round-amounts", args=[round.code])).content.decode()
    assert reverse("ventures:award-correct", args=[third.code]) in amounts
    right = RightAmount(600_000, "少记一千", SimpleUploadedFile("纪要.pdf", PDF), 500_000)
    correct_at_once(third, right, cast.fan)
    assert money_of(round)[0] == 615_000 + 600_000
    grant_role(cast.zhu, Role.Kind.MEMBER, organisation=third.applicant, acting_user=cast.fan)
    give_up(third, cast.zhu)
    assert money_of(round)[0] == 615_000
    again = reverse("ventures:notice-publish", args=[round.code])
    for name in ("round-promotion", "round-amounts"):  # the pages with nobody on them lead on
        page = client.get(reverse(f"ventures:{name}", args=[round.code])).content.decode()
        assert again in page
    assert client.get(again).status_code == 200

    last = publish_again(round, cast.fan, 60)

    assert last.snapshot["projects"] == []
    assert "拟立项 0 个" in last.snapshot["how_decided"][-1]
    later(200)
    words = conclude_notice(last, acting_user=cast.fan).snapshot
    assert [one["code"] for one in words["withdrawn"]] == [third.code]
    assert state_of(round) == "concluded"


@pytest.mark.django_db
def test_a_supplement_published_again_does_not_count_who_fell_meanwhile(cast, later):
    notice, (first, second, third, _fourth) = on_notice(cast)
    round = notice.round
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    cancel(first, cast.fan)
    move_up(round, cast.fan, 500_000)
    again = publish_again(round, cast.fan, 60)
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    said = Objecting(facts="没有办过", phone="10012345678", proposal=third)
    objection = file_objection(again, said, acting_user=cast.anan)
    withdraw_notice(again, reason="日期错了", acting_user=cast.fan)
    answer_objection(objection, "uphold", answer="查实", acting_user=cast.fan)

    # What an objection took back is not given up as well.
    grant_role(cast.zhu, Role.Kind.MEMBER, organisation=third.applicant, acting_user=cast.fan)
    with pytest.raises(AwardGone):
        give_up(third, cast.zhu)
    withdrawal = AwardWithdrawal.objects.get(award__proposal=third)
    assert (withdrawal.cause, withdrawal.objection) == ("objection", objection)
    others = {"objection": objection, "reason": "x", "withdrawn_by": cast.fan}
    neither = r"names_it|another agreed to"
    for wrong in ({"cause": "cancelled"}, {"cause": "objection", "objection": None}):
        with pytest.raises(IntegrityError, match=neither), transaction.atomic():
            AwardWithdrawal.objects.create(award=second.award, **(others | wrong))

    last = publish_again(round, cast.fan, 60)

    assert last.snapshot["projects"] == []
    assert last.snapshot["how_decided"][-1] == "拟立项 0 个，拟资助合计 0.00 元。"
