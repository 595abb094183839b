"""From the pool to the seats: asking, stepping aside, drawing by lot, dividing the proposals."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import ventures
from accounts.errors import NotAllowed, ReasonMissing, RolesConflict
from accounts.models import Message
from accounts.rules import has_role_over
from accounts.services.roles import end_role, grant_role
from config.demo.cast import Cast
from tests.factories.ventures_awards import (
    add_proposal,
    assignment_of,
    draft,
    hand_in,
    make_body,
    make_round_in_review,
)
from tests.factories.ventures_reviewers import make_expert
from tests.plugins.relay import laid_again
from timebank.services.relations import declare_relative
from ventures.errors.reviewers import (
    CommitmentUnsigned,
    ConflictPinned,
    ConflictToldBefore,
    ConflictWindowClosed,
    DrawUnderway,
    ExpertsUnaskable,
    InvitationOver,
    MemberGone,
    PlanOutdated,
    PlanUnderway,
    PoolTooSmall,
)
from ventures.errors.reviews import CommitmentMissing, ReviewerRecused
from ventures.models import (
    Assignment,
    AssignmentPlan,
    ConceptReader,
    Conflict,
    Proposal,
    Review,
    ReviewInvitation,
    ReviewPhase,
    Round,
    Track,
)
from ventures.rules import recusal as recusal_rules
from ventures.rules.experts import reads_reason
from ventures.selectors.reviewers import (
    asked_in,
    proposals_to_weigh,
    published_draw,
    register_of,
)
from ventures.services.assignment_plans import (
    apply_plan,
    ask_for_plan,
    drop_plan,
    make_plan,
    make_waiting_plans,
)
from ventures.services.assignments import (
    PanelTerms,
    assign_reviewer,
    declare_recusal,
    name_reviewers,
    sign_commitment,
    withdraw_member,
)
from ventures.services.conflicts import (
    Told,
    ask_for_recusal,
    detect_conflicts,
    lift_conflict,
    pin_conflict,
    say_who_is_meant,
)
from ventures.services.draws import draw_reviewers, prepare_draw, void_draw
from ventures.services.expert_tables import sample_table, table_of, try_rows
from ventures.services.experts import bring_in_experts
from ventures.services.review_invitations import (
    accept_invitation,
    decline_invitation,
    invite_experts,
    remind_and_lapse,
    take_off_list,
    withdraw_invitation,
)
from ventures.services.review_plans import KEPT, set_review_plan
from ventures.services.rounds import begin_review
from ventures.services.tie_checks import look_again, look_again_where_phases_open
from ventures.standalone.draw_reviewers import drawn_from

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
Kind = Conflict.Kind
PROGRAM = Path(ventures.__file__).parent / "standalone" / "draw_reviewers.py"


@pytest.fixture
@laid_again
def round(cast: Cast) -> Round:
    """Six proposals of invented groups under review, in the city's round."""
    bodies = [make_body(f"演示小组{n}") for n in range(6)]
    return make_round_in_review(cast.fan, bodies)


@pytest.fixture
def experts(round: Round):
    return [make_expert(f"专家{n}", tracks=round.tracks.all()) for n in range(6)]


def options(round: Round, cast: Cast, **given):
    plain = {name: getattr(ReviewPlanDefaults, name) for name in KEPT} | given
    return set_review_plan(round, plain, acting_user=cast.fan)


class ReviewPlanDefaults:
    by_invitation = by_draw = divides = False
    readers, least, most, answer_days = 3, 0, 30, 5
    field_weight, place_weight, again_weight = 60, 20, 30


