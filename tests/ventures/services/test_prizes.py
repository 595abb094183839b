"""A round of ideas and a round of titles, from the call to the announcement: no budget anywhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from accounts.models import IdentityCheck, Message, Person
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round, publish
from tests.factories.ventures_awards import choices_for, hand_in, make_meeting, make_panel
from tests.factories.ventures_defences import verify
from timebank.doors import fund_position
from ventures.errors.decisions import AmountOutOfRange, DeviationUnexplained
from ventures.errors.prizes import NotAPrize, TooManyOfAPrize
from ventures.forms.decisions import DecisionsForm
from ventures.forms.promotions import PromotionForm
from ventures.models import (
    Award,
    AwardTerms,
    AwardWalk,
    Decision,
    Proposal,
    PublicNotice,
    Round,
)
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notice_papers import announcement_paper, notice_paper
from ventures.selectors.notice_reasons import how_decided
from ventures.selectors.notices import usual_terms_of
from ventures.selectors.outcomes import outcome_of
from ventures.selectors.promotions import promotable_in, standing_awards
from ventures.selectors.rankings import ranking_of
from ventures.services.decisions import Choice, prepare_decisions, record_resolution
from ventures.services.drafts import begin_own_proposal
from ventures.services.notices import conclude_notice, publish_notice
from ventures.services.objections import Objecting, answer_objection, file_objection
from ventures.services.partners import agree_to_join
from ventures.services.prizes import write_prizes
from ventures.services.promotions import record_promotion
from ventures.services.proposals import submit_proposal
from ventures.services.reviews import close_panel
from ventures.services.rounds import begin_review
from ventures.services.screening import accept_proposal
from ventures.templatetags.awards import stage_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def called(cast: Cast, **terms) -> Round:
    return publish(
        make_round(
            created_by=cast.fan,
            state=Round.State.DRAFT,
            eligibility="谁都可以",
            document_number="海民（演示）〔2026〕30 号",
            address="海宁市海昌街道演示路 1 号",
            **terms,
        )
    )


def filed_by_anan(cast: Cast, round: Round) -> Proposal:
    """An idea of a person's own, paid through 恩泽社."""
    person, _new = Person.objects.get_or_create(user=cast.anan, defaults={"real_name": "安安"})
    IdentityCheck.objects.get_or_create(
        person=person, defaults={"method": "document", "checked_by": cast.fan}
    )
    draft = begin_own_proposal(round, cast.organisations["enze"], acting_user=cast.anan)
    agree_to_join(draft.partners.get(), acting_user=cast.en)
    round.refresh_from_db()
    model = make_proposal(round, cast.organisations["enze"], created_by=cast.enxiao, budget=False)
    names = ("title", "track", "kind", "need_from", "plan", "schedule", "safety")
    values = {name: getattr(model, name) for name in names}
    Proposal.objects.filter(pk=draft.pk).update(
        beneficiaries=30,
        person_times=300,
        responsible_name="安安",
        responsible_phone="10012345678",
        **values,
    )
    draft.communities.set(model.communities.all())
    submit_proposal(model, acting_user=cast.en)
    submit_proposal(draft, acting_user=cast.anan)
    return Proposal.objects.get(pk=draft.pk)


def judged(cast: Cast, round: Round) -> Round:
    """Screened, closed, scored by two: the first by number has 90, the second 85."""
    for proposal in round.proposals.all():
        accept_proposal(proposal, acting_user=cast.fan)
    now = timezone.now()
    Round.objects.filter(pk=round.pk).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(seconds=1)
    )
    begin_review(round, acting_user=cast.fan)
    panel = make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    for place, proposal in enumerate(
        round.proposals.select_related("round__rubric").order_by("code")
    ):
        for reviewer in (cast.ding, cast.shen):
            hand_in(reviewer, proposal, 90 - 5 * place, suggested_fen=0)
    close_panel(panel, acting_user=cast.fan)
    return Round.objects.get(pk=round.pk)


def announced(cast: Cast, round: Round) -> tuple[PublicNotice, dict]:
    """On notice, the days over, final: the notice and the words of the announcement."""
    notice = publish_notice(
        round,
        terms=replace(usual_terms_of(round, timezone.localdate()), postcode="314400"),
        acting_user=cast.fan,
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ventures_publicnotice DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ventures_publicnotice SET closes_at = now() - interval '1 second' "
            "WHERE id = %s",
            [notice.pk],
        )
        cursor.execute("ALTER TABLE ventures_publicnotice ENABLE TRIGGER USER")
    words = conclude_notice(notice, acting_user=cast.fan).snapshot
    return notice, words


