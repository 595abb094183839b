"""Where reviewers come from: the pool, who was asked, what a draw had, who is tied to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from ventures.models import (
    Conflict,
    Expert,
    PanelMember,
    Proposal,
    ReviewerDraw,
    ReviewInvitation,
    ReviewPhase,
    ReviewPlan,
    Round,
)
from ventures.models.ties import tied_to
from ventures.rules import experts as rules
from ventures.rules.second_person import officers_of

R = ReviewInvitation.State
JUDGES = (Role.Kind.REVIEWER, Role.Kind.OFFICER, Role.Kind.OPERATOR)


def judges_named(round: Round, name: str) -> list[User]:
    """People of this name who judge or organise here; never told to whoever asked."""
    roles = Role.objects.active().filter(
        Q(kind__in=JUDGES, region__in=round.region.lineage)
        | Q(kind=Role.Kind.OPERATOR, organisation=round.operator_id)
    )
    in_pool = Expert.objects.for_round(round).filter(user__isnull=False)
    people = User.objects.filter(
        Q(pk__in=roles.values("user")) | Q(pk__in=in_pool.values("user")), display_name=name
    )
    return list(people[:2])


def plan_of(round: Round) -> ReviewPlan | None:
    """What the round does beyond the plain meeting; nothing where no option is on."""
    return ReviewPlan.objects.filter(round=round).first()


# The pool -------------------------------------------------------------------------------


@dataclass(frozen=True)
class PoolFilter:
    """What a list of the pool is narrowed to."""

    words: str = ""
    track: str = ""
    level: str = ""
    term: str = ""


def experts_shown(user: User, narrow: PoolFilter) -> QuerySet[Expert]:
    """The pools this office may use, as narrowed."""
    experts = Expert.objects.visible_to(user).select_related("region", "user")
    if narrow.words:
        experts = experts.filter(
            Q(name__icontains=narrow.words)
            | Q(employer__icontains=narrow.words)
            | Q(title__icontains=narrow.words)
        )
    if narrow.track:
        experts = experts.filter(tracks__code=narrow.track)
    if narrow.level:
        experts = experts.filter(levels__contains=[narrow.level])
    if narrow.term == "now":
        experts = experts.in_term()
    elif narrow.term == "over":
        experts = experts.filter(ends_on__lt=timezone.localdate())
    return experts.prefetch_related("tracks").order_by("region__code", "id")


def term_of(expert: Expert, day: date) -> tuple[str, str]:
    """How the mandate stands: words and tone."""
    if expert.ends_on is not None and expert.ends_on < day:
        return _("聘期已满"), "neutral"
    if expert.starts_on > day:
        return _("聘期未到"), "waiting"
    if expert.user_id is None:
        return _("还没有注册"), "waiting"
    return _("可邀请"), "done"


def askable_for(round: Round) -> QuerySet[Expert]:
    """Whom this round may ask today: in term, of its level, able to sign in, not asked already,
    not seated."""
    asked = ReviewInvitation.objects.filter(round=round, off_list_at__isnull=True)
    seated = PanelMember.objects.filter(panel__round=round)
    return (
        Expert.objects.for_round(round)
        .in_term()
        .askable()
        .exclude(user__in=asked.standing().values("user"))
        .exclude(user__in=seated.values("reviewer"))
        .select_related("user", "region")
        .prefetch_related("tracks")
        .order_by("region__code", "id")
    )


# Who was asked -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One invitation as the office reads it; why it was declined only where it may."""

    invitation: ReviewInvitation
    reason: str
    tone: str
    conflicts: int


TONES = {
    R.OPEN: "waiting", R.ACCEPTED: "done", R.DECLINED: "danger",
    R.WITHDRAWN: "neutral", R.LAPSED: "neutral",
}  # fmt: skip


def asked_in(round: Round, user: User) -> list[Asked]:
    """Who was asked and how it stands; what was taken off the list is left out."""
    rows = (
        ReviewInvitation.objects.filter(round=round, off_list_at__isnull=True)
        .select_related("expert", "user", "asked_by")
        .order_by("id")
    )
    told = dict(
        Conflict.objects.standing()
        .filter(proposal__round=round, source=Conflict.Source.REVIEWER)
        .values_list("person")
        .annotate(count=Count("pk"))
    )
    return [
        Asked(
            row,
            row.declined_for if rules.reads_reason(user, row) else "",
            TONES[R(row.state)],
            told.get(row.user_id, 0),
        )
        for row in rows
    ]


def invitations_of(user: User) -> QuerySet[ReviewInvitation]:
    """Without those she accepted and has a seat for: what came of them is her list itself."""
    seated = PanelMember.objects.filter(reviewer=user).values("panel__round")
    return (
        ReviewInvitation.objects.visible_to(user)
        .exclude(state=ReviewInvitation.State.ACCEPTED, round__in=seated)
        .select_related("round__region", "asked_by")
    )


def is_judged_blind(round: Round) -> bool:
    """Some phase hides who applies: whoever is asked reads who applies, and not for what."""
    return ReviewPhase.objects.filter(round=round, hides_applicant=True).exists()


def proposals_to_weigh(invitation: ReviewInvitation) -> list[Proposal]:
    """Titles, applicants and places: what one needs to see a conflict, nothing of the content.

    What she is tied to already is not there. Where the round is judged blind they come by the names
    of the applicants, which alone are shown.
    """
    found = list(
        invitation.round.proposals.filter(state=Proposal.State.UNDER_REVIEW)
        .exclude(tied_to(invitation.user))
        .select_related("applicant", "initiator", "host", "track")
        .prefetch_related("communities")
        .order_by("code")
    )
    if is_judged_blind(invitation.round):
        found.sort(key=lambda one: one.applicant_name)
    return found


