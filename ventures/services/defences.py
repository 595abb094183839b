"""路演答辩: plan the session, draw the order before a witness, move by hand, tell the teams.

How the lot falls is `standalone.draw_reviewers`, the one lot of this app: the pool is the list of
proposals, all are drawn, and the order of the draw is the order of the stage.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.reasons import required
from accounts.services.changes import record_change
from accounts.services.messages import tell
from accounts.templatetags.kit import moment
from ventures.errors.defences import (
    DefenceBegun,
    DefencePanelMissing,
    DefencePanelTooSmall,
    NoDefence,
    OrderNotDrawn,
    PositionUnknown,
    ShortlistNotReady,
)
from ventures.errors.reviewers import WitnessMissing
from ventures.errors.reviews import ReviewNotBegun
from ventures.lifecycles.defences import DEFENCE_ORDER
from ventures.models import (
    CompositeTerms,
    DefenceSession,
    DefenceSlot,
    Panel,
    PanelMember,
    Proposal,
    Round,
)
from ventures.rules import defences as rules
from ventures.selectors.composites import composite_terms_of
from ventures.selectors.defences import judges_of
from ventures.selectors.rankings import ranking_of
from ventures.services.proposals import applicants_people
from ventures.services.review_phases import require_blind_is_over
from ventures.standalone.draw_reviewers import digest, drawn_from, hash_of_pool

ALL = ""


@dataclass(frozen=True)
class SessionPlan:
    """When, where, how long each has, in minutes."""

    place: str
    begins_at: datetime
    present_minutes: int
    answer_minutes: int
    change_minutes: int
    warn_seconds: int = 60


@transaction.atomic
def plan_defence(round: Round, plan: SessionPlan, *, acting_user: User) -> DefenceSession:
    """Make a slot for every proposal under review, or for the shortlisted; again until the lot.

    Refused: where the call knows no defence, before the review, to whoever does not run it, once a
    team was on the stage, before the blind phases are over, while the shortlist is open, and where
    a slot's panel would fall below its least (`DefencePanelTooSmall`): who is tied leaves for it.
    """
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not rules.may_plan_defence(acting_user, round):
        raise NotAllowed()
    terms = _terms_of(round)
    require_blind_is_over(round, plan.begins_at)
    members = members_of(round)
    # Held, so that a lot drawn this moment is not written over by the plan that was before it.
    held = DefenceSession.objects.select_for_update().filter(round=round).first()
    session = held or DefenceSession(round=round)
    if session.pk and session.slots.exclude(state=DefenceSlot.State.WAITING).exists():
        raise DefenceBegun()
    values = {name: getattr(plan, name) for name in SessionPlan.__dataclass_fields__}
    for name, value in values.items():
        setattr(session, name, value)
    session.set_by = acting_user
    session.save(update_fields=[*values, "set_by"] if held else None)
    if session.state == DefenceSession.State.PLANNED:
        _write_slots(session, terms, members)
    record_change(
        session,
        "plan",
        after=session.state,
        facts={"slots": session.slots.count(), "begins_at": plan.begins_at.isoformat()},
        acting_user=acting_user,
    )
    return session


def _terms_of(round: Round) -> CompositeTerms:
    terms = composite_terms_of(round)
    if terms is None or not terms.has_defence:
        raise NoDefence()
    if round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
    return terms


def members_of(round: Round) -> list[PanelMember]:
    """Who sits. Refused where nobody does."""
    panel = Panel.objects.filter(round=round).first()
    members = (
        list(panel.members.filter(left_at__isnull=True).select_related("reviewer")) if panel else []
    )
    if not members:
        raise DefencePanelMissing()
    return members


def _write_slots(
    session: DefenceSession, terms: CompositeTerms, members: Sequence[PanelMember]
) -> None:
    proposals = _who_defends(session.round, terms)
    judges = judges_of(members, proposals)
    for proposal in proposals:
        seated = judges[proposal.pk]
        if len(seated) < terms.least_judges:
            leaving = [m.reviewer.display_name for m in members if m not in seated]
            raise DefencePanelTooSmall(
                code=proposal.code, there=len(seated), least=terms.least_judges, leaving=leaving
            )
    session.slots.exclude(proposal__in=proposals).delete()
    there = set(session.slots.values_list("proposal", flat=True))
    DefenceSlot.objects.bulk_create(
        DefenceSlot(session=session, proposal=one) for one in proposals if one.pk not in there
    )


def _who_defends(round: Round, terms: CompositeTerms) -> list[Proposal]:
    """All under review; or the best of them by the sheets, those of the last rank together."""
    group = list(round.proposals.filter(state=Proposal.State.UNDER_REVIEW).order_by("code"))
    if terms.shortlist is None:
        return group
    if round.panel.state != Panel.State.CLOSED:
        raise ShortlistNotReady(shortlist=terms.shortlist)
    ranks = {one.candidate.number: one.rank for one in ranking_of(round).standings}
    within = {code for code, rank in ranks.items() if rank and rank <= terms.shortlist}
    return [one for one in group if one.code in within]


@transaction.atomic
def seal_order(session: DefenceSession, *, acting_user: User) -> DefenceSession:
    """Lay down the list and the hash of a secret; both are public, nobody knows the order yet."""
    session = locked_session(session)
    _require_in_review(session)
    codes = sorted(session.slots.values_list("proposal__code", flat=True))
    pool: dict[str, Any] = {
        "wanted": [[ALL, len(codes)]],
        "stand_by": 0,
        "experts": {ALL: codes},
        "excluded": {},
    }
    secret = secrets.token_hex(32)
    DEFENCE_ORDER.move(
        session,
        "seal",
        acting_user=acting_user,
        facts={"slots": len(codes), "pool_hash": hash_of_pool(pool)},
        pool=pool,
        pool_hash=hash_of_pool(pool),
        secret=secret,
        secret_hash=digest(secret),
    )
    return session


@transaction.atomic
def draw_order(
    session: DefenceSession, *, witness: str, word: str, acting_user: User
) -> DefenceSession:
    """The witness's word and the secret make the seed. Refused: `WitnessMissing`, `OutOfTurn`."""
    witness, word = witness.strip(), word.strip()
    if not witness or not word:
        raise WitnessMissing()
    session = locked_session(session)
    _require_in_review(session)
    drawn = drawn_from(session.pool, f"{session.secret}:{word}")
    DEFENCE_ORDER.move(
        session,
        "draw",
        acting_user=acting_user,
        facts={"witness": witness},
        witness=witness,
        word=word,
        drawn=[list(one) for one in drawn],
        drawn_at=database_now(),
    )
    slots = {slot.proposal.code: slot for slot in session.slots.select_related("proposal")}
    for position, (_field, code, _how) in enumerate(drawn, start=1):
        slots[code].position = position
    DefenceSlot.objects.bulk_update(slots.values(), ["position"])
    return session