def test_invitation_is_answered_with_commitment_and_conflicts(cast: Cast, round: Round, experts):
    first, second = experts[:2]
    proposals = list(round.proposals.order_by("code"))
    options(round, cast, least=2, most=4)
    with pytest.raises(NotAllowed):
        invite_experts(round, [first], acting_user=cast.ou)
    asked, other = invite_experts(round, [first, second], acting_user=cast.fan)
    with pytest.raises(ExpertsUnaskable):  # once
        invite_experts(round, [first], acting_user=cast.fan)

    shown = proposals_to_weigh(asked)
    with pytest.raises(CommitmentUnsigned):
        accept_invitation(asked, has_signed=False, told={}, acting_user=first.user)
    with pytest.raises(NotAllowed):
        accept_invitation(asked, has_signed=True, told={}, acting_user=second.user)
    office = grant_role(first.user, "finance", region=round.region, acting_user=cast.guo)
    with pytest.raises(RolesConflict):  # who keeps the money does not score
        accept_invitation(asked, has_signed=True, told={}, acting_user=first.user)
    end_role(office, reason="轮岗", acting_user=cast.guo)
    accept_invitation(
        asked,
        has_signed=True,
        told={proposals[0].pk: Told(Kind.INTEREST, "合作过")},
        acting_user=first.user,
    )
    panel = name_reviewers(round, [first.user], terms=PanelTerms(), acting_user=cast.fan)
    seat = panel.members.get()

    assert [one.pk for one in shown] == [one.pk for one in proposals]
    assert has_role_over(first.user, round.region, "reviewer")
    assert seat.committed_at is not None
    assert (seat.least, seat.most) == (2, 4)
    assert proposals[0].pk not in seat.assignments.values_list("proposal", flat=True)
    assert seat.assignments.count() == 5
    with pytest.raises(ReasonMissing):
        decline_invitation(other, reason=" ", acting_user=second.user)
    decline_invitation(other, reason="出差", acting_user=second.user)
    assert [one.reason for one in asked_in(round, cast.fan)] == ["", "出差"]
    assert [one.reason for one in asked_in(round, cast.shu)] == ["", ""]
    take_off_list(other, acting_user=cast.fan)
    other.refresh_from_db()
    assert len(asked_in(round, cast.fan)) == 1
    assert other.declined_for == "出差"
    assert reads_reason(cast.fan, other)
    assert not reads_reason(cast.shu, other)


def test_invitation_is_reminded_lapses_and_is_taken_back(cast: Cast, round: Round, experts):
    first, second, third = invite_experts(round, experts[:3], acting_user=cast.fan)
    now = timezone.now()
    ReviewInvitation.objects.filter(pk=first.pk).update(answer_by=now + timedelta(days=1))
    ReviewInvitation.objects.filter(pk=second.pk).update(answer_by=now - timedelta(hours=1))
    with pytest.raises(InvitationOver):
        accept_invitation(second, has_signed=True, told={}, acting_user=second.user)

    assert remind_and_lapse() == (1, 1)
    assert remind_and_lapse() == (1, 0)
    withdraw_invitation(third, acting_user=cast.fan)

    second.refresh_from_db()
    assert second.state == "lapsed"
    assert Message.objects.filter(to_user=first.user, kind="ventures.review_invited").count() == 2
    assert not ReviewInvitation.objects.visible_to(third.user).exists()
    assert invite_experts(round, [experts[1]], acting_user=cast.fan)  # may be asked again


