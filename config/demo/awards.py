"""A city round that went all the way to its public notice: rules of award stated with the call,
three reviewers' sheets, the list by the rules, the meeting, letters, and one objection that waits.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Region
from accounts.services.papers import typeset
from config.demo.applicants import Applicant
from config.demo.cast import HAINING, Cast
from config.demo.proposals import file_proposal
from config.demo.scores import round_half
from config.demo.volunteers import SEED
from ventures.models import AwardTerms, Decision, Proposal, Resolution, Review, Round, Rubric
from ventures.rules.rounds import publishers_of
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notices import usual_terms_of
from ventures.services.assignments import PanelTerms, name_reviewers, sign_commitment
from ventures.services.award_terms import Scoring, set_award_rules
from ventures.services.decisions import Choice, Meeting, prepare_decisions, record_resolution
from ventures.services.notices import publish_notice
from ventures.services.objections import Objecting, file_objection
from ventures.services.reviews import (
    close_panel,
    open_sheet,
    save_review,
    submit_review,
)
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import begin_review, create_round, tier_presets
from ventures.services.screening import accept_proposal
from ventures.services.sheet_contents import ItemContent, SheetContent

FILED = (
    ("O4", "QC2026-X-0003", "巷口邻里修补角", 0.90),
    ("O5", "QC2026-X-0002", "桥头纳凉夜话", 0.84),
    ("O7", "QC2026-X-0003", "河畔清水小队", 0.78),
    ("O9", "QC2026-X-0002", "皮影进楼道", 0.52),
)
FUND_FEN = 2_500_000
Outcome = Decision.Outcome


def story_values(today: date) -> dict[str, Any]:
    """What is this round's own among the values every demo round has."""
    year = today.year
    return {
        "year": year,
        "code": f"{year}-autumn",
        "number_prefix": f"QC{year}-A",
        "name": f"{year} 年市级秋季邻里微项目",
        "level": Round.Level.CITY,
        "region": Region.objects.current().get(code=HAINING),
        "operator": None,
        "document_number": f"海民（演示）〔{year}〕7 号",
        "sponsor_names": ["海宁市民政局（演示）"],
        "about": "两万五千元的小盘子，按写明的规则排名单，会议决定。",
        "timetable": "形式审查；评审会；集体决策；公示 5 个工作日。",
        "sources": [{"kind": "lottery", "name": "", "amount_fen": FUND_FEN}],
        "address": "海宁市海洲街道（演示地址）",
        "fund_fen": FUND_FEN,
        "cap_fen": 2_000_000,
        "rubric": Rubric.objects.get(is_preset=True, name__startswith="标准评分表"),
        "opens_at": _at(today - timedelta(days=60), time(9)),
        "closes_at": timezone.now() + timedelta(hours=1),
    }


def tell_award_story(
    cast: Cast,
    values: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    today: date,
) -> None:
    """From the draft to an objection, through the services people use."""
    officer = cast.people["fan"]
    sources = values.pop("sources")
    draft = create_round(values, tier_presets(), sources=sources, acting_user=officer)
    _state_rules(draft, officer)
    proposed = propose_round(draft, acting_user=officer)
    round = publish_round(proposed, acting_user=publishers_of(proposed)[0])
    for body, number, title, _quality in FILED:
        paper = papers[number] | {"title": title, "budget": papers[number]["budget"][:4]}
        proposal = file_proposal(round, paper | {"applicant": body}, applicants[body], is_done=True)
        accept_proposal(proposal, note="材料齐全", acting_user=officer)
    Round.objects.filter(pk=round.pk).update(closes_at=_at(today - timedelta(days=20), time(17)))
    begin_review(round, acting_user=officer)
    _score(cast, round, today)
    _decide(cast, round, today)
    notice = publish_notice(round, terms=usual_terms_of(round, today), acting_user=officer)
    objector = applicants["O9"]
    file_objection(
        notice,
        Objecting(
            facts="巷口修补角去年在同一社区办过，申报书没有写明，请核对是否重复资助。",
            phone="10000000007",
            proposal=Proposal.objects.get(round=round, title=FILED[0][2]),
            organisation=objector.organisation,
            evidence=SimpleUploadedFile("盖章异议书.pdf", blank_pdf("异议书"), "application/pdf"),
        ),
        acting_user=objector.manager,
    )


