"""A round of ideas, from the call to the public notice: no budget, prizes by rank."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Region
from config.demo.applicants import Applicant
from config.demo.cast import HAINING, Cast
from config.demo.days import after, as_of, before
from config.demo.proposals import file_proposal
from config.demo.scores import round_half
from config.demo.small_rounds import blank_pdf
from ventures.models import AwardTerms, Decision, Resolution, Review, Round, Rubric
from ventures.rules.rounds import publishers_of
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notices import usual_terms_of
from ventures.services.assignments import PanelTerms, name_reviewers, sign_commitment
from ventures.services.award_terms import Scoring, set_award_rules
from ventures.services.decisions import Choice, Meeting, prepare_decisions, record_resolution
from ventures.services.notices import publish_notice
from ventures.services.reviews import close_panel, open_sheet, save_review, submit_review
from ventures.services.round_publishing import propose_round, publish_round
from ventures.services.rounds import begin_review, create_round, tier_presets
from ventures.services.screening import accept_proposal
from ventures.services.sheet_contents import ItemContent, SheetContent

IDEAS = (
    ("O4", "QC2026-X-0003", "旧校服变书包", 0.9),
    ("O5", "QC2026-X-0002", "阳台菜地结对子", 0.86),
    ("O7", "QC2026-X-0003", "河边捡跑队", 0.7),
)
PRIZES = (("一等奖", 1, 400_000), ("二等奖", 1, 200_000))
FUND_FEN = sum(places * fen for _name, places, fen in PRIZES)
Outcome = Decision.Outcome


def load_prize(
    cast: Cast,
    terms: dict[str, Any],
    applicants: dict[str, Applicant],
    papers: dict[str, dict[str, Any]],
    *,
    today: date,
) -> None:
    """Three ideas and two prizes of different size: by rank, decided by a meeting, on notice."""
    fan = cast.people["fan"]
    values = terms | {
        "year": today.year,
        "code": f"{today.year}-ideas",
        "number_prefix": f"QC{today.year}-I",
        "name": f"{today.year} 年社区治理金点子征集",
        "purpose": Round.Purpose.PRIZE,
        "level": Round.Level.CITY,
        "region": Region.objects.current().get(code=HAINING),
        "operator": None,
        "not_funded": "",
        "eligibility": "谁有好点子都可以；个人要先实名核验，一届限报一个。",
        "document_number": f"海民（演示）〔{today.year}〕15 号",
        "sponsor_names": ["海宁市民政局（演示）"],
        "about": "不用做预算，说清楚点子就行；评上的发奖金，好点子列入下一年的征集指引。",
        "timetable": "形式审查；评审会；集体决策；公示 5 个工作日。",
        "address": "海宁市海洲街道（演示地址）",
        "fund_fen": FUND_FEN,
        "cap_fen": PRIZES[0][2],
        "rubric": Rubric.objects.get(is_preset=True, name__startswith="金点子评分表"),
        "opens_at": _at(today - timedelta(days=45), time(9)),
        "closes_at": _at(today - timedelta(days=12), time(17)),
    }
    sources = [{"kind": "lottery", "name": "", "amount_fen": FUND_FEN}]
    prizes = [{"name": name, "places": n, "amount_fen": fen} for name, n, fen in PRIZES]
    with before(values["opens_at"]):
        draft = create_round(
            values, tier_presets()[:1], sources=sources, prizes=prizes, acting_user=fan
        )
        _by_rank(draft, fan)
        proposed = propose_round(draft, acting_user=fan)
        round = publish_round(proposed, acting_user=publishers_of(proposed)[0])
    with before(round.closes_at):
        for body, number, title, _quality in IDEAS:
            proposal = file_proposal(
                round, papers[number] | {"title": title}, applicants[body], is_done=True
            )
            accept_proposal(proposal, note="材料齐全", acting_user=fan)
    with after(round.closes_at):
        round = begin_review(round, acting_user=fan)
    met_on = today - timedelta(days=5)
    with as_of(met_on):
        _score(cast, round, met_on)
    _decide(cast, Round.objects.select_related("rubric", "region").get(pk=round.pk), today)


def _by_rank(draft: Round, officer: Any) -> None:
    set_award_rules(
        draft,
        Scoring(Rubric.Aggregate.MEAN, 5, {}, frozenset()),
        {
            "is_walked": True,
            "misfit": AwardTerms.Misfit.STOP,
            "partial_percent": None,
            "threshold_half_points": 120,
            "releases_reserves": False,
            "tie_order": AwardTerms.TieOrder.CRITERIA,
            "notice_counting": AwardTerms.Counting.WORKING,
            "names_experts": False,
            "publishes_reasons": False,
            "publishes_counterfactuals": False,
        },
        [],
        notice_days=5,
        publishes_scores=False,
        acting_user=officer,
    )


def _score(cast: Cast, round: Round, met_on: date) -> None:
    reviewers = [cast.people[key] for key in ("shen", "lu", "qian")]
    panel = name_reviewers(
        round,
        reviewers,
        terms=PanelTerms(
            place="海宁市社会组织服务中心（演示）",
            meets_at=_at(met_on, time(9, 30)),
            counter="计票人（演示）",
            supervisor="关大爷",
            chair=reviewers[0],
        ),
        acting_user=cast.people["fan"],
    )
    qualities = {title: quality for _body, _number, title, quality in IDEAS}
    assert round.rubric is not None, "reviewed_round_has_rubric"
    criteria = list(round.rubric.criteria.all())
    for member in panel.members.select_related("reviewer"):
        sign_commitment(member, acting_user=member.reviewer)
        for assignment in member.assignments.standing().select_related("proposal"):
            review = open_sheet(assignment, acting_user=member.reviewer)
            quality = qualities[assignment.proposal.title]
            content = SheetContent(
                items=tuple(
                    ItemContent(one.pk, round_half(one.max_half_points * quality), "")
                    for one in criteria
                ),
                comment="点子新，邻里一看就会。",
                suggested_fen=0,
                recommendation=Review.Recommendation.APPROVE,
            )
            save_review(review, content, acting_user=member.reviewer)
            submit_review(review, acting_user=member.reviewer)
    close_panel(panel, acting_user=cast.people["fan"])


def _decide(cast: Cast, round: Round, today: date) -> None:
    fan = cast.people["fan"]
    suggestion = suggestion_of(round)
    assert suggestion is not None, "the call states rules"
    choices = [
        Choice(line.proposal.pk, Outcome.AWARD, line.awarded_fen)
        if line.is_funded
        else Choice(line.proposal.pk, Outcome.DECLINE, 0, line.why)
        for line in suggestion.lines
    ]
    prepare_decisions(round, choices, acting_user=fan)
    record_resolution(
        round,
        meeting=Meeting(
            kind=Resolution.Kind.PARTY_GROUP,
            name="局党组会（演示）",
            held_on=today - timedelta(days=2),
            number=f"海民党组（演示）〔{today.year}〕21 号",
            minutes=SimpleUploadedFile("会议纪要.pdf", blank_pdf("会议纪要"), "application/pdf"),
        ),
        acting_user=fan,
    )
    round.refresh_from_db()
    publish_notice(round, terms=usual_terms_of(round, today), acting_user=fan)


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
