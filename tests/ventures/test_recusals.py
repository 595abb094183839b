"""回避 binds the office too: who is tied to a proposal loses it, and another officer acts."""

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Change, Membership, Role, User
from accounts.services.roles import grant_role
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from tests.factories.ventures_awards import (
    choices_for,
    make_body,
    make_decided_round,
    make_round_in_review,
    make_scored_round,
)
from tests.factories.ventures_phases import make_phase
from tests.factories.ventures_reviewers import make_expert
from ventures.errors.recusal import RecusedFromExtending, RecusedFromProposal, RecusedFromRound
from ventures.lifecycles.rounds import ROUND
from ventures.models import Conflict, Panel, Proposal, Round
from ventures.rules import decisions as decision_rules
from ventures.rules import proposals as proposal_rules
from ventures.rules import recusal as recusal_rules
from ventures.rules import reviews as review_rules
from ventures.services.conflicts import Told, pin_conflict
from ventures.services.decisions import prepare_decisions
from ventures.services.proposals import submit_proposal
from ventures.services.review_invitations import invite_experts
from ventures.services.rounds import extend_round
from ventures.services.screening import accept_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def tie(user: User, organisation, *, left_days_ago: int | None = None) -> None:
    left = None if left_days_ago is None else timezone.now() - timedelta(days=left_days_ago)
    Membership.objects.create(user=user, organisation=organisation, ended_at=left)


def colleague_of(cast: Cast) -> User:
    """A second officer of the city."""
    user = User.objects.create_user(display_name="方科员", phone="+8610000000099")
    place = cast.fan.roles.get(kind=Role.Kind.OFFICER).region
    grant_role(user, Role.Kind.OFFICER, region=place, acting_user=cast.people["system"])
    return user


@pytest.mark.parametrize(
    ("left_days_ago", "binds"), [(None, True), (700, True), (731, False)]
)  # fmt: skip
def test_tied_officer_neither_sees_nor_screens(
    cast: Cast, client, submitted: Proposal, left_days_ago, binds
):
    tie(cast.fan, submitted.applicant, left_days_ago=left_days_ago)
    client.force_login(cast.fan)

    pages = {
        name: client.get(reverse(f"ventures:proposal-{name}", args=[submitted.code])).status_code
        for name in ("detail", "print", "accept", "refuse", "return", "outcome")
    }
    desk = client.get(reverse("ventures:round-desk", args=[submitted.round.code]))
    table = b"".join(
        client.get(reverse("ventures:round-export", args=[submitted.round.code])).streaming_content
    )

    assert set(pages.values()) == ({404} if binds else {200})
    assert proposal_rules.may_screen(cast.fan, submitted) is not binds
    assert (submitted in Proposal.objects.visible_to(cast.fan)) is not binds
    assert (submitted.title in table.decode()) is not binds
    assert [row.proposal for row in desk.context["rows"]] == ([] if binds else [submitted])
    assert desk.context["summary"].requested_fen == (0 if binds else submitted.requested_fen)
    if binds:
        with pytest.raises(NotAllowed):
            accept_proposal(submitted, acting_user=cast.fan)


def test_her_own_list_says_why_and_who_acts_instead(cast: Cast, client, submitted: Proposal):
    colleague_of(cast)
    tie(cast.fan, submitted.applicant, left_days_ago=30)
    coached = make_proposal(
        submitted.round,
        make_body("甲队", host=cast.organisations["shelifang"]),
        created_by=cast.en,
        state="submitted",
        title="教过的事",
    )
    pin_conflict(coached, cast.fan, Told("coached", "教过"), acting_user=User.objects.latest("pk"))
    client.force_login(cast.fan)

    page = client.get(reverse("ventures:own-recusals")).content.decode()
    desk = client.get(reverse("ventures:round-desk", args=[submitted.round.code])).content.decode()

    assert submitted.code in page
    assert "您看不到，也不参加。由方科员（海宁市经办人）办理" in page
    assert "辅导过这个项目（组织方认定）" in page
    assert "您看得到内容，不评分，也不参加决定" in page
    assert submitted.title not in page
    assert "方科员（海宁市经办人）" in desk
    assert submitted.title not in desk
    assert submitted.code not in desk
    assert client.get(submitted.get_absolute_url()).status_code == 404
    assert client.get(coached.get_absolute_url()).status_code == 200


