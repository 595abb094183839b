"""From the notice to the final list: letters, objections, a withdrawn award, the revised budget,
the dossier an auditor runs again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import IdentityCheck, Message, Person, Role, User
from tests.factories.ventures_awards import (
    PDF,
    make_body,
    make_meeting,
    make_scored_round,
    proposals_of,
)
from timebank.doors import fund_position
from ventures.errors.decisions import DeviationUnexplained, NoticeNotAsSeen
from ventures.errors.objections import (
    ObjectionAnonymous,
    ObjectionStanding,
    ObjectionTooLate,
    ObjectionUnstamped,
    RevisionAboveApproved,
    RevisionNotAsked,
    RevisionStanding,
    WholeNoticeObjected,
)
from ventures.errors.promotions import NobodyMovesUp, NotByTheList, NoticeStillRuns
from ventures.models import (
    AwardTerms,
    AwardWithdrawal,
    Decision,
    Dossier,
    Letter,
    Objection,
    Proposal,
    RevisedBudget,
    Round,
    StepLimit,
)
from ventures.reckoning.award_record import canonical, fingerprint, results_of
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.dossiers import Recounted, is_intact, recounted, replay
from ventures.selectors.letters import unknown_gaps
from ventures.selectors.notice_papers import notice_paper
from ventures.selectors.notices import usual_terms_of
from ventures.selectors.objections import moved_by
from ventures.selectors.open_book import open_book
from ventures.selectors.outcomes import outcome_of
from ventures.selectors.programmes import Done, done_by
from ventures.selectors.promotions import promotable_in
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.letters import decide_revision, hand_in_revision, write_letters
from ventures.services.notices import conclude_notice, preview_notice, publish_notice
from ventures.services.objections import (
    Objecting,
    answer_objection,
    file_objection,
    take_back_objection,
)
from ventures.services.promotions import record_promotion
from ventures.views.home_awards import waiting_for_decision

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome


@pytest.fixture
def decided(cast):
    """恩泽社 and 半日闲 get 6,150 yuan each after revision; 丙队 waits for money."""
    bodies = [cast.organisations["enze"], make_body("乙队"), make_body("丙队")]
    round = make_scored_round(cast.fan, [cast.lu, cast.qian], bodies, fund_fen=1_500_000)
    AwardTerms.objects.create(
        round=round, is_walked=True, publishes_counterfactuals=True, names_experts=True
    )
    awards = suggestion_of(round).awards
    choices = [
        Choice(p.pk, Outcome.AWARD, awards[p.code], "", needs_revision=True)
        if awards[p.code]
        else Choice(p.pk, Outcome.RESERVE, 0, "资金不够")
        for p in proposals_of(round)
    ]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    round.refresh_from_db()
    return round


@pytest.fixture
def notice(decided, cast):
    terms = usual_terms_of(decided, timezone.localdate())
    seen = preview_notice(decided, terms).seen
    write_letters(
        decided, {"award": "好消息：{项目}", "revise": "改后：{项目}"}, acting_user=cast.fan
    )
    with pytest.raises(NoticeNotAsSeen):
        publish_notice(decided, terms=terms, acting_user=cast.fan, seen=seen)
    return publish_notice(decided, terms=terms, acting_user=cast.fan)


@pytest.fixture
def verified(cast):
    """安安's name was checked."""
    IdentityCheck.objects.create(person=cast.anan.person, method="document", checked_by=cast.chen)
    return cast.anan


@pytest.fixture
def run_out(monkeypatch):
    """Let the notice's days pass for the services that ask the clock."""

    def pass_by(days=60):
        def later():
            return timezone.now() + timedelta(days=days)

        monkeypatch.setattr("ventures.services.notices.database_now", later)
        monkeypatch.setattr("ventures.services.objections.database_now", later)

    return pass_by


def stamped():
    return SimpleUploadedFile("盖章件.pdf", PDF, "application/pdf")


def said(**facts):
    return Objecting(**({"facts": "申报书里的活动没有办过", "phone": "10012345678"} | facts))


def move_up(round, by, number="演 19 号"):
    """Another meeting follows the list as it was walked again."""
    return record_promotion(
        round,
        [Choice(one.proposal.pk, Outcome.AWARD, one.listed_fen) for one in promotable_in(round)],
        meeting=make_meeting(by, number=number),
        acting_user=by,
    )