def test_an_idea_wins_a_prize(cast: Cast):
    """Ideas have no budget; the prize is set aside, noticed and recorded in words of its own."""
    round = called(cast, purpose="prize", fund_fen=1_000_000, cap_fen=300_000)
    idea = filed_by_anan(cast, round)
    round = judged(cast, round)
    first, _second = round.proposals.order_by("code")
    assert first == idea
    with pytest.raises(AmountOutOfRange):
        prepare_decisions(round, choices_for(round, 3_001), acting_user=cast.fan)
    choices = choices_for(round, 3_000)
    prepare_decisions(
        round, [replace(choices[0], needs_revision=True), choices[1]], acting_user=cast.fan
    )
    assert not Decision.objects.get(proposal=idea).needs_revision

    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    notice, words = announced(cast, Round.objects.get(pk=round.pk))

    award = Award.objects.get()
    assert (award.proposal, award.amount_fen) == (idea, 300_000)
    assert award.transfer_id is not None
    assert fund_position(round.fund_key).free_fen == 700_000
    assert notice.title.endswith("拟获奖名单的公示")
    assert notice.snapshot["amount"] == "拟发奖金"
    assert notice_paper(notice)["heads"][-1] == "拟发奖金（元）"
    assert "奖金合计 3,000.00 元" in notice.snapshot["how_decided"][-1]
    assert words["title"].endswith("获奖名单的公告")
    told = Message.objects.filter(to_user=cast.anan, kind="ventures.result").order_by("pk")
    assert [one.title[:5] for one in told] == ["评审结果公", "结果已公告"]
    assert "拟发奖金：¥3,000.00" in told[0].body
    assert "资助" not in told[0].body
    assert Proposal.objects.get(pk=idea.pk).state == Proposal.State.AWARDED


def test_prizes_go_down_the_ranks_as_far_as_the_fund_reaches(cast: Cast):
    """Nobody asks for an amount: each place is a whole prize, and what is left is no prize."""
    round = called(cast, purpose="prize", fund_fen=500_000, cap_fen=300_000)
    AwardTerms.objects.create(round=round, is_walked=True, partial_percent=50)
    idea = filed_by_anan(cast, round)
    round = judged(cast, round)
    other = round.proposals.exclude(pk=idea.pk).get()

    suggestion = suggestion_of(round)

    assert suggestion is not None
    assert [(one.number, one.awarded_fen) for one in suggestion.lines] == [
        (idea.code, 300_000),
        (other.code, 0),
    ]
    missed = suggestion.lines[1]
    assert "奖金" in missed.why
    assert not any("申请" in words for words in (missed.why, *missed.almost))
    choices = [
        Choice(idea.pk, Decision.Outcome.AWARD, 300_000),
        Choice(other.pk, Decision.Outcome.DECLINE, 0, missed.why),
    ]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    announced(cast, Round.objects.get(pk=round.pk))
    assert AwardWalk.objects.get(occasion="meeting").results["lines"][0]["number"] == idea.code
    assert Award.objects.get().amount_fen == 300_000
    lost = Message.objects.filter(to_user=cast.en, kind="ventures.result").first()
    assert "若申请" not in lost.body
    assert "资助" not in lost.body


def test_prizes_of_several_sizes_go_by_rank(cast: Cast):
    """一等奖, 二等奖: the list begins with them, and another order needs a reason."""
    round = called(cast, purpose="prize", fund_fen=500_000, cap_fen=300_000)
    write_prizes(
        round,
        [
            {"name": "二等奖", "places": 1, "amount_fen": 200_000},
            {"name": "一等奖", "places": 1, "amount_fen": 300_000},
        ],
    )
    idea = filed_by_anan(cast, round)
    round = judged(cast, round)
    other = round.proposals.exclude(pk=idea.pk).get()
    ranking = ranking_of(round)
    usual = DecisionsForm(rows=ranking.rows, free_fen=500_000).initial
    assert [usual[f"amount_{one.pk}"] for one in (idea, other)] == ["3000", "2000"]
    won = Decision.Outcome.AWARD

    def listed(first: int, second: int, reason: str = "") -> list[Choice]:
        return [Choice(idea.pk, won, first, reason), Choice(other.pk, won, second, reason)]

    for choices, refusal in (
        (listed(250_000, 200_000), NotAPrize),
        (listed(200_000, 200_000), TooManyOfAPrize),
        (listed(200_000, 300_000), DeviationUnexplained),
    ):
        with pytest.raises(refusal):
            prepare_decisions(round, choices, acting_user=cast.fan)
    prepare_decisions(round, listed(300_000, 200_000), acting_user=cast.fan)
    AwardTerms.objects.create(round=round, is_walked=True)
    suggestion = suggestion_of(Round.objects.select_related("rubric").get(pk=round.pk))
    assert suggestion is not None
    assert [one.awarded_fen for one in suggestion.lines] == [300_000, 200_000]
    prepare_decisions(round, listed(300_000, 200_000), acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)

    notice, _words = announced(cast, Round.objects.get(pk=round.pk))

    assert [one["prize"] for one in notice.snapshot["projects"]] == ["一等奖", "二等奖"]
    assert "拟奖励一等奖 1 个、二等奖 1 个" in notice.snapshot["how_decided"][-1]
    assert notice.snapshot["heads"][0] == "作品名称"
    assert how_decided(notice.round, [])[-1] == "这次没有拟获奖的，奖项空缺。"
    assert "一等奖 1 名" in notice.snapshot["rules"][0]
    told = Message.objects.filter(to_user=cast.en, kind="ventures.result").order_by("pk")
    assert "二等奖 ¥2,000.00" in told[0].body
    assert "结果：获奖" in told[1].body


