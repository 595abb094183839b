"""A city round that went all the way to its public notice: rules of award stated with the call,
three reviewers' sheets, the list by the rules, the meeting, letters, and one objection that waits.
"""

from datetime import date, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.applicants import Applicant
from config.demo.cast import Cast
from config.demo.small_rounds import Filed, at, blank_pdf, city_values, score, take_to_review
from config.demo.volunteers import SEED
from ventures.models import AwardTerms, Decision, Proposal, Resolution, Round, Rubric
from ventures.rules.meetings import MeetingCount
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notices import usual_terms_of
from ventures.services.award_terms import Scoring, set_award_rules
from ventures.services.decisions import Choice, Meeting, prepare_decisions, record_resolution
from ventures.services.notices import publish_notice
from ventures.services.objections import Objecting, file_objection

FILED = (
    Filed("O4", "QC2026-X-0003", "巷口邻里修补角", 0.90),
    Filed("O5", "QC2026-X-0002", "桥头纳凉夜话", 0.84),
    Filed("O7", "QC2026-X-0003", "河畔清水小队", 0.78),
    Filed("O9", "QC2026-X-0003", "皮影进楼道", 0.66),
)
FUND_FEN = 2_500_000
Outcome = Decision.Outcome


def story_values(today: date) -> dict[str, Any]:
    """What is this round's own among the values every demo round has."""
    year = today.year
    return city_values(
        today,
        code=f"{year}-autumn",
        number_prefix=f"QC{year}-A",
        name=f"{year} 年市级秋季邻里微项目",
        document_number=f"海民（演示）〔{year}〕7 号",
        about="两万五千元的小盘子，按写明的规则排名单，会议决定。",
        timetable="形式审查；评审会；集体决策；公示 5 个工作日。",
        fund_fen=FUND_FEN,
        opened_days_ago=60,
    )


def tell_award_story(
    cast: Cast,
    values: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    today: date,
) -> None:
    """From the draft to an objection, through the services people use."""
    officer = cast.people["fan"]
    round = take_to_review(
        values, _state_rules, FILED, applicants, papers, lines=4, officer=officer
    )
    score(
        round,
        [cast.people[key] for key in ("shen", "lu", "qian")],
        FILED,
        comment="需求清楚，做法实在。",
        spread=0.04,
        seed=SEED + 6,
        officer=officer,
        place="海宁市社会组织服务中心（演示）",
        meets_at=at(today - timedelta(days=6), time(13, 30)),
    )
    _decide(cast, round, today)
    notice = publish_notice(round, terms=usual_terms_of(round, today), acting_user=officer)
    objector = applicants["O9"]
    file_objection(
        notice,
        Objecting(
            facts="巷口修补角去年在同一社区办过，申报书没有写明，请核对是否重复资助。",
            phone="10000000007",
            proposal=Proposal.objects.get(round=round, title=FILED[0].title),
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
            else Choice(line.proposal.pk, Outcome.RESERVE, 0, line.why)
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
            count=MeetingCount(expected=9, present=8, in_favour=8),
        ),
        acting_user=officer,
    )
