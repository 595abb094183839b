"""An award is given up by its applicant or cancelled by the office: the money, and who is next."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message, Region, Role
from accounts.services.roles import grant_role
from tests.at_once import said_at_once
from tests.factories.ventures_award_wishes import wish_to_cancel
from tests.factories.ventures_awards import (
    proposals_of,
)
from tests.factories.ventures_on_notice import (
    PRIVATE,
    TITLE,
    cancel,
    give_up,
    let_pass,
    make_notice,
    money_of,
    move_up,
    publish_again,
    state_of,
)
from ventures.models import (
    Announcement,
    AwardWithdrawal,
    Proposal,
)
from ventures.selectors.dossiers import dossiers_of, replay
from ventures.selectors.funnels import summary_of
from ventures.selectors.notice_papers import announcement_paper
from ventures.selectors.open_book import open_book
from ventures.selectors.outcomes import outcome_of
from ventures.selectors.programmes import Done, done_by
from ventures.selectors.promotions import promotable_in
from ventures.services.award_wish_answers import answer_award_wish
from ventures.services.notices import conclude_notice
from ventures.services.second_person_news import tell_those_above
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
def test_given_up_on_notice_frees_the_money_and_the_next_moves_up_even_after_the_end(
    cast, client, later
):
    notice, (first, second, third, _fourth) = on_notice(cast, by_rules=True)
    round = notice.round
    with pytest.raises(ReasonMissing):
        give_up(first, cast.en, "  ")
    for person in (cast.fan, cast.fang):
        with pytest.raises(NotAllowed):
            give_up(first, person)
    with pytest.raises(OutOfTurn):
        cancel(first, cast.fan)  # nothing is announced yet

    given_up = give_up(first, cast.en)

    assert (state_of(first), state_of(first.decision)) == ("given_up", "final")
    assert money_of(round) == (615_000, 885_001)
    assert given_up.transfer_id
    (moved,) = [one for one in promotable_in(round) if one.listed_fen]
    assert (moved.proposal, moved.listed_fen) == (third, 615_000)
    assert "有立项撤销或放弃，等会议决定递补" in waits_at_home(cast.fan, round)
    with pytest.raises(OutOfTurn):
        give_up(first, cast.en)
    told = Message.objects.get(kind="ventures.award_given_up")
    assert (told.to_user, PRIVATE in told.body) == (cast.fan, True)
    assert Message.objects.filter(to_user=cast.enxiao, kind="ventures.award_ended").exists()
    assert not Change.objects.filter(reason__contains="母亲").exists()
    for person in (cast.en, cast.fan, None):
        client.logout()
        if person:
            client.force_login(person)
            own = client.get(reverse("ventures:proposal-outcome", args=[first.code]))
            assert PRIVATE in own.content.decode()
            assert "6,150.00" in own.content.decode()
        page = client.get(notice.get_absolute_url()).content.decode()
        assert PRIVATE not in page
        assert "申报方放弃立项" in page
    later(60)
    said = conclude_notice(notice, acting_user=cast.fan).snapshot
    assert [one["code"] for one in said["projects"]] == [second.code]
    assert [(one["code"], one["reason"]) for one in said["withdrawn"]] == [
        (first.code, "申报方放弃立项")
    ]
    assert (state_of(round), state_of(third)) == ("concluded", "reserved")
    # Announced with nobody waiting for the money: the office let it be, but may change its mind.
    assert not any("递补" in label for label in waits_at_home(cast.fan, round))

    move_up(round, cast.fan, None)

    assert state_of(round) == "noticed"
    assert str(outcome_of(Proposal.objects.get(pk=third.pk)).label) == "候补"
    again = publish_again(round, cast.fan, 60)
    assert [one["code"] for one in again.snapshot["projects"]] == [third.code]
    assert "申报方放弃立项 1 个，退回资金 6,150.00 元。" in again.snapshot["how_decided"]
    later(200)
    conclude_notice(again, acting_user=cast.fan)
    assert (state_of(round), state_of(third)) == ("concluded", "awarded")
    assert money_of(round) == (2 * 615_000, 270_001)
    assert done_by(round.programme) == Done(2, 2 * 615_000)
    meeting, final, last = dossiers_of(round)
    assert [one.slug for one in (meeting, final, last)] == ["meeting", "final", "final-2"]
    (gone,) = last.content["withdrawals"]
    assert (gone["code"], gone["cause"], gone["reason"]) == (first.code, "given_up", "")
    assert all(same for _number, same in replay(last))
    client.force_login(cast.shu)
    for slug, status in (("final-2", 200), ("final-3", 404)):
        url = reverse("ventures:round-dossier-json", args=[round.code, slug])
        assert client.get(url).status_code == status


@pytest.mark.django_db
def test_cancelled_after_the_announcement_stays_on_the_list_with_its_reason(cast, client, later):
    notice, (first, second, third, _fourth) = on_notice(cast)
    round = notice.round
    later(60)
    announcement = conclude_notice(notice, acting_user=cast.fan)
    assert open_book().projects == 2
    for person in (cast.en, cast.xu, cast.shu):
        with pytest.raises(NotAllowed):
            cancel(second, person)

    cancel(first, cast.fan, "组织已被列入异常名录")

    with pytest.raises(OutOfTurn):
        give_up(first, cast.en)
    assert state_of(first) == "cancelled"
    assert (open_book().projects, open_book().amount_fen) == (1, 615_000)
    assert done_by(round.programme) == Done(1, 615_000)
    assert {one.key: one.count for one in summary_of(round).funnel}["reviewed"] == 4
    told = Message.objects.filter(to_user=cast.en, kind="ventures.award_ended").get()
    assert "异常名录" in told.body
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "主办单位取消立项：组织已被列入异常名录" in page
    assert announcement.sha256 in page
    paper = announcement_paper(Announcement.objects.get())
    assert paper["since"][0].startswith(f"{first.title}（")
    record = client.get(reverse("ventures:notice-json", args=[notice.code])).json()
    assert [one["cause"] for one in record["since"]] == ["cancelled"]
    for name in ("notice-pdf", "announcement-pdf"):
        args = [notice.code] if name == "notice-pdf" else [notice.code, 1]
        assert client.get(reverse(f"ventures:{name}", args=args)).content[:4] == b"%PDF"
    assert "有立项撤销或放弃，等会议决定递补" in waits_at_home(cast.fan, round)
    # After the end too a meeting gives it to the reserve, and the round ends again.
    move_up(round, cast.fan, 500_000)
    assert state_of(third) == "reserved"
    again = publish_again(round, cast.fan, 60)
    grant_role(cast.zhu, Role.Kind.MEMBER, organisation=third.applicant, acting_user=cast.fan)
    give_up(third, cast.zhu, "人手不够", publishes_reason=True)
    later(200)
    last = conclude_notice(again, acting_user=cast.fan).snapshot
    assert (last["total_fen"], last["with_earlier_fen"]) == (0, 0)
    assert [one["reason"] for one in last["withdrawn"]] == ["申报方放弃立项：人手不够"]
    assert (state_of(third), state_of(round)) == ("given_up", "concluded")
    assert money_of(round)[0] == 615_000
    client.force_login(cast.en)
    own = client.get(reverse("ventures:proposal-detail", args=[first.code])).content.decode()
    assert reverse("ventures:proposal-outcome", args=[first.code]) in own
    # An invented place counts in no public figure.
    Region.objects.filter(pk=round.region_id).update(is_fictional=True)
    assert (open_book().projects, done_by(round.programme)) == (0, Done(0, 0))


@pytest.mark.django_db
def test_those_above_agree_to_a_cancellation_nobody_answered(cast, client, later, monkeypatch):
    notice, (first, *_others) = on_notice(cast)
    later(60)
    conclude_notice(notice, acting_user=cast.fan)
    wish = wish_to_cancel(first, cast.fan, "两次通知没有来签协议")
    above_her = notice.round.region.parent
    grant_role(cast.chen, Role.Kind.OFFICER, region=above_her, acting_user=cast.people["system"])
    assert tell_those_above() == 0
    with pytest.raises(NotAllowed):
        answer_award_wish(wish, "agree", acting_user=cast.chen)
    in_time = timezone.now() + timedelta(days=30)
    monkeypatch.setattr("ventures.rules.second_person.database_now", lambda: in_time)

    assert tell_those_above() == 1
    told = Message.objects.get(to_user=cast.chen, kind="second_person")
    client.force_login(cast.chen)
    assert "同意取消" in client.get(told.link).content.decode()
    answer_award_wish(wish, "agree", acting_user=cast.chen)

    assert state_of(first) == "cancelled"
    assert Change.objects.filter(verb="agree", facts__has_key="instead_of").exists()


@pytest.mark.django_db
def test_a_title_is_given_up_without_money(cast):
    _notice, (first,) = on_notice(cast, names=(), **TITLE)

    withdrawal = give_up(first, cast.en, "不办了", publishes_reason=True)

    assert withdrawal.transfer_id is None
    assert str(withdrawal.public_words) == "申报方放弃立项：不办了"
    assert str(outcome_of(Proposal.objects.get(pk=first.pk)).label) == "已放弃授牌"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_at_the_same_moment_each_award_ends_once(cast, later):
    notice, (first, second, *_others) = on_notice(cast)
    grant_role(cast.zhu, Role.Kind.MEMBER, organisation=second.applicant, acting_user=cast.fan)
    later(60)

    words = said_at_once(
        partial(give_up, first, cast.en),
        partial(conclude_notice, notice, acting_user=cast.fan),
    )

    assert words == ["done", "done"]
    assert state_of(first) == "given_up"
    assert state_of(notice.round) == "concluded"
    assert money_of(notice.round)[0] == 615_000

    words = said_at_once(partial(give_up, second, cast.zhu), partial(cancel, second, cast.fan))

    assert words == ["done", "out_of_turn"]
    assert AwardWithdrawal.objects.filter(award__proposal=second).count() == 1
    assert money_of(notice.round)[0] == 0