def test_conflicts_bind_everyone_and_are_lifted_by_an_organiser(cast: Cast, round: Round):
    mine = add_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)
    with pytest.raises(ConflictWindowClosed):
        ask_for_recusal(mine, name="孙教授", unit="", told=Told(Kind.OTHER, "诉讼"),
                        acting_user=cast.en)  # fmt: skip
    Round.objects.filter(pk=round.pk).update(state="open")
    mine.refresh_from_db()
    with pytest.raises(NotAllowed):
        ask_for_recusal(mine, name="某人", unit="", told=Told(Kind.OTHER, "诉讼"),
                        acting_user=cast.anan)  # fmt: skip
    about = {"unit": "", "told": Told(Kind.OTHER, "正在诉讼"), "acting_user": cast.en}
    found = ask_for_recusal(mine, name=cast.fan.display_name, **about)
    unknown = ask_for_recusal(mine, name="没有这个人", **about)
    for name in (cast.fan.display_name, "没有这个人"):  # answered alike: no oracle
        with pytest.raises(ConflictToldBefore):
            ask_for_recusal(mine, name=name, **about)

    assert found.person == cast.fan
    assert unknown.person is None
    assert recusal_rules.has_tie(cast.fan, mine)
    assert mine not in Proposal.objects.visible_to(cast.fan)
    with pytest.raises(NotAllowed):  # an officer never lifts her own
        lift_conflict(found, reason="没有这回事", acting_user=cast.fan)
    lift_conflict(found, reason="弄错人了", acting_user=cast.en)
    assert mine in Proposal.objects.visible_to(cast.fan)
    say_who_is_meant(unknown, cast.ou, acting_user=cast.fan)
    pinned = pin_conflict(mine, cast.shu, Told(Kind.OTHER, "夫妻"), acting_user=cast.fan)
    with pytest.raises(ConflictPinned):
        lift_conflict(pinned, reason="不要", acting_user=cast.en)
    assert recusal_rules.has_tie(cast.ou, mine)
    assert mine not in Proposal.objects.visible_to(cast.shu)
    rows = {(row.who, bool(row.lifted)) for row in register_of(round, cast.fan)}
    assert {(cast.fan.display_name, True), (cast.ou.display_name, False)} <= rows
    assert register_of(round, cast.shu) == []


def test_coach_reads_and_does_not_judge(cast: Cast, round: Round):
    one = round.proposals.order_by("code").first()

    pin_conflict(one, cast.fan, Told(Kind.COACHED, "辅导过三次"), acting_user=cast.fan)

    assert one in Proposal.objects.visible_to(cast.fan)
    assert not recusal_rules.has_tie(cast.fan, one)
    assert recusal_rules.is_kept_from_judging(cast.fan, one)
    assert not recusal_rules.may_decide(cast.fan, round)


def test_found_without_being_told(cast: Cast, round: Round, experts):
    first, second, third, fourth, fifth = experts[:5]
    bodies = [p.applicant for p in round.proposals.order_by("code")]
    bodies[1].contact_phone = third.phone.removeprefix("+86")
    bodies[1].save()
    first.employer = bodies[0].name
    first.save()
    member = bodies[2].memberships.model.objects.create(user=cast.zhu, organisation=bodies[2])
    declare_relative(
        second.user, name=cast.zhu.display_name, phone=cast.zhu.phone, kind="spouse",
        acting_user=second.user,
    )  # fmt: skip

    # One leads the unit of the fourth and an applicant; a colleague of the fifth wrote another.
    # That they all have one host makes no tie.
    unit, other = make_body("甲单位"), make_body("乙单位")
    belong = member.__class__.objects.create
    for body in (unit, bodies[3]):
        belong(user=cast.anan, organisation=body, duty="manager")
    belong(user=fourth.user, organisation=unit, ended_at=timezone.now() - timedelta(days=600))
    for user in (fifth.user, cast.fang):
        belong(user=user, organisation=other)
    round.proposals.filter(applicant=bodies[4]).update(saved_by=cast.fang)

    users = [one.user for one in experts]
    assert detect_conflicts(round, users, acting_user=cast.fan) == 5
    assert detect_conflicts(round, users, acting_user=cast.fan) == 0

    found = Conflict.objects.order_by("proposal__code", "pk").values_list("person", "kind", "words")
    led, filed = "本人单位与申报方的负责人是同一人", "申报书由本人单位的人填写"
    assert list(found) == [
        (first.user_id, "same_unit", ""), (third.user_id, "interest", ""),
        (second.user_id, "relative", ""), (fourth.user_id, "interest", led),
        (fifth.user_id, "interest", filed),
    ]  # fmt: skip
    lift_conflict(
        Conflict.objects.get(person=first.user), reason="同名的另一家", acting_user=cast.fan
    )
    assert detect_conflicts(round, users, acting_user=cast.fan) == 0
    words = " ".join(row.kind for row in register_of(round, cast.fan))
    assert "亲属" not in words
    assert member.organisation == bodies[2]