@transaction.atomic
def void_order(session: DefenceSession, *, reason: str, acting_user: User) -> DefenceSession:
    """The lot does not count any more; what it gave stays in the trail with the reason."""
    reason = required(reason)
    session = locked_session(session)
    if session.slots.exclude(state=DefenceSlot.State.WAITING).exists():
        raise DefenceBegun()
    DEFENCE_ORDER.move(
        session,
        "void",
        reason=reason,
        acting_user=acting_user,
        facts={"word": session.word, "secret": session.secret, "drawn": session.drawn},
        pool={},
        pool_hash="",
        secret="",
        secret_hash="",
        witness="",
        word="",
        drawn=[],
        drawn_at=None,
        told_at=None,
    )
    session.slots.update(position=None)
    return session


@transaction.atomic
def move_slot(slot: DefenceSlot, *, position: int, reason: str, acting_user: User) -> DefenceSlot:
    """Another place in the order, by hand and with a reason; those between move up or down.

    The teams whose time changed are told, if they knew theirs. Refused: before the lot, without a
    reason, and to or from a place whose team has been on the stage.
    """
    reason = required(reason)
    session = locked_session(slot.session)
    if not rules.runs_session(acting_user, session):
        raise NotAllowed()
    if session.state != DefenceSession.State.DRAWN:
        raise OrderNotDrawn()
    _require_in_review(session)
    ordered = list(session.slots.select_related("proposal").order_by("position"))
    waiting = [one.position for one in ordered if one.state == DefenceSlot.State.WAITING]
    moved = next(one for one in ordered if one.pk == slot.pk)
    before = moved.position
    if position not in waiting or before not in waiting:
        raise PositionUnknown(last=len(ordered))
    ordered.remove(moved)
    ordered.insert(position - 1, moved)
    changed = [(one, place) for place, one in enumerate(ordered, 1) if one.position != place]
    begun = [one for one, _place in changed if one.state != DefenceSlot.State.WAITING]
    if begun:
        raise PositionUnknown(last=len(ordered))
    for one, place in changed:
        one.position = place
    DefenceSlot.objects.bulk_update([one for one, _place in changed], ["position"])
    change = record_change(
        moved,
        "move",
        before=str(before),
        after=str(position),
        reason=reason,
        acting_user=acting_user,
    )
    if session.told_at is not None:
        for one, _place in changed:
            one.session = session
            _tell(one, key=f"moved:{change.pk}", why=reason)
    moved.session = session
    return moved


