"""Who may apply, from the rows to the refusal: before she begins, to the office, at submission."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Message, Organisation, Region
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from tests.factories.ventures_awards import PDF, make_body, make_scored_round
from ventures.errors.decisions import AmountOutOfRange
from ventures.errors.eligibility import NotEligible
from ventures.errors.standing import AlreadyLifted, AlreadyStruck
from ventures.models import Award, Bar, Condition, Decision, Proposal, Round
from ventures.rules import rounds as round_rules
from ventures.rules.rounds import is_round_operator
from ventures.selectors.applicants import conditions_of
from ventures.services.conditions import write_standing_conditions
from ventures.services.decisions import (
    Choice,
    Meeting,
    prepare_decisions,
    record_resolution,
)
from ventures.services.proposals import submit_proposal
from ventures.services.standing import lift_bar, make_bar, record_fact, strike_fact

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
C = Condition.Check


def asks(round: Round, check: str, **fields) -> Condition:
    return round.conditions.create(check_name=check, set_by=round.created_by, **fields)


def bar_of(cast: Cast, body: Organisation, **fields) -> Bar:
    return make_bar(
        body,
        **(
            {
                "region": Region.objects.get(code="330481000000"),
                "from_on": timezone.localdate() - timedelta(days=1),
                "until_on": None,
                "reason": "上一届没有交结项报告",
                "document_number": "海民（演示）〔2026〕3 号",
                "acting_user": cast.fan,
            }
            | fields
        ),
    )


def test_applicant_reads_the_same_answers_that_refuse_her_later(cast: Cast, client):
    round = make_round(created_by=cast.fan)
    asks(round, C.RATING, figure=3)
    asks(round, C.AGE, figure=12, is_hard=False)
    Organisation.objects.filter(name="恩泽社区服务社").update(founded_on=timezone.localdate())
    enze = Organisation.objects.get(name="恩泽社区服务社")
    fact = record_fact(
        enze,
        {"kind": "rating", "rating": 2, "from_on": date(2025, 1, 1), "source": "评估公告"},
        acting_user=cast.fan,
    )
    proposal = make_proposal(round, enze, created_by=cast.enxiao)
    client.force_login(cast.en)

    page = client.get(reverse("ventures:round-check", args=[round.code])).content.decode()
    with pytest.raises(NotEligible) as refused:
        submit_proposal(proposal, acting_user=cast.en)
    strike_fact(fact, reason="看错了行", acting_user=cast.fan)
    with pytest.raises(AlreadyStruck):
        strike_fact(fact, reason="再来", acting_user=cast.fan)
    record_fact(
        enze,
        {"kind": "rating", "rating": 3, "from_on": date(2025, 1, 1), "source": "评估公告"},
        acting_user=cast.fan,
    )

    assert "有 1 项不符合，现在还不能提交" in page
    assert "现为 2A，要求 3A 以上" in page
    assert "不符合，可以先提交" in page
    assert "现为 2A，要求 3A 以上" in str(refused.value)
    assert submit_proposal(proposal, acting_user=cast.en).number == 1
    client.force_login(cast.fan)
    hints = client.get(proposal.get_absolute_url()).context["hints"]
    assert {hint.label: hint.is_fine for hint in hints}["成立年限"] is False


def test_one_project_counts_the_group_and_not_its_host_across_levels(cast: Cast):
    """社立方 hosts 半日闲: what the host files elsewhere does not count for the group."""
    group, host = cast.organisations["banrixian"], cast.organisations["shelifang"]
    city = make_round(created_by=cast.fan)
    town = make_round(
        created_by=cast.xu, region=Region.objects.get(code="330481101000"), level="town"
    )
    for round in (city, town):
        asks(round, C.ONE_PROJECT, figure=1)
        asks(round, C.NO_DOUBLE)
    of_host = make_proposal(town, host, created_by=cast.fan)
    Proposal.objects.filter(pk=of_host.pk).update(state="submitted", submitted_at=timezone.now())
    first = make_proposal(city, group, created_by=cast.pan)
    second = make_proposal(town, group, created_by=cast.pan, title="另一件事")

    submit_proposal(first, acting_user=cast.pan)
    with pytest.raises(NotEligible) as refused:
        submit_proposal(second, acting_user=cast.pan)

    assert first.code in str(refused.value)
    assert "各级合计最多 1 个" in str(refused.value)


def test_standing_conditions_hold_below_from_their_day_on(cast: Cast):
    haining = Region.objects.get(code="330481000000")
    xucun = Region.objects.get(code="330481101000")
    today = timezone.localdate()
    town = make_round(created_by=cast.xu, region=xucun, level="town")
    asks(town, C.AGE, figure=6)
    write = {"document_number": "海民（演示）〔2026〕5 号", "acting_user": cast.fan}

    write_standing_conditions(
        haining, [{"check_name": C.AGE, "figure": 12}], valid_from=today, **write
    )
    later = conditions_of(town)
    earlier = today - timedelta(days=30)
    write_standing_conditions(
        haining, [{"check_name": C.AGE, "figure": 18}], valid_from=earlier, **write
    )
    now = conditions_of(town)

    assert [(one.figure, one.origins) for one in later] == [(6, ("本轮",))]  # opened yesterday
    assert [(one.figure, one.origins) for one in now] == [(18, ("海宁市",))]
    with pytest.raises(NotAllowed):
        write_standing_conditions(haining, [], valid_from=today, **write | {"acting_user": cast.xu})


def test_bar_stops_at_every_level_until_it_is_lifted(cast: Cast, client):
    enze = cast.organisations["enze"]
    round = make_round(created_by=cast.fan)
    proposal = make_proposal(round, enze, created_by=cast.enxiao)
    bar = bar_of(cast, enze, document=SimpleUploadedFile("决定.pdf", PDF, "application/pdf"))
    bar_of(cast, enze, until_on=timezone.localdate() - timedelta(days=1))  # over by itself

    with pytest.raises(NotEligible) as refused:
        submit_proposal(proposal, acting_user=cast.en)
    with pytest.raises(NotAllowed):
        lift_bar(bar, reason="x", acting_user=cast.xu)
    lift_bar(bar, reason="已补交", acting_user=cast.fan)
    with pytest.raises(AlreadyLifted):
        lift_bar(bar, reason="已补交", acting_user=cast.fan)

    assert "海民（演示）〔2026〕3 号" in str(refused.value)
    assert submit_proposal(proposal, acting_user=cast.en).number == 1
    told = Message.objects.filter(to_user=cast.en, kind="application_bar")
    assert told.count() == 3
    client.force_login(cast.fan)
    page = client.get(reverse("ventures:standing-detail", args=[enze.pk])).content.decode()
    assert "已补交" in page


def test_designation_is_applied_for_without_a_budget_and_decided_without_money(cast: Cast):
    title = {"purpose": "designation", "honour": "示范项目", "fund_fen": 0}
    open_round = make_round(created_by=cast.fan, cap_fen=0, **title)
    proposal = make_proposal(
        open_round, cast.organisations["enze"], created_by=cast.enxiao, budget=False
    )
    assert submit_proposal(proposal, acting_user=cast.en).number == 1
    round = make_scored_round(
        cast.fan, [cast.ding], [make_body("甲队"), make_body("乙队")], **title
    )
    first, second = round.proposals.order_by("code")

    with pytest.raises(AmountOutOfRange):
        prepare_decisions(
            round,
            [Choice(first.pk, Decision.Outcome.AWARD, 1), Choice(second.pk, "decline", 0, "同类")],
            acting_user=cast.fan,
        )
    prepare_decisions(
        round,
        [Choice(first.pk, Decision.Outcome.AWARD, 0), Choice(second.pk, "decline", 0, "同类")],
        acting_user=cast.fan,
    )
    record_resolution(
        round,
        meeting=Meeting(
            kind="party_group",
            name="局党组会",
            held_on=timezone.localdate(),
            number="〔2026〕1 号",
            minutes=SimpleUploadedFile("纪要.pdf", PDF, "application/pdf"),
        ),
        acting_user=cast.fan,
    )

    award = Award.objects.get()
    assert (award.proposal, award.amount_fen, award.transfer_id) == (first, 0, None)


def test_operator_receives_and_screens_and_never_publishes_or_awards(cast: Cast):
    round = make_round(created_by=cast.fan, operator=cast.organisations["shelifang"])

    assert is_round_operator(cast.ou, round)
    assert not round_rules.is_round_officer(cast.ou, round)
    assert not round_rules.may_publish(cast.ou, round)