def test_ties_that_began_after_the_naming_close_what_was_assigned(cast: Cast, round: Round):
    first, second, third, *_rest = round.proposals.order_by("code").select_related("applicant")
    name_reviewers(round, [cast.shen, cast.ding], terms=PanelTerms(), acting_user=cast.fan)
    belong = first.applicant.memberships.create
    belong(user=cast.shen)
    declare_relative(
        cast.ding, name=cast.zhu.display_name, phone=cast.zhu.phone, kind="spouse",
        acting_user=cast.ding,
    )  # fmt: skip
    second.applicant.memberships.create(user=cast.zhu)
    Assignment.objects.filter(proposal=third).update(state="removed")
    third.applicant.contact_phone = cast.shen.phone.removeprefix("+86")
    third.applicant.save()
    again = assignment_of(cast.shen, third)
    member, now = again.member, timezone.now()

    with pytest.raises(ReviewerRecused):  # one more proposal: found at the door, and put down
        assign_reviewer(member, third, acting_user=cast.fan)
    phases = {"round": round, "begins_at": now, "ends_at": now + timedelta(days=1)}
    ReviewPhase.objects.create(**phases, name="初评", scoring_open=True)
    assert [look_again_where_phases_open(), look_again_where_phases_open()] == [1, 0]
    look_again(round, acting_user=cast.fan)

    closed = Assignment.objects.filter(state="recused").order_by("proposal__code")
    assert [(one.member.reviewer, one.proposal) for one in closed] == [
        (cast.shen, first), (cast.ding, second),
    ]  # fmt: skip
    assert {one.recusal.ground for one in closed} == {"interest"}
    found = Conflict.objects.order_by("proposal__code").values_list("person", "kind")
    assert list(found) == [(cast.ding.pk, "relative"), (cast.shen.pk, "interest")]
    told = Message.objects.filter(kind="ventures.tie_found", to_user=cast.fan).order_by("pk")
    assert [first.code in told[0].body, second.code in told[1].body, len(told)] == [True, True, 2]

    lift_conflict(Conflict.objects.get(person=cast.ding), reason="已离异", acting_user=cast.fan)
    assert assign_reviewer(closed[1].member, second, acting_user=cast.fan).state == "assigned"
    assert look_again(round, acting_user=cast.fan) == 0


def test_beginning_the_review_looks_again_at_who_read_the_concepts(cast: Cast, round: Round):
    now = timezone.now()
    Round.objects.filter(pk=round.pk).update(
        state=Round.State.FULL,
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=5),
        full_closes_at=now,
    )
    round.proposals.update(state="screened", invited_at=now - timedelta(days=4))
    ConceptReader.objects.create(round=round, reviewer=cast.shen, named_by=cast.fan)
    tied = round.proposals.order_by("code").first()
    tied.responsible_phone = cast.shen.phone
    tied.save()

    begin_review(Round.objects.get(pk=round.pk), acting_user=cast.fan)

    assert [(one.person, one.proposal) for one in Conflict.objects.all()] == [(cast.shen, tied)]


def test_plan_with_a_tie_found_since_is_not_applied_and_the_next_knows_it(cast: Cast, round: Round):
    options(round, cast, divides=True)
    panel = name_reviewers(round, [cast.shen, cast.ding], terms=PanelTerms(), acting_user=cast.fan)
    ask = {"mode": "ensure", "readers": 1, "least": 0, "most": 6, "acting_user": cast.fan}
    plan = ask_for_plan(panel, **ask)
    proposal, member = plan.pairs[0]
    reviewer = panel.members.get(pk=member).reviewer
    Proposal.objects.filter(pk=proposal).update(responsible_phone=reviewer.phone)

    with pytest.raises(PlanOutdated):
        apply_plan(plan, acting_user=cast.fan)

    assert Conflict.objects.get().person == reviewer
    assert not Assignment.objects.exists()
    drop_plan(plan, acting_user=cast.fan)
    again = apply_plan(ask_for_plan(panel, **ask), acting_user=cast.fan)
    assert (len(again.pairs), [proposal, member] in again.pairs) == (6, False)