def test_who_may_not_see_it_finds_no_trace_of_it_in_the_reading_room(
    cast: Cast, submitted: Proposal, rf
):
    tie(cast.shu, submitted.applicant)
    reads, kept = rf.get("/admin/"), rf.get("/admin/")
    reads.user, kept.user = cast.guo, cast.shu
    changes = site._registry[Change]

    assert changes.get_queryset(reads).filter(verb="submit").exists()
    assert not changes.get_queryset(kept).filter(verb="submit").exists()


def test_whoever_is_asked_finds_the_invitation_at_home_before_she_is_a_reviewer(cast: Cast, client):
    round = make_round_in_review(cast.fan, [make_body("甲队"), make_body("乙队")])
    expert = make_expert("诸阿姨", user=cast.zhu, tracks=[])
    (asked,) = invite_experts(round, [expert], acting_user=cast.fan)
    client.force_login(cast.zhu)
    assert asked.get_absolute_url() in client.get("/home/").content.decode()
    plain = client.get(asked.get_absolute_url()).content.decode()
    assert round.proposals.first().title in plain

    make_phase(round, 1, 2, hides_applicant=True)

    blind = client.get(asked.get_absolute_url()).content.decode()
    assert "乙队" in blind
    assert round.proposals.first().title not in blind
    told = {f"kind_o{round.proposals.first().applicant_id}": "relative", "has_signed": "on"}
    client.post(f"{asked.get_absolute_url()}accept/", told)
    assert Conflict.objects.get(person=cast.zhu).proposal == round.proposals.first()


def test_town_officer_is_stood_in_for_by_the_city(cast: Cast, town_round: Round):
    proposal = make_proposal(town_round, cast.organisations["enze"], created_by=cast.enxiao)
    submit_proposal(proposal, acting_user=cast.en)
    proposal.refresh_from_db()
    assert not proposal_rules.may_screen(
        cast.fan, proposal
    )  # a town's round is not the city's to run

    tie(cast.xu, proposal.applicant)

    assert not proposal_rules.may_screen(cast.xu, proposal)
    accept_proposal(proposal, acting_user=cast.fan)
    proposal.refresh_from_db()
    assert proposal.state == "screened"


def test_more_time_for_ones_own_applicant_is_another_officers_to_give(cast: Cast, client):
    """Even while it is a draft nobody has handed in. Beginning the review stays organising."""
    round = make_round(created_by=cast.fan)
    make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao)
    later = round.closes_at + timedelta(days=1)
    assert recusal_rules.may_extend(cast.fan, round)
    assert not recusal_rules.may_extend(cast.xu, round)  # another place's officer
    colleague = colleague_of(cast)

    tie(cast.fan, cast.organisations["enze"], left_days_ago=30)

    client.force_login(cast.fan)
    url = reverse("ventures:round-extend", args=[round.code])
    page = client.get(url)
    assert page.status_code == 403
    assert "方科员（海宁市经办人）" in page.content.decode()
    assert url not in client.get(reverse("ventures:round-desk", args=[round.code])).content.decode()
    with pytest.raises(RecusedFromExtending):
        extend_round(round, closes_at=later, reason="台风", acting_user=cast.fan)
    extend_round(round, closes_at=later, reason="台风", acting_user=colleague)
    assert ROUND.allows("begin_review", cast.fan, Round.objects.get(pk=round.pk))


def test_tied_officer_is_out_of_the_round_and_never_reads_its_sheets(cast: Cast, client):
    body = make_body("甲队")
    round = make_scored_round(cast.fan, [cast.ding, cast.shen], [body, make_body("乙队")])
    colleague = colleague_of(cast)
    tie(cast.fan, body)
    client.force_login(cast.fan)

    addresses = [
        reverse(f"ventures:{name}", args=[round.code])
        for name in (
            "round-ranking", "ranking-csv", "ranking-print", "round-decisions",
            "round-resolution", "notice-publish", "panel-reopen",
        )
    ]  # fmt: skip
    answers = {url: client.get(url) for url in addresses}
    board = client.get(reverse("ventures:round-board", args=[round.code])).content.decode()

    assert {answer.status_code for answer in answers.values()} == {403}
    assert "方科员" in answers[addresses[0]].content.decode()
    assert addresses[0] not in board
    with pytest.raises(NotAllowed):
        prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    assert len(prepare_decisions(round, choices_for(round, 5_000), acting_user=colleague)) == 2
    panel = Panel.objects.get(round=round)
    assert not review_rules.may_see_scores(cast.fan, panel)
    Round.objects.filter(pk=round.pk).update(state=Round.State.NOTICED)
    panel.refresh_from_db()
    # What is public of them is on the notice; who gave what stays closed to her.
    assert not review_rules.may_see_scores(cast.fan, Panel.objects.get(pk=panel.pk))


