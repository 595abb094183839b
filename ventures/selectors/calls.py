"""What a call says to machines and on paper: the same facts as its page, gathered once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.templatetags.kit import count, moment, yuan
from ventures.models import Need, ProjectKind, Round
from ventures.models.rounds import RoundQuerySet
from ventures.rules.timetable import all_in_at
from ventures.selectors.applicants import conditions_of
from ventures.selectors.call_terms import CallTerms, terms_for_machines, terms_of_call
from ventures.selectors.condition_words import conditions_in_words
from ventures.selectors.papers import marked
from ventures.selectors.prizes import prizes_for_machines, prizes_of
from ventures.selectors.round_stops import ended_for_machines, ended_of, ended_on_paper
from ventures.selectors.rounds import is_taking_proposals, phase_of, tiers_within_cap

DESIGNATION = Round.Purpose.DESIGNATION


def whole_calls() -> RoundQuerySet:
    """Rounds with everything their call says."""
    return Round.objects.select_related(
        "programme", "region", "operator", "rubric"
    ).prefetch_related("tracks", "tiers", "sources", "rubric__criteria", "needs__region")


def call_for_machines(round: Round, now: datetime, *, link: Callable[[str], str]) -> dict[str, Any]:
    """Every fact of the call; the fields are described in `docs/open-calls.md`."""
    return {
        "code": round.code,
        "name": round.name,
        "programme": {"code": round.programme.code, "name": round.programme.name},
        "purpose": round.purpose,
        "honour": round.honour or None,
        "year": round.year,
        "level": round.level,
        "region": {"code": round.region.code, "name": round.region.name},
        "phase": str(phase_of(round, now)),
        "state": Round.State.IN_REVIEW if round.state == Round.State.DECIDED else round.state,
        "stopped": ended_for_machines(round),
        "accepts_proposals": is_taking_proposals(round, now),
        "opens_at": round.opens_at.astimezone().isoformat(),
        "closes_at": round.closes_at.astimezone().isoformat(),
        "time_zone": "Asia/Shanghai",
        "grace_minutes": round.grace_minutes,
        "sealed_until": all_in_at(round).astimezone().isoformat() if round.is_sealed else None,
        "closings": [
            {"track": one.track.code, "closes_at": one.closes_at.astimezone().isoformat()}
            for one in round.track_closings.select_related("track")
        ],
        "stages": [
            {
                "kind": stage.kind,
                "begins_at": stage.begins_at.astimezone().isoformat(),
                "ends_at": stage.ends_at.astimezone().isoformat(),
                "place": stage.place,
            }
            for stage in round.stages.all()
        ],
        "signature_due_on": round.signature_due_on and round.signature_due_on.isoformat(),
        "fund_fen": round.fund_fen if round.has_money else None,
        "cap_fen": round.cap_fen if round.has_money else None,
        "prizes": prizes_for_machines(prizes_of(round)),
        "fund_sources": [
            {"kind": source.kind, "name": str(source), "amount_fen": source.amount_fen}
            for source in round.sources.all()
        ],
        "document_number": round.document_number,
        "sponsors": round.sponsor_names,
        "operator": round.operator.name if round.operator else None,
        "about": round.about,
        "eligibility": round.eligibility,
        "not_funded": round.not_funded,
        "conditions": _conditions(round),
        "needs": [
            {
                "number": need.number,
                "title": need.title,
                "place": {"code": need.region.code, "name": need.region.short_name},
                "people": need.people,
                "url": link(need.get_absolute_url()),
            }
            for need in needs_called_for(round)
        ],
        "tracks": [{"code": track.code, "name": track.name} for track in round.tracks.all()],
        "kinds": round.kinds,
        "tiers": [
            {
                "name": tier.name,
                "upto_fen": tier.upto_fen,
                "form": tier.form,
                "budget_line_limit": tier.budget_line_limit,
                "review": tier.review_kind,
                "panel_size": tier.panel_size,
                "tranche_percents": tier.tranches if round.has_money else [],
                "midterm": tier.midterm_kind,
                "closing": tier.closing_kind,
                "audit_percent": tier.audit_percent,
            }
            for tier in round.tiers.all()
        ],
        "rubric": [
            {"name": criterion.name, "points": float(criterion.max_points)}
            for criterion in (round.rubric.criteria.all() if round.rubric else [])
        ],
        **terms_for_machines(round, terms_of_call(round, now)),
        "contact": {
            "name": round.contact_name,
            "phone": round.contact_phone,
            "address": round.address,
        },
        "supervision_phone": round.supervision_phone,
        "url": link(round.get_absolute_url()),
        "is_demo": round.is_demo,
    }


def needs_called_for(round: Round) -> list[Need]:
    """The 征集指引: what the community lacks and this round asks projects for, by number."""
    return sorted(round.needs.all(), key=lambda need: need.pk)


def _conditions(round: Round) -> list[dict[str, Any]]:
    asked = conditions_of(round)
    return [
        {
            "check": one.check,
            "applicant_kind": one.applicant_kind,
            "figure": one.figure,
            "kinds": list(one.kinds),
            "above_fen": one.above_fen,
            "is_hard": one.is_hard,
            "words": said.words,
        }
        for one, said in zip(asked, conditions_in_words(asked), strict=True)
    ]


def _paper_title(round: Round) -> str:
    """In the name's own words: nothing is said twice of a name that ends in 项目 or 征集."""
    ends = round.name[-2:]
    if ends == "征集" or not round.has_budget:  # not shown: compared with a name
        return _("关于开展%(name)s的公告") % {"name": round.name}
    if ends == "项目":  # not shown: compared with a name
        return _("关于征集%(name)s的公告") % {"name": round.name}
    return _("关于征集%(name)s项目的公告") % {"name": round.name}