def waits_at_home(user, round):
    """Whether the second meeting stands among what waits for her."""
    return any("递补" in str(one.label) for one in waiting_for_decision(user, round.region))


def test_every_applicant_gets_her_letter_with_the_notice_and_not_before(decided, cast, client):
    client.force_login(cast.en)
    first, _second, third = proposals_of(decided)
    url = reverse("ventures:proposal-outcome", args=[first.code])
    before = client.get(url).content.decode()
    assert not Letter.objects.exists()

    notice = publish_notice(
        decided, terms=usual_terms_of(decided, timezone.localdate()), acting_user=cast.fan
    )

    letters = {letter.proposal_id: letter for letter in Letter.objects.filter(notice=notice)}
    assert len(letters) == 3
    assert "6,150.00" in letters[first.pk].body
    assert "90.00" in letters[first.pk].body
    assert letters[first.pk].kind == "revise"
    assert "2,700.00" in letters[third.pk].body
    assert "{" not in "".join(letter.body for letter in letters.values())
    assert unknown_gaps("{项目}{身份证}") == ["身份证"]
    message = Message.objects.filter(to_user=cast.en, kind="ventures.result").get()
    assert message.body == letters[first.pk].body
    after = client.get(url).content.decode()
    for words in ("6,150.00", "按名次列入"):
        assert words in after
        assert words not in before
    assert notice.snapshot["experts"]
    assert "2,700.00" in notice.snapshot["reserves"][0]["almost"]
    assert notice.snapshot["reserves"][0]["reason"] == ""
    page = client.get(notice.get_absolute_url()).content.decode()
    paper = dict(notice_paper(notice)["parts"])
    assert "2,700.00" in page
    assert "2,700.00" in paper["理由："]
    assert "得分：" not in paper
    assert client.get(reverse("ventures:notice-pdf", args=[notice.code])).content[:4] == b"%PDF"
    with pytest.raises(OutOfTurn):
        write_letters(decided, {"award": "晚了"}, acting_user=cast.fan)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Letter.objects.update(body="x")


def test_a_notice_of_seven_days_counts_all_days(decided):
    terms = replace(
        usual_terms_of(decided, timezone.localdate()), working_days=7, counting="calendar"
    )

    assert terms.runs_until() == timezone.localdate() + timedelta(days=6)


def test_who_may_object_and_until_when(notice, verified, cast, run_out):
    first = proposals_of(notice.round)[0]
    with pytest.raises(ObjectionAnonymous):
        file_objection(notice, said(), acting_user=cast.fang)
    with pytest.raises(NotAllowed):
        file_objection(
            notice,
            said(organisation=cast.organisations["enze"], evidence=stamped()),
            acting_user=verified,
        )
    with pytest.raises(ObjectionUnstamped):
        file_objection(
            notice, said(organisation=cast.organisations["banrixian"]), acting_user=cast.pan
        )
    own = file_objection(notice, said(proposal=first), acting_user=verified)
    of_group = file_objection(
        notice,
        said(organisation=cast.organisations["banrixian"], evidence=stamped()),
        acting_user=cast.pan,
    )

    assert own.name == verified.person.real_name
    assert of_group.standing == "group"
    with pytest.raises(ObjectionStanding):
        file_objection(notice, said(proposal=first), acting_user=verified)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=own.pk).update(name="")
    take_back_objection(own, acting_user=verified)
    StepLimit.objects.create(
        region=notice.round.region,
        verb="answer_objection",
        working_days=1,
        valid_from=timezone.localdate(),
        basis="演示",
        set_by=cast.fan,
    )
    again = file_objection(notice, said(proposal=first), acting_user=verified)
    assert again.due_on < own.due_on
    run_out()
    with pytest.raises(ObjectionTooLate):
        file_objection(notice, said(), acting_user=verified)
    with pytest.raises(WholeNoticeObjected):
        conclude_notice(notice, acting_user=cast.fan)
    for person in (cast.ou, cast.lu, cast.xu, verified):
        with pytest.raises(NotAllowed):
            answer_objection(again, "reject", answer="查过", acting_user=person)


