"""A notice with a mistake is withdrawn and another replaces it: nothing of either is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import IdentityCheck, Message
from tests.at_once import at_once, said
from tests.factories.ventures_awards import make_decided_round
from ventures.errors.reissues import (
    NoticeWithdrawn,
    WholeNoticeUpheld,
    WholeObjectionsFirst,
)
from ventures.models import Announcement, Decision, Letter, PublicNotice, Round
from ventures.selectors.boards import board_of
from ventures.selectors.notice_papers import notice_paper
from ventures.selectors.notices import page_of, usual_terms_of
from ventures.selectors.outcomes import outcome_of
from ventures.services import notices as notice_services
from ventures.services.letters import write_letters
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.objections import Objecting, answer_objection, file_objection
from ventures.services.reissues import withdraw_notice
from ventures.views.home import waiting_for

pytestmark = pytest.mark.django_db
WHY = "联系电话写错了"


@pytest.fixture
def notice(cast):
    bodies = [cast.organisations["enze"], cast.organisations["banrixian"]]
    return shown(make_decided_round(cast.fan, [cast.ding, cast.shen], bodies), cast)


@pytest.fixture
def verified(cast):
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    return cast.anan


@pytest.fixture
def run_out(monkeypatch):
    """Let the notice's days pass for the services that ask the clock."""

    def pass_by():
        later = timezone.now() + timedelta(days=60)
        monkeypatch.setattr(notice_services, "database_now", lambda: later)

    return pass_by


def shown(round, cast, **other):
    round = Round.objects.get(pk=round.pk)
    terms = usual_terms_of(round, timezone.localdate())
    return publish_notice(round, terms=replace(terms, **other), acting_user=cast.fan)


def object_to(notice, by, proposal=None):
    said = Objecting(facts="电话打不通", phone="10012345678", proposal=proposal)
    return file_objection(notice, said, acting_user=by)


def told(user, kind):
    return Message.objects.filter(to_user=user, kind=kind)


def waits(user):
    return [str(one.label) for one in waiting_for(user, user.roles.get())]


def test_a_mistake_is_put_right_on_a_notice_that_replaces_it(notice, cast, verified, client):
    round, before = notice.round, (notice.snapshot, notice.sha256)
    awarded = round.proposals.get(applicant=cast.organisations["enze"])
    objection = object_to(notice, verified, awarded)
    due_on = objection.due_on

    withdrawn = withdraw_notice(notice, reason=WHY, acting_user=cast.fan)

    kept = PublicNotice.objects.get(pk=notice.pk)
    assert (kept.snapshot, kept.sha256) == before
    assert page_of(kept, timezone.now()).is_intact
    assert (kept.state, kept.withdrawn_by, kept.withdrawn_reason) == ("withdrawn", cast.fan, WHY)
    assert not PublicNotice.objects.running().exists()
    assert {one.state for one in Decision.objects.all()} == {"resolved"}
    assert {m.to_user for m in Message.objects.filter(kind="ventures.notice_withdrawn")} == {
        cast.en,
        cast.enxiao,
        cast.pan,
        verified,
    }
    hers = outcome_of(awarded)
    assert str(hers.label) == "公示已撤回，等重新公示：拟立项"
    assert hers.decision.amount_fen == 500_000
    assert "公示已撤回，等待重新公示" in waits(cast.fan)
    assert "创投递补已决定，等待补充公示" not in waits(cast.fan)
    assert str(board_of(Round.objects.get(pk=round.pk), cast.fan).next_step.label) == "重新公示"
    with pytest.raises(NoticeWithdrawn):
        object_to(withdrawn, cast.anan)
    with pytest.raises(NoticeWithdrawn):
        conclude_notice(withdrawn, acting_user=cast.fan)
    # The letters may be put right as well.
    write_letters(round, {"award": "{申报方}：拟立项，{金额}。"}, acting_user=cast.fan)

    again = shown(round, cast, contact_phone="10098765432")

    assert again.replaces == withdrawn
    words = again.snapshot
    assert words["title"].endswith("（更正）")
    assert words["projects"] == notice.snapshot["projects"]
    assert words["how_decided"] == notice.snapshot["how_decided"]
    assert words["replaces"]["code"] == withdrawn.code
    assert words["replaces"]["reason"] == WHY
    changes = {one["what"]: one["after"] for one in words["replaces"]["changes"]}
    assert changes == {"联系电话": "10098765432"}
    assert {one.state for one in Decision.objects.all()} == {"published"}
    letter = Letter.objects.get(proposal=awarded, notice=again)
    assert letter.body.startswith("本通知书代替 ")
    assert WHY in letter.body
    assert told(cast.en, "ventures.result").filter(title__startswith="评审结果重新公示").exists()
    objection.refresh_from_db()
    assert (objection.notice, objection.state, objection.due_on) == (again, "filed", due_on)
    assert told(verified, "ventures.objection_carried").exists()

    page = client.get(withdrawn.get_absolute_url()).content.decode()
    assert "撤回，不再有效" in page
    assert WHY in page
    assert again.get_absolute_url() in page
    assert "提出异议</span>" not in page
    page = client.get(again.get_absolute_url()).content.decode()
    assert withdrawn.get_absolute_url() in page
    assert "10098765432" in page
    listed = client.get(reverse("ventures:notice-list")).content.decode()
    assert listed.index(again.title) < listed.index("已撤回")
    data = client.get(reverse("ventures:notice-json", args=[withdrawn.code])).json()
    assert data["state"] == "withdrawn"
    assert data["withdrawn"]["in_force"] == again.code
    assert "以重新公示为准" in notice_paper(kept)["standing"]
    assert "联系电话：10098765432（原来：" in notice_paper(again)["standing"]
    for code in (withdrawn.code, again.code):
        paper = client.get(reverse("ventures:notice-pdf", args=[code]))
        assert paper["Content-Type"] == "application/pdf"