@pytest.mark.parametrize("who", ["jin", "shu"])
def test_finance_and_audit_are_bound_too(cast: Cast, client, who: str):
    body = make_body("甲队")
    round = make_decided_round(cast.fan, [cast.ding], [body])
    user = getattr(cast, who)
    assert decision_rules.may_see_decisions(user, round)

    tie(user, body, left_days_ago=10)

    assert not decision_rules.may_see_decisions(user, round)
    assert not review_rules.may_see_scores(user, Panel.objects.get(round=round))
    assert not Proposal.objects.visible_to(user).filter(round=round).exists()
    # Once it is on notice she reads what was decided; who gave what, seat by seat, others check.
    Round.objects.filter(pk=round.pk).update(state=Round.State.NOTICED)
    round.refresh_from_db()
    assert decision_rules.may_see_decisions(user, round)
    client.force_login(user)
    for name, further in (("round-dossiers", []), ("round-dossier-json", ["meeting"])):
        url = reverse(f"ventures:{name}", args=[round.code, *further])
        assert client.get(url).status_code == 403
    board = client.get(reverse("ventures:round-board", args=[round.code])).content.decode()
    assert reverse("ventures:round-dossiers", args=[round.code]) not in board


def test_operator_that_hosts_a_group_knows_no_score_and_no_amount(cast: Cast, client):
    """社立方 receives the round's papers and is the host that 半日闲 is paid through."""
    shelifang = cast.organisations["shelifang"]
    bodies = [cast.organisations["banrixian"], make_body("乙队", host=cast.organisations["enze"])]
    round = make_decided_round(cast.fan, [cast.shen], bodies, operator=shelifang)
    hosted, other = round.proposals.order_by("code")
    client.force_login(cast.ou)

    board = client.get(reverse("ventures:round-board", args=[round.code]))

    assert not review_rules.may_see_scores(cast.ou, Panel.objects.get(round=round))
    assert client.get(reverse("ventures:round-ranking", args=[round.code])).status_code == 403
    assert list(Proposal.objects.visible_to(cast.ou)) == [other]
    assert client.get(hosted.get_absolute_url()).status_code == 404
    assert "5,000" not in board.content.decode()
    assert "已安排" not in board.content.decode().replace("已安排和余下的金额", "")
    # The officer's own board does say what is set aside.
    client.force_login(cast.fan)
    officers = client.get(reverse("ventures:round-board", args=[round.code])).content.decode()
    assert reverse("ventures:resolution-minutes", args=[round.code]) in officers


def test_unhosted_operator_sees_scores_but_no_amount_before_the_notice(cast: Cast, client):
    enze = cast.organisations["enze"]
    round = make_decided_round(
        cast.fan, [cast.shen], [make_body("乙队", host=enze)],
        operator=cast.organisations["shelifang"],
    )  # fmt: skip
    client.force_login(cast.ou)
    url = reverse("ventures:round-board", args=[round.code])

    before = client.get(url).content.decode()
    Round.objects.filter(pk=round.pk).update(state=Round.State.NOTICED)
    after = client.get(url).content.decode()

    assert review_rules.may_see_scores(cast.ou, Panel.objects.get(round=round))
    assert "公示以后在这里显示" in before
    assert "公示以后在这里显示" not in after


def test_absent_and_hidden_are_alike_for_strangers(cast: Cast, client, submitted: Proposal):
    client.force_login(cast.anan)

    hidden = client.get(submitted.get_absolute_url())
    absent = client.get(reverse("ventures:proposal-detail", args=["QC9-S-9999"]))

    assert (hidden.status_code, absent.status_code) == (404, 404)


def test_refusals_name_the_one_who_acts():
    assert "范科长" in str(RecusedFromProposal(code="A-1", who="范科长"))
    assert "范科长" in str(RecusedFromRound(who="范科长"))


def test_nobody_stands_in_for_an_office_that_nobody_holds(cast: Cast):
    round = make_round(created_by=cast.fan)
    Role.objects.filter(kind=Role.Kind.OFFICER, region=round.region).update(ended_at=timezone.now())

    assert recusal_rules.acting_officers(round.region, round.proposals.handed_in()) == []