def test_upheld_withdraws_the_award_walks_again_and_the_list_ends_without_it(
    notice, verified, cast, client, run_out
):
    round = notice.round
    first, second, third = proposals_of(round)
    objection = file_objection(notice, said(proposal=first), acting_user=verified)
    paper = {"organisation": cast.organisations["banrixian"], "evidence": stamped()}
    same = file_objection(notice, said(proposal=first, **paper), acting_user=cast.pan)

    answer_objection(objection, "uphold", answer="活动确未举办", acting_user=cast.fan)
    # Another's objection to the same award finds it withdrawn.
    answer_objection(same, "uphold", answer="已撤销", acting_user=cast.fan)

    assert Decision.objects.get(proposal=first).outcome == "decline"
    withdrawal = AwardWithdrawal.objects.get()
    assert withdrawal.award.proposal == first
    assert fund_position(round.fund_key).committed_fen == 615_000
    objection.refresh_from_db()
    assert {m.proposal.code: (m.before_fen, m.after_fen) for m in moved_by(objection)} == {
        first.code: (615_000, 0),
        third.code: (0, 615_000),
    }
    with pytest.raises(OutOfTurn):
        answer_objection(objection, "reject", answer="改", acting_user=cast.fan)
    assert Message.objects.filter(to_user=verified, kind="ventures.objection_answered").exists()
    for person, status in ((verified, 200), (cast.fan, 200), (cast.en, 404), (cast.fang, 404)):
        client.force_login(person)
        page = client.get(reverse("ventures:objection", args=[objection.pk]))
        assert page.status_code == status
    client.force_login(cast.en)
    shown = client.get(reverse("ventures:proposal-outcome", args=[first.code])).content.decode()
    assert "活动确未举办" in shown
    assert "按名次列入" not in shown
    assert verified.person.real_name not in shown
    run_out()
    with pytest.raises(NotByTheList):
        record_promotion(
            round,
            [Choice(third.pk, Outcome.AWARD, 600_000)],
            meeting=make_meeting(cast.fan, number="演 19 号"),
            acting_user=cast.fan,
        )
    with pytest.raises(NotAllowed):
        move_up(round, cast.xu)
    move_up(round, cast.fan)
    with pytest.raises(NobodyMovesUp):
        move_up(round, cast.fan, number="演 20 号")
    assert fund_position(round.fund_key).committed_fen == 2 * 615_000
    assert open_book().projects == 0  # what is on notice is no result yet
    terms = usual_terms_of(Round.objects.get(pk=round.pk), timezone.localdate())
    with pytest.raises(NoticeStillRuns):
        publish_notice(round, terms=terms, acting_user=cast.fan)
    third.refresh_from_db()
    quiet = outcome_of(third)
    assert (quiet.decision.outcome, quiet.decision.amount_fen) == ("reserve", 0)
    assert "资金不够" in quiet.letter

    announcement = conclude_notice(notice, acting_user=cast.fan)

    # The public figures know neither what was taken back nor what is not final yet.
    assert (open_book().projects, open_book().amount_fen) == (1, 615_000)
    said_finally = announcement.snapshot
    assert [p["code"] for p in said_finally["projects"]] == [second.code]
    assert [p["code"] for p in said_finally["withdrawn"]] == [first.code]
    assert [p["code"] for p in said_finally["moved_up"]] == [third.code]
    assert (said_finally["total_fen"], said_finally["reserves"]) == (615_000, [])
    states = dict(round.proposals.values_list("code", "state"))
    assert states == {first.code: "declined", second.code: "awarded", third.code: "under_review"}
    round.refresh_from_db()
    assert round.state == "noticed"
    later = terms.starts_on + timedelta(days=60)
    supplement = publish_notice(round, terms=replace(terms, starts_on=later), acting_user=cast.fan)
    assert [p["code"] for p in supplement.snapshot["projects"]] == [third.code]
    assert supplement.snapshot["total_fen"] == 615_000
    assert "演 19 号" in "".join(supplement.snapshot["how_decided"])
    assert supplement.snapshot["projects"][0]["almost"] == ""
    assert Letter.objects.filter(notice=supplement).get().kind == "award"
    loud = outcome_of(Proposal.objects.get(pk=third.pk))
    assert (loud.decision.outcome, loud.decision.amount_fen) == ("award", 615_000)
    assert (loud.notice, loud.why) == (supplement, "按名次列入，资金够。")
    assert loud.letter == "好消息：楼道里的热茶"
    client.force_login(cast.en)
    first_page = client.get(reverse("ventures:proposal-outcome", args=[first.code]))
    assert notice.get_absolute_url() in first_page.content.decode()
    run_out(days=200)
    conclude_notice(supplement, acting_user=cast.fan)
    round.refresh_from_db()
    third.refresh_from_db()
    first.refresh_from_db()
    assert (round.state, third.state, first.state) == ("concluded", "awarded", "declined")
    assert done_by(round.programme) == Done(2, 2 * 615_000)
    assert open_book().projects == 2

    meeting, final = Dossier.objects.filter(round=round)
    assert is_intact(meeting)
    assert [same for _number, same in replay(final)] == [True, True]
    assert recounted(meeting) == Recounted(3, [])
    assert {one["suggested_fen"] for one in meeting.content["ranking"][0]["sheets"]} == {615_000}
    meeting.content["ranking"][0]["sheets"][0]["half_points"][0] -= 1
    assert recounted(meeting) == Recounted(3, [meeting.content["ranking"][0]["code"]])
    client.force_login(cast.shu)
    file = client.get(reverse("ventures:round-dossier-json", args=[round.code, "final"]))
    assert fingerprint(json.loads(file.content)) == final.sha256
    assert file.content.decode() == canonical(final.content)
    walk = json.loads(file.content)["walks"][0]
    assert canonical(results_of(walk["inputs"])) == canonical(walk["results"])
    client.force_login(cast.lu)
    assert client.get(reverse("ventures:round-dossiers", args=[round.code])).status_code == 403