def test_a_prize_that_fell_free_goes_to_the_next_in_rank(cast: Cast):
    """What was published stays: of those without a prize the best has the one that fell free, by
    the rules as by a meeting of its own."""
    round = called(cast, purpose="prize", fund_fen=500_000, cap_fen=300_000)
    write_prizes(
        round,
        [
            {"name": "一等奖", "places": 1, "amount_fen": 300_000},
            {"name": "二等奖", "places": 1, "amount_fen": 200_000},
        ],
    )
    filed_by_anan(cast, round)
    third = make_proposal(round, cast.organisations["banrixian"], created_by=cast.pan, budget=False)
    submit_proposal(third, acting_user=cast.pan)
    AwardTerms.objects.create(round=round, is_walked=True)
    round = judged(cast, round)
    ranked = list(round.proposals.order_by("code"))
    awards = suggestion_of(round).awards
    assert [awards[one.code] for one in ranked] == [300_000, 200_000, 0]
    choices = [
        Choice(one.pk, Decision.Outcome.AWARD, awards[one.code])
        if awards[one.code]
        else Choice(one.pk, Decision.Outcome.RESERVE, 0, "候补")
        for one in ranked
    ]
    prepare_decisions(round, choices, acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    round = Round.objects.get(pk=round.pk)
    notice = publish_notice(
        round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan
    )
    zhu = verify(cast.zhu, cast.chen)
    objection = file_objection(
        notice, Objecting(facts="照抄的", phone="10012345678", proposal=ranked[0]), acting_user=zhu
    )

    answer_objection(objection, "uphold", answer="查实", acting_user=cast.fan)

    round.refresh_from_db()
    (up,) = promotable_in(round)
    assert (up.proposal, up.listed_fen, up.listed) == (ranked[2], 300_000, "一等奖 ¥3,000.00")
    # Without rules the page offers what is free, the prize that fell first.
    by_meeting = replace(up, listed_fen=None)
    offered = PromotionForm(round=round, there=[by_meeting]).fields[f"amount_{ranked[2].pk}"]
    assert ([value for value, _label in offered.choices], offered.initial) == (["", "3000"], "3000")
    record_promotion(
        round,
        [Choice(ranked[2].pk, Decision.Outcome.AWARD, 300_000)],
        meeting=make_meeting(cast.fan, number="演 19 号"),
        acting_user=cast.fan,
    )
    assert standing_awards(round) == {ranked[1].code: 200_000, ranked[2].code: 300_000}


def test_a_title_is_given_without_money(cast: Cast, client):
    round = called(cast, purpose="designation", honour="七彩示范项目", fund_fen=0, cap_fen=0)
    filed_by_anan(cast, round)
    round = judged(cast, round)
    assert suggestion_of(round) is None

    prepare_decisions(round, choices_for(round, 0), acting_user=cast.fan)
    record_resolution(round, meeting=make_meeting(cast.fan), acting_user=cast.fan)
    notice, words = announced(cast, Round.objects.get(pk=round.pk))

    award = Award.objects.get()
    assert (award.amount_fen, award.transfer_id) == (0, None)
    assert notice.title.endswith("拟授牌名单的公示")
    assert "拟授予 1 个“七彩示范项目”，不设资金。" in notice.snapshot["how_decided"]
    assert words["total_fen"] == 0
    # Neither page nor paper has a column of money, and both say which title it is.
    paper = announcement_paper(notice.announcements.get())
    assert [len(row) for row in (paper["heads"], *paper["projects"])] == [4, 4]
    assert (paper["total"], len(notice_paper(notice)["heads"])) == ("", 4)
    assert paper["given"] == "授予下列项目“七彩示范项目”，不设资金。"
    for name, number in (("notice-pdf", []), ("announcement-pdf", [1])):
        url = reverse(f"ventures:{name}", args=[notice.code, *number])
        assert client.get(url).content.startswith(b"%PDF")
    told = Message.objects.filter(to_user=cast.anan, kind="ventures.result").order_by("pk")
    assert "拟授予“七彩示范项目”，不设资金。" in told[0].body
    lost = Message.objects.filter(to_user=cast.en, kind="ventures.result").order_by("pk")
    assert "这次没有授予“七彩示范项目”" in lost[0].body
    won = Proposal.objects.select_related("round").get(pk=award.proposal_id)
    assert [stage_of(won, "立项"), str(outcome_of(won).label)] == ["授牌", "授牌"]