def test_large_plan_is_made_later_once_and_told(
    cast: Cast, round: Round, client, django_capture_on_commit_callbacks
):
    options(round, cast, divides=True)
    panel = name_reviewers(round, [cast.shen, cast.ding], terms=PanelTerms(), acting_user=cast.fan)
    tied = round.proposals.order_by("code").first()
    Proposal.objects.filter(pk=tied.pk).update(responsible_phone=cast.shen.phone)
    pairs = 12
    ask = {"mode": "ensure", "readers": 1, "least": 0, "most": 6, "acting_user": cast.fan}
    lost = ask_for_plan(panel, **ask, at_once=pairs - 1)
    assert (lost.state, Conflict.objects.count()) == ("waiting", 0)
    with pytest.raises(PlanUnderway):
        ask_for_plan(panel, **ask)
    client.force_login(cast.fan)
    page = f"/rounds/{round.code}/plans/"
    part = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert ["<h1" in part, "排队中" in part, "取消计算" in part] == [False, True, True]

    drop_plan(lost, acting_user=cast.fan)
    with django_capture_on_commit_callbacks(execute=True):
        plan = ask_for_plan(panel, **ask, at_once=pairs - 1)
    for number in (lost.pk, plan.pk):  # delivered again
        make_plan(number)

    plan.refresh_from_db()
    lost.refresh_from_db()
    assert (plan.state, plan.steps_done, lost.state) == ("ready", 1, "dropped")
    assert (make_waiting_plans(), Conflict.objects.get().proposal) == (0, tied)
    told = Message.objects.get(kind="ventures.assignment_plan_made")
    assert (told.to_user, told.link, "6 人次" in told.body) == (cast.fan, page, True)

    drop_plan(plan, acting_user=cast.fan)
    again = ask_for_plan(panel, **(ask | {"readers": 3}), at_once=0)
    assert make_waiting_plans() == 1
    again.refresh_from_db()
    assert (again.state, again.short["wanted"]) == ("failed", 18)
    for why in ("not_allowed", "closed"):
        waits = ask_for_plan(panel, **ask, at_once=0)
        if why == "closed":
            type(panel).objects.filter(pk=panel.pk).update(state="closed", closed_at=timezone.now())
        else:
            tied.applicant.memberships.create(user=cast.fan)
        assert make_plan(waits.pk).short == {"why": why}
        tied.applicant.memberships.all().delete()
    assert Message.objects.filter(kind="ventures.assignment_plan_made").count() == 3


def test_plan_that_always_breaks_off_is_given_up_after_the_others(
    cast: Cast, round: Round, client, monkeypatch: pytest.MonkeyPatch
):
    options(round, cast, divides=True)
    panel = name_reviewers(round, [cast.shen, cast.ding], terms=PanelTerms(), acting_user=cast.fan)
    ask = {"mode": "ensure", "readers": 1, "least": 0, "most": 6, "acting_user": cast.fan}
    plan = ask_for_plan(panel, **ask, at_once=0)

    def _too_large(wishes: object) -> None:
        raise MemoryError

    monkeypatch.setattr("ventures.services.assignment_plans.assign", _too_large)
    for _ in range(3):
        with pytest.raises(MemoryError):
            make_waiting_plans()
        plan.refresh_from_db()
        assert plan.state == "waiting"
    make_waiting_plans()

    plan.refresh_from_db()
    assert (plan.state, plan.short) == ("failed", {"why": "broke_off"})
    assert "没有排出来" in Message.objects.get(kind="ventures.assignment_plan_made").title
    client.force_login(cast.fan)
    page = client.get(f"/rounds/{round.code}/plans/").content.decode()
    assert ["算了三次都中途断了" in page, 'name="readers"' in page] == [True, True]
    monkeypatch.undo()
    assert ask_for_plan(panel, **ask).state == "ready"


def test_sheet_that_is_in_stays_when_a_tie_is_found(cast: Cast, round: Round):
    proposal = round.proposals.order_by("code").first()
    panel = name_reviewers(round, [cast.shen], terms=PanelTerms(), acting_user=cast.fan)
    sign_commitment(panel.members.get(), acting_user=cast.shen)
    hand_in(cast.shen, proposal, 80)
    proposal.applicant.memberships.create(user=cast.shen)

    look_again(round, acting_user=cast.fan)
    look_again(round, acting_user=cast.fan)

    assert assignment_of(cast.shen, proposal).state == "assigned"
    assert "仍然计分" in Message.objects.get(kind="ventures.tie_found", to_user=cast.fan).body


