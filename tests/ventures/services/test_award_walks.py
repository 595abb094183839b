"""Rules of award: stated with the call, walked for the meeting, departed from by two people."""

from decimal import Decimal

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from accounts.errors import NotAllowed
from accounts.models import Message, Role
from accounts.services.roles import grant_role
from tests.factories.ventures import make_round
from tests.factories.ventures_awards import make_body, make_scored_round, proposals_of
from tests.plugins.relay import laid_again
from ventures.errors.award_walks import (
    NobodyToAgree,
    NotAsListed,
    OverrideStanding,
    OverridesWaiting,
    OwnOverrideNotAgreed,
    RulesFixed,
)
from ventures.forms.award_terms import AwardTermsForm
from ventures.models import AwardLimit, AwardTerms, AwardWalk, Decision, Override, Round
from ventures.reckoning.award_record import canonical, fingerprint, results_of
from ventures.selectors.award_terms import terms_in_words
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.rankings import ranking_of
from ventures.services.award_terms import set_award_rules
from ventures.services.award_walks import decide_override, propose_override
from ventures.services.decisions import Choice, prepare_decisions
from ventures.services.round_copying import copy_round

pytestmark = pytest.mark.django_db
Outcome = Decision.Outcome
TYPED = {
    "aggregate": "median",
    "drop_from": "5",
    "is_walked": "on",
    "misfit": "skip",
    "partial_percent": "60",
    "tie_order": "smaller",
    "notice_days": "7",
    "meeting_vote": "counted",
    "notice_counting": "calendar",
    "publishes_reasons": "on",
}


@pytest.fixture
@laid_again
def round(cast):
    """Three of 6,150 yuan each under a fund of 15,000."""
    bodies = [make_body("甲队"), make_body("乙队"), make_body("丙队")]
    round = make_scored_round(cast.fan, [cast.lu, cast.qian], bodies, fund_fen=1_500_000)
    AwardTerms.objects.create(round=round, is_walked=True)
    return round


@pytest.fixture
def second(cast):
    """诸阿姨 becomes the city's second officer."""
    grant_role(
        cast.zhu,
        Role.Kind.OFFICER,
        region=cast.fan.roles.get(kind="officer").region,
        acting_user=cast.people["system"],
    )
    cast.zhu.refresh_from_db()
    return cast.zhu


def choices(round, **changed):
    awards = suggestion_of(round).awards
    return [
        Choice(p.pk, Outcome.AWARD, fen)
        if (fen := changed.get(p.code.replace("-", "_"), awards[p.code]))
        else Choice(p.pk, Outcome.DECLINE, 0, "余额不够")
        for p in proposals_of(round)
    ]


def test_rules_are_stated_in_the_draft_and_fixed_with_it(client, cast):
    draft = make_round(created_by=cast.fan, state=Round.State.DRAFT)
    criteria = list(draft.rubric.criteria.all())
    shared = draft.rubric_id
    typed = TYPED | {
        f"weight_{one.position}": str(weight)
        for one, weight in zip(criteria, [100 - 5 * (len(criteria) - 1)] + [5] * 20, strict=False)
    }
    typed |= {"reserve_group_1": "kind:governance", "reserve_percent_1": "40", "town_projects": "3"}
    url = reverse("ventures:award-terms", args=[draft.code])
    client.force_login(cast.fan)

    wrong = client.post(url, typed | {f"weight_{criteria[0].position}": "3"})
    answer = client.post(url, typed)

    assert wrong.status_code == 422
    assert "100 分" in wrong.content.decode()
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.notice_working_days == 7
    assert draft.rubric.aggregate == "median"
    assert draft.rubric.is_preset is False or draft.rubric_id == shared
    words = "".join(terms_in_words(draft, draft.award_terms))
    for said in ("治理型", "40%", "60%", "申请资助少的在前", "最多 3 个项目"):
        assert said in words
    copy = copy_round(draft, acting_user=cast.fan)
    assert terms_in_words(copy, copy.award_terms) == terms_in_words(draft, draft.award_terms)
    Round.objects.filter(pk=draft.pk).update(state=Round.State.OPEN, published_at=draft.opens_at)
    assert client.post(url, TYPED).status_code in (409, 422)
    shown = client.get(draft.get_absolute_url()).content.decode()
    assert "中位数" in shown
    assert "专项" in shown or "治理型" in shown
    draft.refresh_from_db()
    form = AwardTermsForm(typed, round=draft)
    assert form.is_valid()
    with pytest.raises(RulesFixed):
        set_award_rules(
            draft,
            form.scoring(),
            form.terms(),
            form.limits(),
            notice_days=5,
            publishes_scores=False,
            acting_user=cast.fan,
        )