def _state_rules(draft: Round, officer: Any) -> None:
    set_award_rules(
        draft,
        Scoring(Rubric.Aggregate.TRIMMED_MEAN, 5, {}, frozenset()),
        {
            "is_walked": True,
            "misfit": AwardTerms.Misfit.SKIP,
            "partial_percent": 60,
            "threshold_half_points": None,
            "releases_reserves": True,
            "tie_order": AwardTerms.TieOrder.CRITERIA,
            "notice_counting": AwardTerms.Counting.WORKING,
            "names_experts": True,
            "publishes_reasons": False,
            "publishes_counterfactuals": False,
        },
        [{"kind": "reserve", "over": "kind", "value": "governance", "percent": 40}],
        notice_days=5,
        publishes_scores=False,
        acting_user=officer,
    )


def _score(cast: Cast, round: Round, today: date) -> None:
    reviewers = [cast.people[key] for key in ("shen", "lu", "qian")]
    panel = name_reviewers(
        round,
        reviewers,
        terms=PanelTerms(
            place="海宁市社会组织服务中心（演示）",
            meets_at=_at(today - timedelta(days=6), time(13, 30)),
            counter="计票人（演示）",
            supervisor="关大爷",
            chair=reviewers[0],
        ),
        acting_user=cast.people["fan"],
    )
    qualities = {title: quality for _body, _number, title, quality in FILED}
    chance = Random(SEED + 6)
    for member in panel.members.select_related("reviewer"):
        sign_commitment(member, acting_user=member.reviewer)
        for assignment in member.assignments.standing().select_related("proposal"):
            review = open_sheet(assignment, acting_user=member.reviewer)
            quality = qualities[assignment.proposal.title] + chance.uniform(-0.04, 0.04)
            assert round.rubric is not None, "reviewed_round_has_rubric"
            content = SheetContent(
                items=tuple(
                    ItemContent(one.pk, round_half(one.max_half_points * quality), "说明")
                    for one in round.rubric.criteria.all()
                ),
                comment="需求清楚，做法实在。",
                suggested_fen=assignment.proposal.requested_fen,
                recommendation=Review.Recommendation.APPROVE,
            )
            save_review(review, content, acting_user=member.reviewer)
            submit_review(review, acting_user=member.reviewer)
    close_panel(panel, acting_user=cast.people["fan"])


def _decide(cast: Cast, round: Round, today: date) -> None:
    officer = cast.people["fan"]
    round.refresh_from_db()
    suggestion = suggestion_of(round)
    assert suggestion is not None, "the call states rules"
    prepare_decisions(
        round,
        [
            Choice(line.proposal.pk, Outcome.AWARD, line.awarded_fen, "", needs_revision=place == 0)
            if line.is_funded
            else Choice(line.proposal.pk, Outcome.DECLINE, 0, line.why)
            for place, line in enumerate(suggestion.lines)
        ],
        acting_user=officer,
    )
    record_resolution(
        round,
        meeting=Meeting(
            kind=Resolution.Kind.PARTY_GROUP,
            name="局党组会（演示）",
            held_on=today - timedelta(days=1),
            number=f"海民党组（演示）〔{today.year}〕18 号",
            minutes=SimpleUploadedFile("会议纪要.pdf", blank_pdf("会议纪要"), "application/pdf"),
        ),
        acting_user=officer,
    )


def blank_pdf(title: str) -> bytes:
    """One page that says what it stands for."""
    blank = {"round": "演示", "foot": "演示", "facts": [], "items": []}
    words = ("project", "applicant", "requested", "note", "total_label", "total")
    labels = {"reviewer_label": "", "date_label": "", "heads": ["", "", "", ""]}
    return typeset(
        "ventures/papers/review.typ",
        {"title": title, **blank, **dict.fromkeys(words, ""), **labels},
    )


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