def test_after_an_upheld_objection_to_all_of_it_it_can_only_be_replaced(
    notice, cast, verified, run_out, client, monkeypatch
):
    first, second = object_to(notice, verified), object_to(notice, verified_too(cast))
    answer_objection(first, "uphold", answer="电话写错，改正后重新公示", acting_user=cast.fan)
    answer_objection(second, "reject", answer="没有写错", acting_user=cast.fan)
    run_out()

    with pytest.raises(WholeNoticeUpheld):
        conclude_notice(notice, acting_user=cast.fan)
    assert "异议成立，等待撤回公示、重新公示" in waits(cast.fan)
    client.force_login(cast.fan)
    to_withdraw = reverse("ventures:notice-withdraw", args=[notice.code])
    for url in (notice.get_absolute_url(), reverse("ventures:objection", args=[first.pk])):
        assert to_withdraw in client.get(url).content.decode()
    assert client.post(to_withdraw, {"reason": WHY}).url == reverse(
        "ventures:notice-publish", args=[notice.round.code]
    )
    assert "异议成立，等待撤回公示、重新公示" not in waits(cast.fan)

    again = publish_notice(
        Round.objects.get(pk=notice.round_id),
        terms=usual_terms_of(notice.round, timezone.localdate() + timedelta(days=61)),
        acting_user=cast.fan,
    )

    monkeypatch.setattr(notice_services, "database_now", lambda: again.closes_at + timedelta(1))
    announced = conclude_notice(again, acting_user=cast.fan)

    assert announced.snapshot["projects"] == notice.snapshot["projects"]
    assert Round.objects.get(pk=notice.round_id).state == "concluded"


def verified_too(cast):
    IdentityCheck.objects.create(person=cast.zhu.person, method="document", checked_by=cast.chen)
    return cast.zhu


def test_who_objected_to_all_of_it_is_answered_before_it_is_replaced(notice, cast, verified):
    objection = object_to(notice, verified)
    withdraw_notice(notice, reason=WHY, acting_user=cast.fan)

    with pytest.raises(WholeObjectionsFirst):
        shown(notice.round, cast)
    answer_objection(objection, "uphold", answer="已改", acting_user=cast.fan)
    again = shown(notice.round, cast)

    objection.refresh_from_db()
    assert objection.notice == notice
    assert again.replaces == notice


def test_an_award_that_fell_meanwhile_is_told_at_the_end(notice, cast, verified, run_out):
    """Upheld between the two notices: not on the new one, and named with its reason at the end."""
    awarded = notice.round.proposals.get(applicant=cast.organisations["enze"])
    objection = object_to(notice, verified, awarded)
    withdraw_notice(notice, reason=WHY, acting_user=cast.fan)
    answer_objection(objection, "uphold", answer="重复申报", acting_user=cast.fan)
    assert not Decision.objects.filter(outcome="award").exists()

    again = shown(notice.round, cast)
    assert again.snapshot["projects"] == []
    assert any("撤销拟立项 1 个" in line for line in again.snapshot["how_decided"])
    run_out()
    words = conclude_notice(again, acting_user=cast.fan).snapshot

    assert [(one["code"], one["reason"]) for one in words["withdrawn"]] == [
        (awarded.code, "异议成立：重复申报")
    ]


def test_only_its_officer_with_a_reason_and_before_anything_is_announced(notice, cast, run_out):
    for person in (cast.ding, cast.ou, cast.xu, cast.shu, cast.en):
        with pytest.raises(NotAllowed):
            withdraw_notice(notice, reason=WHY, acting_user=person)
    with pytest.raises(ReasonMissing):
        withdraw_notice(notice, reason=" ", acting_user=cast.fan)
    run_out()
    conclude_notice(notice, acting_user=cast.fan)

    with pytest.raises(OutOfTurn):
        withdraw_notice(notice, reason=WHY, acting_user=cast.fan)


def test_a_withdrawn_notice_keeps_its_words_and_says_why(notice, cast):
    withdraw_notice(notice, reason=WHY, acting_user=cast.fan)

    for column in ("title", "sha256", "replaces"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            PublicNotice.objects.update(**{column: None})


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_at_the_same_moment_one_of_each_wins(notice, cast, run_out):
    run_out()
    withdraw = [lambda: withdraw_notice(notice, reason=WHY, acting_user=cast.fan)]
    outcomes = at_once(*withdraw, lambda: conclude_notice(notice, acting_user=cast.fan))

    state = PublicNotice.objects.get().state
    assert said(outcomes).count("done") == 1
    assert Announcement.objects.exists() == (state == "concluded")
    assert (state == "withdrawn") == (said(outcomes) == ["done", "notice_withdrawn"])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_twice_at_the_same_moment_is_once(notice, cast):
    assert (
        said(at_once(*[lambda: withdraw_notice(notice, reason=WHY, acting_user=cast.fan)] * 2))[0]
        == "done"
    )
    outcomes = at_once(*[lambda: shown(notice.round, cast)] * 2)

    assert said(outcomes).count("done") == 1
    assert PublicNotice.objects.filter(replaces=notice).count() == 1
    assert Message.objects.filter(kind="ventures.notice_withdrawn").count() == 3