def test_the_list_gives_reasons_and_what_would_have_carried(round, client, cast):
    suggestion = suggestion_of(round, with_what_if=True)

    first, _second, third = suggestion.lines
    assert [line.awarded_fen for line in suggestion.lines] == [615_000, 615_000, 0]
    assert "不够" in third.why
    assert "2,700.00" in third.almost[0]
    assert any("再得" in words for words in third.almost)
    assert suggestion.results["left_fen"] == 270_000
    assert canonical(results_of(suggestion.inputs)) == canonical(suggestion.results)
    assert suggestion.what_if.best.is_proven
    client.force_login(cast.fan)
    page = client.get(reverse("ventures:award-walk", args=[round.code])).content.decode()
    assert suggestion.input_sha256 in page
    assert "2,700.00" in page
    assert "只供参考" in page
    form = client.get(reverse("ventures:round-decisions", args=[round.code])).context["form"]
    assert form[f"amount_{first.proposal.pk}"].value() == "6150"
    client.force_login(cast.lu)
    assert client.get(reverse("ventures:award-walk", args=[round.code])).status_code == 403


def test_a_reserve_and_a_ceiling_bind(round):
    first, second, third = proposals_of(round)
    type(third).objects.filter(pk=third.pk).update(kind="governance")
    type(third).objects.filter(pk__in=[first.pk, second.pk]).update(kind="service")
    AwardLimit.objects.create(
        terms=round.award_terms,
        position=1,
        kind="reserve",
        over="kind",
        value="governance",
        percent=60,
    )

    awards = suggestion_of(round).awards

    assert awards == {first.code: 0, second.code: 0, third.code: 615_000} or awards == {
        first.code: 615_000,
        second.code: 0,
        third.code: 615_000,
    }
    AwardLimit.objects.create(
        terms=round.award_terms,
        position=2,
        kind="ceiling",
        over="kind",
        value="governance",
        fen=100,
    )
    assert suggestion_of(round).awards[third.code] == 0
    # Of each organisation one: the second applicant's team is the first applicant itself.
    type(second).objects.filter(pk=second.pk).update(team_organisation=first.applicant)
    round.award_terms.limits.all().delete()
    AwardLimit.objects.create(
        terms=round.award_terms, position=1, kind="ceiling", over="team", projects=1
    )
    awards = suggestion_of(round).awards
    assert awards == {first.code: 615_000, second.code: 0, third.code: 615_000}


def test_another_list_needs_two_people(round, cast, second):
    first, _middle, third = proposals_of(round)
    with pytest.raises(NotAsListed) as refusal:
        prepare_decisions(
            round, choices(round, **{third.code.replace("-", "_"): 100_000}), acting_user=cast.fan
        )
    assert refusal.value.facts == {"codes": [third.code]}

    leaving = second.roles.filter(kind="officer")
    leaving.update(ended_at=Now())
    with pytest.raises(NobodyToAgree):
        propose_override(first, outcome="reserve", reason="同一社区已有项目", acting_user=cast.fan)
    leaving.update(ended_at=None)
    override = propose_override(
        first, outcome="reserve", reason="同一社区已有项目", acting_user=cast.fan
    )
    with pytest.raises(OverridesWaiting):
        prepare_decisions(round, choices(round), acting_user=cast.fan)
    with pytest.raises(OverrideStanding):
        propose_override(first, outcome="decline", reason="重复", acting_user=second)
    with pytest.raises(OwnOverrideNotAgreed):
        decide_override(override, "agree", acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        decide_override(override, "agree", acting_user=cast.ou)
    assert Message.objects.filter(to_user=second, kind="ventures.override").count() == 1
    decide_override(override, "agree", acting_user=second)

    listed = suggestion_of(round).awards
    assert listed[first.code] == 0
    assert listed[third.code] == 615_000
    prepared = prepare_decisions(round, choices(round), acting_user=cast.fan)
    again = prepare_decisions(round, choices(round), acting_user=cast.fan)
    assert [d.deviates for d in prepared] == [True, False, False]
    assert [d.pk for d in again] == [d.pk for d in prepared]
    walk = AwardWalk.objects.get(round=round)
    assert walk.output_sha256 == fingerprint(results_of(walk.inputs)) == fingerprint(walk.results)
    assert Override.objects.get().decided_by == second


def test_weights_and_outside_criteria_count_as_said(round):
    rubric = round.rubric
    first, *others = rubric.criteria.all()
    rubric.criteria.filter(pk=first.pk).update(is_outside_total=True)
    rubric.criteria.filter(pk__in=[o.pk for o in others[:-1]]).update(weight_percent=1)
    rubric.criteria.filter(pk=others[-1].pk).update(weight_percent=100 - len(others) + 1)

    row = ranking_of(Round.objects.get(pk=round.pk)).rows[0]

    sheet = row.standing.candidate.sheets[0]
    expected = sum(
        Decimal(half) / one.max_half_points * (1 if one != others[-1] else 100 - len(others) + 1)
        for half, one in zip(sheet.item_halves[1:], others, strict=True)
    )
    assert abs(Decimal(row.standing.score_hundredths) / 100 - expected) <= Decimal("0.005")
