"""Rounds as pages ask about them: what is open, how a round stands, what it lacks."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Change, User
from accounts.templatetags.kit import yuan
from ventures.models import Proposal, Round, Rubric, Tier
from ventures.models.deadlines import sealed
from ventures.models.rounds import OVER
from ventures.models.rubrics import FULL_HALF_POINTS
from ventures.rules import rounds as round_rules
from ventures.rules.rubrics import full_halves
from ventures.rules.schedule import problems_of
from ventures.rules.timetable import all_in_at, closes_at_of, schedule_of

type Words = str | Promise

S = Proposal.State


@dataclass(frozen=True)
class Step:
    """One stage of a round as the steps component shows it."""

    label: Words
    state: str
    when: datetime | None = None
    text: Words = ""
    who: Words = ""
    url: str = ""


def listed(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with what a list shows of them."""
    return rounds.select_related("programme", "region", "operator").annotate(
        filed=Count(
            "proposals",
            filter=Q(proposals__submitted_at__isnull=False)
            & ~Q(proposals__state__in=[S.DRAFT, S.WITHDRAWN])
            & ~sealed(),
        )
    )


def open_rounds(now: datetime) -> QuerySet[Round]:
    """Rounds that take proposals now, the one closing first on top."""
    return listed(Round.objects.open_at(now)).order_by("closes_at", "id")


def other_rounds(now: datetime) -> QuerySet[Round]:
    """Published rounds that take no proposals now, latest first."""
    rounds = Round.objects.public().exclude(pk__in=Round.objects.open_at(now).values("pk"))
    return listed(rounds).order_by("-closes_at", "-id")


def is_taking_proposals(round: Round, now: datetime) -> bool:
    """Whether a proposal handed in at this instant would be in time."""
    return round.state == Round.State.OPEN and round.opens_at <= now < round.closes_at


def phase_of(round: Round, now: datetime) -> Words:
    """The public's word for where a round stands, the clock included."""
    if round.state == Round.State.OPEN and now < round.opens_at:
        return _("即将开始")
    if round.is_filing and now < closes_at_of(round):
        if round.takes_full:
            return _("入围的填写完整申报书")
        return _("征集项目概要") if round.has_concepts else _("征集中")
    if round.is_filing and now < all_in_at(round):
        return _("已截止，宽限提交中")
    if round.is_filing:
        is_first_step = round.has_concepts and not round.takes_full
        return _("概要已截止，遴选中") if is_first_step else _("已截止，形式审查中")
    return Round.State(round.state).public_label


def desk_phase_of(round: Round, now: datetime) -> Words:
    """The office's word: it knows of the meeting before the public does."""
    if round.is_filing:
        return phase_of(round, now)
    return Round.State(round.state).label


def steps_of(round: Round, now: datetime) -> list[Step]:
    """From call to final list, with where the round is now; the two steps of filing where it has
    them. Of a round that was ended: how far it came."""
    if round.is_stopped:
        return [
            replace(step, state="stopped") if step.state == "current" else step
            for step in steps_of(as_it_was_ended(round), now)
        ]
    off = (Round.State.FULL, Round.State.STOPPED)
    order: list[Round.State] = [state for state in Round.State if state not in off]
    shown = Round.State.OPEN if round.takes_full else Round.State(round.state)
    at = order.index(shown)

    def mark(first: int, last: int) -> str:
        return "done" if at > last else "current" if at >= first else "todo"

    return [
        Step(_("发布征集公告"), mark(0, 1), when=round.published_at),
        *_filing_steps(round, now, is_filing=mark(2, 2)),
        Step(_("评审"), mark(3, 3)),
        Step(_("集体决策"), mark(4, 4)),
        Step(_("公示"), mark(5, 5)),
        Step(_("公告"), "done" if at == 6 else "todo"),
    ]


def as_it_was_ended(round: Round) -> Round:
    """A round that was ended, in the state it had then; not to be saved."""
    before = (
        Change.objects.filter(
            content_type=ContentType.objects.get_for_model(Round), object_id=round.pk, verb="stop"
        )
        .values_list("before", flat=True)
        .first()
    )
    ended = copy(round)
    ended.state = before or Round.State.OPEN
    return ended