@transaction.atomic
def tell_order(session: DefenceSession, *, acting_user: User) -> int:
    """Tell every team its turn, with a page that has it for the calendar; how many teams."""
    session = locked_session(session)
    if not rules.runs_session(acting_user, session):
        raise NotAllowed()
    if session.state != DefenceSession.State.DRAWN:
        raise OrderNotDrawn()
    session.told_at = database_now()
    session.save(update_fields=["told_at"])
    slots = list(session.slots.select_related("proposal"))
    for slot in slots:
        slot.session = session
        _tell(slot, key=f"told:{session.drawn_at}:{_when_and_where(slot)}")
    record_change(session, "tell", facts={"slots": len(slots)}, acting_user=acting_user)
    return len(slots)


def _when_and_where(slot: DefenceSlot) -> str:
    """What a team is told, in short: told again only where something of it is another."""
    session = slot.session
    minutes = (session.present_minutes, session.answer_minutes, session.change_minutes)
    return digest(f"{slot.position} {slot.begins_at} {session.place} {minutes}")[:16]


def _tell(slot: DefenceSlot, *, key: str, why: str = "") -> None:
    for person in applicants_people(slot.proposal):
        with override(person.language):
            tell(
                person,
                kind="ventures.defence",
                title=_("路演答辩时间：%(round)s") % {"round": slot.session.round.name},
                body=_turn_in_words(slot, why),
                link=reverse("ventures:defence-turn", args=[slot.proposal.code]),
                key=f"ventures.defence:{slot.pk}:{key}:{person.pk}",
                channels=("mail", "sms"),
            )


def _turn_in_words(slot: DefenceSlot, why: str) -> str:
    session = slot.session
    body = _(
        "%(title)s第 %(position)d 个出场，预计 %(at)s，地点：%(place)s。"
        "陈述 %(present)d 分钟，提问 %(answer)d 分钟，请提前 20 分钟到场。"
    ) % {
        "title": slot.proposal.title,
        "position": slot.position,
        "at": moment(slot.begins_at),
        "place": session.place,
        "present": session.present_minutes,
        "answer": session.answer_minutes,
    }
    if why:
        body += _("次序有调整，理由：%(why)s。") % {"why": why}
    return body


def locked_session(session: DefenceSession) -> DefenceSession:
    """The bare row first, then what belongs to it."""
    DefenceSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    return DefenceSession.objects.select_related("round__region").get(pk=session.pk)


def _require_in_review(session: DefenceSession) -> None:
    if session.round.state != Round.State.IN_REVIEW:
        raise ReviewNotBegun()