def test_looking_again_asks_as_much_for_one_reviewer_as_for_many(
    cast: Cast, round: Round, experts, django_assert_num_queries
):
    users = [one.user for one in experts]
    for one in users:
        declare_relative(
            one, name=cast.zhu.display_name, phone=cast.zhu.phone, kind="kin",
            acting_user=one,
        )  # fmt: skip

    for some in (users[:1], users):
        with django_assert_num_queries(17):
            assert look_again(round, users=some, acting_user=cast.fan) == 0


def test_lot_can_be_drawn_again_by_anyone(cast: Cast, round: Round, experts, tmp_path):
    track = Track.objects.first()
    for one in experts[:4]:
        one.tracks.set([track])
    for one in experts[4:]:
        one.tracks.set([])
    first = round.proposals.order_by("code").first()
    pin_conflict(first, experts[0].user, Told(Kind.INTEREST, "合伙"), acting_user=cast.fan)
    ask = {
        "wanted": [(track.code, 2), ("", 1)], "stand_by": 1,
        "excluded": {experts[5].pk: "同时任职"}, "acting_user": cast.fan,
    }  # fmt: skip
    with pytest.raises(PoolTooSmall):
        prepare_draw(round, **(ask | {"wanted": [(track.code, 4)]}))
    draw = prepare_draw(round, **ask)
    with pytest.raises(DrawUnderway):
        prepare_draw(round, **ask)

    draw = draw_reviewers(draw, witness="李记者", word="潮起 0312", acting_user=cast.fan)

    out = [code for _field, code, how in draw.drawn if how == "drawn"]
    assert len(out) == len(set(out)) == 3
    assert experts[0].code not in out
    assert draw.pool["excluded"] == {
        experts[0].code: "与本轮申报方有利害关系", experts[5].code: "同时任职",
    }  # fmt: skip
    file = tmp_path / "PW.json"
    file.write_text(json.dumps(published_draw(draw)), encoding="utf-8")
    again = subprocess.run([sys.executable, "-I", PROGRAM, file], capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert (again.returncode, again.stdout.split(":")[0]) == (0, "THE SAME")
    seeds = {word: f"{draw.secret}:{word}" for word in map(str, range(50))}
    other = next(w for w in seeds if [*map(list, drawn_from(draw.pool, seeds[w]))] != draw.drawn)
    forged = published_draw(draw) | {"word": other}  # the lot is short: some words draw the same
    file.write_text(json.dumps(forged), encoding="utf-8")
    assert subprocess.run([sys.executable, "-I", PROGRAM, file], check=False,
                          capture_output=True).returncode == 1  # fmt: skip
    void_draw(draw, reason="见证人迟到", acting_user=cast.fan)
    assert prepare_draw(round, **ask).number != draw.number


def test_division_respects_loads_units_and_what_stands(cast: Cast, round: Round, experts):
    proposals = list(round.proposals.order_by("code"))
    options(round, cast, divides=True, least=2, most=4)
    for one in experts:
        invite_experts(round, [one], acting_user=cast.fan)
    for asked in ReviewInvitation.objects.all():
        accept_invitation(asked, has_signed=True, told={}, acting_user=asked.user)
    experts[1].employer = experts[0].employer
    experts[1].save()
    panel = name_reviewers(
        round, [one.user for one in experts], terms=PanelTerms(), acting_user=cast.fan
    )
    assert not Assignment.objects.exists()
    ask = {"mode": "ensure", "readers": 3, "least": 2, "most": 4, "acting_user": cast.fan}
    failed = ask_for_plan(panel, **(ask | {"readers": 6}))
    assert (failed.state, failed.short["wanted"], failed.short["room"]) == ("failed", 36, 24)

    plan = ask_for_plan(panel, **ask)
    with pytest.raises(PlanUnderway):
        ask_for_plan(panel, **ask)
    apply_plan(plan, acting_user=cast.fan)
    apply_plan(plan, acting_user=cast.fan)

    assert Assignment.objects.count() == 18
    loads = [seat.assignments.count() for seat in panel.members.all()]
    assert min(loads) >= 2
    assert max(loads) <= 4
    for proposal in proposals:
        people = set(proposal.assignments.values_list("member__reviewer", flat=True))
        assert len(people) == 3
        assert not {experts[0].user_id, experts[1].user_id} <= people
    assert plan.cost - plan.bound < 1

    # One leaves with a sheet handed in and a draft: only the orphaned seats are filled again.
    gone = panel.members.first()
    done, begun = list(gone.assignments.order_by("pk"))[:2]
    hand_in(gone.reviewer, done.proposal, 80)
    draft(gone.reviewer, begun.proposal, 70)
    stood = set(Assignment.objects.exclude(member=gone).values_list("pk", flat=True))
    withdraw_member(gone, reason="生病", acting_user=cast.fan)
    assert Review.objects.filter(assignment__member=gone).count() == 2
    patch = ask_for_plan(panel, **ask)
    with pytest.raises(MemberGone):
        assign_reviewer(gone_again(gone), begun.proposal, acting_user=cast.fan)
    assert len(patch.pairs) == loads[0] - 1
    somebody = panel.members.filter(left_at=None).last().assignments.standing().first()
    declare_recusal(somebody, ground="interest", acting_user=somebody.member.reviewer)
    with pytest.raises(PlanOutdated):
        apply_plan(patch, acting_user=cast.fan)
    drop_plan(patch, acting_user=cast.fan)
    patch = ask_for_plan(panel, **ask)
    apply_plan(patch, acting_user=cast.fan)
    assert stood <= set(Assignment.objects.values_list("pk", flat=True))
    assert all(p.assignments.standing().count() == 3 for p in proposals)
    top_up = ask_for_plan(panel, **(ask | {"mode": "top_up", "readers": 1, "most": 6}))
    assert top_up.state in ("ready", "failed")
    assert AssignmentPlan.objects.filter(state="applied").count() == 2


def gone_again(member):
    member.refresh_from_db()
    return member


def test_commitment_is_still_asked_of_whoever_was_named_without_invitation(cast: Cast, round):
    panel = name_reviewers(round, [cast.shen], terms=PanelTerms(), acting_user=cast.fan)
    first = round.proposals.order_by("code").first()

    assert panel.members.get().assignments.count() == 6  # the plain meeting: everything
    with pytest.raises(CommitmentMissing):
        draft(cast.shen, first, 80)
    assert assignment_of(cast.shen, first).state == "assigned"


def test_table_is_tried_before_it_is_brought_in(cast: Cast, round: Round, experts):
    region = round.region
    table = table_of(experts[:1])
    good = [str(cell or "") for cell in next(iter(table.rows))]
    new = ["新专家", "10012349999", "演示高校", "", "副教授", Track.objects.first().name,
           "市级", "2026-01-01", "", "", ""]  # fmt: skip
    bad = ["", "123", "", "91330000MA00000000", "", "不认识", "村级", "明天", "", "0", ""]
    tried = try_rows([table.heads, good, new, bad, new], {experts[0].phone})

    assert [len(row.errors) > 0 for row in tried] == [False, False, True, True]
    for most in ("①", "²", "0", "9" * 5_000):
        (row,) = try_rows([table.heads, [*new[:9], most, new[10]]], set())
        assert row.errors, most
    assert [row.is_known for row in tried] == [True, False, False, False]
    rows = [row.values for row in tried[:2]]
    with pytest.raises(NotAllowed):
        bring_in_experts(region, rows, acting_user=cast.xu)
    assert bring_in_experts(region, rows, acting_user=cast.fan) == (1, 1)
    sample = sample_table()
    filled = try_rows(
        [list(sample.heads), *([str(one) for one in row] for row in sample.rows)], set()
    )
    assert [row.errors for row in filled] == [(), ()]