def test_the_revised_budget_stays_within_what_was_approved(notice, cast, client, run_out):
    first = proposals_of(notice.round)[0]
    lines = [{"position": 1, "purpose": "茶点", "requested_fen": 700_000, "revised_fen": 615_001}]
    with pytest.raises(RevisionNotAsked):
        hand_in_revision(first.award, lines, note="减场次", acting_user=cast.en)
    run_out()
    conclude_notice(notice, acting_user=cast.fan)
    with pytest.raises(RevisionAboveApproved):
        hand_in_revision(first.award, lines, note="减场次", acting_user=cast.en)
    with pytest.raises(NotAllowed):
        hand_in_revision(first.award, lines, note="减场次", acting_user=cast.pan)
    lines[0]["revised_fen"] = 600_000

    revision = hand_in_revision(first.award, lines, note="减场次", acting_user=cast.en)

    with pytest.raises(RevisionStanding):
        hand_in_revision(first.award, lines, note="减场次", acting_user=cast.en)
    with pytest.raises(NotAllowed):
        decide_revision(revision, "confirm", acting_user=cast.en)
    client.force_login(cast.fan)
    page = reverse("ventures:proposal-revision", args=[first.code])
    assert "确认修改稿" in client.get(page).content.decode()
    step = reverse("ventures:proposal-revision-step", args=[first.code, revision.pk, "return_"])
    assert client.post(step, {"reason": "茶点再减"}).status_code == 302
    client.force_login(cast.en)
    assert "茶点再减" in client.get(page).content.decode()
    again = hand_in_revision(first.award, lines, note="再减", acting_user=cast.en)
    decide_revision(again, "confirm", acting_user=cast.fan)
    assert RevisedBudget.objects.get(state="confirmed").total_fen == 600_000