# The register -------------------------------------------------------------------------------


@dataclass(frozen=True)
class RegisterRow:
    """One line of the register of conflicts (回避登记)."""

    proposal: Proposal
    who: str
    unit: str
    duty: str
    kind: str
    source: str
    words: str
    at: datetime | None
    lifted: str
    conflict: Conflict | None

    @property
    def is_unknown(self) -> bool:
        """An applicant named somebody and nobody has said yet who is meant."""
        conflict = self.conflict
        return conflict is not None and conflict.person_id is None and not self.lifted


def register_of(round: Round, user: User) -> list[RegisterRow]:
    """Everything that keeps somebody from a proposal of the round, for eyes that are not kept from
    it themselves: what was told or found, and what belonging shows."""
    group = round.proposals.handed_in().unsealed().exclude(tied_to(user))
    seats = dict(PanelMember.objects.filter(panel__round=round).values_list("reviewer", "seat"))
    told = (
        Conflict.objects.filter(proposal__in=group)
        .select_related("proposal", "person", "lifted_by")
        .order_by("proposal__code", "id")
    )
    rows = [_told_row(conflict, seats) for conflict in told]
    return rows + _belonging(round, group, seats)


def _told_row(conflict: Conflict, seats: dict[int, int]) -> RegisterRow:
    lifted = ""
    if conflict.lifted_by is not None:
        lifted = _("%(who)s：%(why)s") % {
            "who": conflict.lifted_by.display_name, "why": conflict.lifted_for
        }  # fmt: skip
    is_near = conflict.kind == Conflict.Kind.RELATIVE and conflict.source == "detected"
    return RegisterRow(
        proposal=conflict.proposal,
        who=conflict.person.display_name if conflict.person else conflict.person_name,
        unit=conflict.person_unit,
        duty=_duty(conflict.person_id, seats),
        # Who is related to whom is shown to nobody but the two.
        kind=_("本人在平台上的申报") if is_near else conflict.get_kind_display(),
        source=conflict.get_source_display(),
        words=conflict.words,
        at=conflict.declared_at,
        lifted=lifted,
        conflict=conflict,
    )


def _belonging(round: Round, group: QuerySet[Proposal], seats: dict[int, int]) -> list[RegisterRow]:
    """Ties that nobody had to tell: membership now or less than two years ago, or filling it in."""
    people = {
        *User.objects.filter(pk__in=seats),
        *User.objects.filter(
            review_invitations__in=ReviewInvitation.objects.standing().filter(round=round)
        ),
        *officers_of(round.region_id),
    }
    told = set(
        Conflict.objects.hiding().filter(proposal__in=group).values_list("person", "proposal")
    )
    return [
        RegisterRow(
            proposal=proposal,
            who=person.display_name,
            unit="",
            duty=_duty(person.pk, seats),
            kind=_("现在或两年内是申报、联合、代管或执行单位的人，或者参与填写"),
            source=Conflict.Source.DETECTED.label.__str__(),
            words="",
            at=None,
            lifted="",
            conflict=None,
        )
        for person in sorted(people, key=lambda one: one.pk)
        for proposal in group.filter(tied_to(person)).order_by("code")
        if (person.pk, proposal.pk) not in told
    ]


def _duty(person: int | None, seats: dict[int, int]) -> str:
    if person is None:
        return _("待认定是谁")
    if person in seats:
        return _("评委 %(seat)d") % {"seat": seats[person]}
    return _("组织方或受邀专家")


# Draws --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnExpert:
    """Who came out, for the office: names stand nowhere in what is published."""

    field: str
    code: str
    expert: Expert | None
    is_drawn: bool
    state: str


def drawn_experts(draw: ReviewerDraw, fields: dict[str, str]) -> list[DrawnExpert]:
    """The lot's outcome with names, and whether each was asked."""
    codes = [code for _field, code, _how in draw.drawn]
    experts = {one.code: one for one in Expert.objects.filter(code__in=codes)}
    asked: dict[int, str] = {}
    invitations = ReviewInvitation.objects.filter(round=draw.round, off_list_at__isnull=True)
    for invitation in invitations.order_by("id"):
        asked[invitation.expert_id] = invitation.get_state_display()
    return [
        DrawnExpert(
            fields.get(field, field),
            code,
            experts.get(code),
            how == "drawn",
            asked.get(experts[code].pk, "") if code in experts else "",
        )
        for field, code, how in draw.drawn
    ]


def published_draw(draw: ReviewerDraw) -> dict[str, object]:
    """What one needs to run the draw again: codes, no names."""
    return {
        "number": draw.number,
        "round": draw.round.name,
        "prepared_at": draw.prepared_at.isoformat(),
        "drawn_at": draw.drawn_at.isoformat() if draw.drawn_at else None,
        "pool": draw.pool,
        "pool_hash": draw.pool_hash,
        "secret_hash": draw.secret_hash,
        "secret": draw.secret,
        "witness": draw.witness,
        "word": draw.word,
        "drawn": draw.drawn,
    }


def field_names(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Codes of fields to their words; "" is any field."""
    return {"": _("不分领域")} | dict(rows)


def people_of(experts: Sequence[Expert]) -> list[User]:
    return [expert.user for expert in experts if expert.user is not None]