def _filing_steps(round: Round, now: datetime, *, is_filing: str) -> list[Step]:
    """What comes in until when, and the screening after the last close."""
    is_closed = now >= all_in_at(round)
    is_last_step = round.takes_full or not round.has_concepts

    def mark(*, is_step: bool, over: bool) -> str:
        if is_filing != "current":
            return is_filing
        return "done" if over else "current" if is_step else "todo"

    filed = mark(is_step=is_last_step, over=is_last_step and is_closed)
    screened = mark(is_step=is_last_step and is_closed, over=False)
    screening = Step(_("形式审查"), screened)
    if not round.has_concepts:
        return [Step(_("申报"), filed, when=round.closes_at, text=_("截止时间")), screening]
    concepts = mark(is_step=not is_closed, over=is_last_step or is_closed)
    chosen = mark(is_step=is_closed, over=is_last_step)
    return [
        Step(_("交项目概要"), concepts, when=round.closes_at, text=_("截止时间")),
        Step(_("概要遴选"), chosen),
        Step(_("交完整申报书"), filed, when=round.full_closes_at, text=_("截止时间，限入围的")),
        screening,
    ]


def label_of(model: type[models.Model], name: str) -> Words:
    """The words of a model's field."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field | models.ManyToManyField), "a field, not a relation back"
    return field.verbose_name


def missing_for_call(round: Round) -> list[Words]:
    """What an applicant must know and the round does not say yet; empty when all is said."""
    missing: list[Words] = [
        label_of(Round, name)
        for name in (
            "name",
            "sponsor_names",
            "contact_name",
            "contact_phone",
            "supervision_phone",
            "eligibility",
        )
        if not getattr(round, name)
    ]
    missing += _missing_of_money(round)
    if not round.kinds:
        missing.append(_("项目类型"))
    if not round.tracks.exists():
        missing.append(_("服务人群"))
    tiers = list(round.tiers.all())
    if not tiers:
        missing.append(_("档次"))
    elif tiers[-1].upto_fen < round.cap_fen:
        missing.append(_("覆盖申请上限的档次"))
    if round.rubric is None:
        missing.append(_("评分标准"))
    elif not _adds_up(round, round.rubric):
        missing.append(_("合计 100 分的评分标准"))
    if problems_of(schedule_of(round)):
        missing.append(_("前后对得上的日程"))
    return missing


def _missing_of_money(round: Round) -> list[Words]:
    """Where the money comes from, to the fen; what is given where there is none."""
    if not round.has_money:
        return [] if round.honour else [_("授予的名称")]
    prizes = sum(one.total_fen for one in round.prizes.all())
    if round.purpose == Round.Purpose.PRIZE and prizes > round.fund_fen:
        return [_("不超过资金总额的奖项")]
    sources = list(round.sources.all())
    if not sources:
        return [_("资金来源")]
    total = sum(source.amount_fen for source in sources)
    if total == round.fund_fen:
        return []
    return [
        gettext("资金来源与总额一致（来源合计 %(total)s，总额 %(fund)s）")
        % {"total": yuan(total), "fund": yuan(round.fund_fen)}
    ]


def _adds_up(round: Round, rubric: Rubric) -> bool:
    """Whether what counts makes a hundred for each group that may apply."""
    codes: list[str | None] = [*round.tracks.values_list("code", flat=True)] or [None]
    return all(full_halves(rubric, code) == FULL_HALF_POINTS for code in codes)


def tiers_within_cap(round: Round) -> list[Tier]:
    """The tiers an application can fall into: those beyond the cap of a project are never met."""
    tiers = list(round.tiers.all())
    last = tier_for(tiers, round.cap_fen)
    return tiers[: tiers.index(last) + 1] if last else []


def tier_for(tiers: Sequence[Tier], requested_fen: int) -> Tier | None:
    """The lightest tier that takes this amount; the heaviest when none does."""
    for tier in tiers:
        if requested_fen <= tier.upto_fen:
            return tier
    return tiers[-1] if tiers else None


def rounds_to_publish(user: User) -> list[Round]:
    """Calls that wait for this person's second pair of eyes, the longest waiting first."""
    proposed = Round.objects.run_by(user).filter(state=Round.State.PROPOSED)
    return [
        round
        for round in proposed.select_related("region").order_by("proposed_at")
        if round_rules.may_publish(user, round)
    ]


def rounds_of_desk(user: User) -> QuerySet[Round]:
    """Rounds the person runs or watches over, unfinished first."""
    is_over = models.ExpressionWrapper(Q(state__in=OVER), output_field=models.BooleanField())
    return listed(Round.objects.run_by(user)).order_by(is_over, "closes_at", "id")