def test_without_rules_of_its_own_reserves_move_up_by_rank(cast, verified, run_out):
    bodies = [make_body("甲队"), make_body("乙队"), make_body("丙队")]
    round = make_scored_round(cast.fan, [cast.lu, cast.qian], bodies, fund_fen=1_500_000)
    first, second, third = proposals_of(round)
    choices = [
        Choice(first.pk, Outcome.AWARD, 615_000),
        *(Choice(one.pk, Outcome.RESERVE, 0, "候补") for one in (second, third)),
    ]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    round.refresh_from_db()
    notice = publish_notice(
        round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan
    )
    assert promotable_in(round) == []

    def waits():
        return waits_at_home(cast.fan, round)

    objection = file_objection(notice, said(proposal=first), acting_user=verified)
    assert not waits()
    answer_objection(objection, "uphold", answer="重复申报", acting_user=cast.fan)
    round.refresh_from_db()

    assert waits()
    assert [one.proposal for one in promotable_in(round)] == [second, third]
    meeting = make_meeting(cast.fan, number="演 19 号")
    with pytest.raises(DeviationUnexplained):
        record_promotion(
            round, [Choice(third.pk, Outcome.AWARD, 1)], meeting=meeting, acting_user=cast.fan
        )
    record_promotion(
        round, [Choice(second.pk, Outcome.AWARD, 500_000)], meeting=meeting, acting_user=cast.fan
    )
    assert second.award.amount_fen == 500_000
    assert [one.proposal for one in promotable_in(round)] == [third]
    assert not waits()

    # Against another's place among the reserves: struck off, and the announcement says why.
    objection = file_objection(notice, said(proposal=third), acting_user=verified)
    answer_objection(objection, "uphold", answer="材料不实", acting_user=cast.fan)
    assert Decision.objects.get(proposal=third).outcome == "decline"
    assert promotable_in(round) == []
    assert not waits()
    run_out()
    final = conclude_notice(notice, acting_user=cast.fan).snapshot
    assert final["reserves"] == []
    assert [(one["code"], one["reason"]) for one in final["withdrawn"]] == [
        (first.code, "异议成立：重复申报"),
        (third.code, "异议成立：材料不实"),
    ]


def test_her_list_and_result_say_what_is_on_notice_and_what_she_objected(
    notice, cast, client, django_assert_num_queries
):
    first, second, _third = proposals_of(notice.round)
    IdentityCheck.objects.create(person=cast.en.person, method="document", checked_by=cast.chen)
    file_objection(notice, said(proposal=second), acting_user=cast.en)
    client.force_login(cast.en)
    client.get("/proposals/")

    with django_assert_num_queries(10):  # three more than where nothing is judged
        rows = client.get("/proposals/").content.decode()
    hers = client.get(reverse("ventures:proposal-outcome", args=[first.code])).content.decode()

    assert "公示中：拟立项" in rows
    assert "评审中" not in rows
    assert f"您提出异议：{second.title}" in hers
    # Her organisation's result is the organisation's; what she objected to is hers alone.
    course = [str(event.what) for event in outcome_of(first).events]
    assert not any("异议" in what for what in course)
    assert [what[:4] for what in course[-3:]] == ["评委评审", "集体决策", "结果公示"]
    client.force_login(cast.fan)
    assert "对外显示：公示中" in client.get(first.get_absolute_url()).content.decode()


def test_what_a_places_only_officer_objects_to_is_answered_above(notice, cast):
    """She cannot answer it herself, and nobody else of her place can: the place above is asked."""
    round = notice.round
    others = Role.objects.filter(kind=Role.Kind.OFFICER, region=round.region)
    others.exclude(user=cast.fan).delete()
    above = User.objects.create_user(display_name="嘉兴的张处", phone="+8610099900001")
    Role.objects.create(user=above, kind=Role.Kind.OFFICER, region=round.region.parent)
    person, _is_new = Person.objects.get_or_create(user=cast.fan, defaults={"real_name": "范"})
    IdentityCheck.objects.create(person=person, method="document", checked_by=cast.chen)

    own = file_objection(notice, said(), acting_user=cast.fan)

    assert Message.objects.filter(to_user=above, kind="ventures.objection").exists()
    with pytest.raises(NotAllowed):
        answer_objection(own, "reject", answer="无据", acting_user=cast.fan)
    answer_objection(own, "reject", answer="查过了，没有这回事", acting_user=above)
    assert Objection.objects.get(pk=own.pk).answered_by == above


def test_an_answer_is_kept_in_chinese_whatever_the_officer_reads(notice, verified, cast):
    first = proposals_of(notice.round)[0]
    objection = file_objection(notice, said(proposal=first), acting_user=verified)

    with override("en"):
        answer_objection(objection, "uphold", answer="重复申报", acting_user=cast.fan)

    assert AwardWithdrawal.objects.get().reason == "异议成立：重复申报"