def call_paper(round: Round, now: datetime, *, link: str) -> dict[str, Any]:
    """The 征集公告 on A4: who calls for what, with how much, until when, whom to ask."""
    terms = terms_of_call(round, now)
    return {
        "title": _paper_title(round),
        "number": round.document_number,
        "sections": [section for section in _sections(round, terms) if section[1]],
        "money_label": _("资金"),
        "money": _money_rows(round),
        "tiers_label": _("档次"),
        "tier_heads": [_("档次"), _("申请额不超过"), _("申报表"), _("评审"), _("拨款"), _("结项")],
        "tiers": [_tier_row(round, tier) for tier in tiers_within_cap(round)]
        if round.has_budget
        else [],
        "rubric_label": _("怎么评分（满分 100 分）"),
        "needs_label": _("本轮要回应的社区需求（征集指引）"),
        "need_heads": [_("编号"), _("缺什么"), _("在哪里"), _("大约多少人")],
        "needs": [
            [need.number, need.title, need.region.short_name, count(need.people)]
            for need in needs_called_for(round)
        ],
        "timetable_label": _("日程"),
        "timetable_heads": [_("阶段"), _("开始"), _("结束"), _("地点")],
        "timetable": [
            [str(one.label), moment(one.begins_at), moment(one.ends_at), one.place]
            for one in terms.timetable
        ],
        "rubric": [
            [f"{one.name}（{one.counts}）" if one.counts else one.name, one.points]
            for one in terms.scored
        ],
        "rules": [
            [label, lines]
            for label, lines in (
                (_("得分怎么算"), [*terms.scoring, *_veto_lines(terms.vetoes)]),
                (_("名单怎么排"), terms.awards),
                (_("公示"), terms.notice),
            )
            if lines
        ],
        "rubric_heads": [_("评审指标"), _("满分")],
        "contacts_label": _("联系方式"),
        "contacts": [row for row in _contact_rows(round, link) if row[1]],
        "issuers": round.sponsor_names,
        "date": _date_of(round),
        "foot": marked(f"{round.code} · {link}", round),
    }


def _veto_lines(vetoes: list[str]) -> list[str]:
    if not vetoes:
        return []
    return [_("有下列情形的不予立项：%(what)s。") % {"what": "、".join(vetoes)}]


def _sections(round: Round, terms: CallTerms) -> list[tuple[str, str]]:
    tracks = "、".join(track.name for track in round.tracks.all())
    kinds = "、".join(str(ProjectKind(kind).label) for kind in round.kinds)
    ended = ended_of(round)
    return [
        (_("征集已终止"), ended_on_paper(ended) if ended else ""),
        (_("征集什么"), round.about),
        (_("为谁做"), f"{tracks}（{kinds}）" if tracks else kinds),
        (_("谁可以申报"), _who_may_apply(round)),
        (_("不予资助的支出"), round.not_funded),
        (
            _("申报时间"),
            "\n".join(
                [
                    (
                        _(
                            "项目概要：%(opens)s 至 %(closes)s（北京时间），"
                            "网上提交为准，到时准点停止接收。"
                        )
                        if round.has_concepts
                        else _(
                            "%(opens)s 至 %(closes)s（北京时间），网上提交为准，到时准点停止接收。"
                        )
                    )
                    % {"opens": moment(round.opens_at), "closes": moment(round.closes_at)},
                    *terms.closes,
                ]
            ),
        ),
        (_("后续安排"), round.timetable),
        (_("申报辅导"), round.coaching),
    ]


def _who_may_apply(round: Round) -> str:
    """The office's own words, then every condition as a sentence."""
    asked = [
        f"{one.whom}：{one.words}" if one.whom else one.words
        for one in conditions_in_words(conditions_of(round))
    ]
    return "\n".join([round.eligibility, *asked]).strip()


def _money_rows(round: Round) -> list[list[str]]:
    if not round.has_money:
        return [[_("授予名称"), round.honour], [_("资金"), _("本项评选不设资金")]]
    return [
        [_("资金总额"), yuan(round.fund_fen)],
        *(
            [
                _("%(name)s（%(places)d 名）") % {"name": one.name, "places": one.places},
                _("每名 %(sum)s") % {"sum": yuan(one.amount_fen)},
            ]
            for one in prizes_of(round)
        ),
        *([] if prizes_of(round) else [[_("单个项目最多"), yuan(round.cap_fen)]]),
        *(
            [
                _("来源：%(kind)s") % {"kind": source.get_kind_display()},
                f"{source.name} {yuan(source.amount_fen)}".strip(),
            ]
            for source in round.sources.all()
        ),
    ]


def _tier_row(round: Round, tier: Any) -> list[str]:
    return [
        tier.name,
        yuan(tier.upto_fen) if round.has_money else "—",
        str(tier.get_form_display()),
        str(tier.review_words or tier.get_review_kind_display()),
        "/".join(str(part) for part in tier.tranches) + "%" if round.has_money else "—",
        str(tier.get_closing_kind_display()),
    ]


def _contact_rows(round: Round, link: str) -> list[list[str]]:
    return [
        [_("主办单位"), round.sponsors],
        [_("承办单位"), round.operator.name if round.operator else ""],
        [_("联系人"), round.contact_name],
        [_("联系电话"), round.contact_phone],
        [_("受理地址"), round.address],
        [_("监督电话"), round.supervision_phone],
        [_("网上申报"), link],
    ]


def _date_of(round: Round) -> str:
    published = round.published_at
    return _("未发布的草稿") if published is None else moment(published).split(" ")[0]
