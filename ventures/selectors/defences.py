"""What is seen of a defence: who judges whom, the order, the hall, one team's turn.

Sheets of the hall come out of here in one way only: once their slot is revealed. Before that, the
chair and the office learn whom one waits for, and nobody else anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.kit import clock, moment
from ventures.models import (
    DefenceSession,
    DefenceSheet,
    DefenceSlot,
    Panel,
    PanelMember,
    Proposal,
    Round,
)
from ventures.models.ties import kept_from_judging, tied_to
from ventures.selectors.composites import composite_terms_of, hall_score, hall_standings
from ventures.selectors.papers import marked
from ventures.selectors.reviews import half_points_shown, hundredths_shown

State = DefenceSlot.State


@dataclass(frozen=True)
class Turn:
    """One team in the order: its slot, who leaves for it, and, once revealed, what it got."""

    slot: DefenceSlot
    leaving: tuple[str, ...] = ()
    points: tuple[tuple[int, str, bool], ...] = ()
    score: str = ""

    @property
    def is_revealed(self) -> bool:
        return self.slot.state == State.REVEALED

    @property
    def tone(self) -> str:
        return State(self.slot.state).tone


def session_of(round: Round) -> DefenceSession | None:
    found = DefenceSession.objects.filter(round=round).first()
    if found is not None:
        found.round = round
    return found


def judges_of(
    members: Sequence[PanelMember], proposals: Sequence[Proposal]
) -> dict[int, list[PanelMember]]:
    """Who scores which team: everybody who sits and has no tie to it, by the proposal's key."""
    kept: dict[int, set[int]] = {}
    for member in members:
        tied = Proposal.objects.filter(
            kept_from_judging(member.reviewer), pk__in=[one.pk for one in proposals]
        )
        kept[member.pk] = set(tied.values_list("pk", flat=True))
    return {
        one.pk: [member for member in members if one.pk not in kept[member.pk]] for one in proposals
    }


def turns_of(session: DefenceSession, user: User) -> list[Turn]:
    """The order as this person may see it: a team she is tied to is left out. Which colleague
    leaves for a team is for the office to know; who sits reads it of herself."""
    slots = slots_of(session).exclude(tied_to(user, "proposal__"))
    return _turns(session, list(slots), user)


def slots_of(session: DefenceSession) -> QuerySet[DefenceSlot]:
    return session.slots.select_related("proposal__applicant", "proposal__initiator").order_by(
        "position", "proposal__code"
    )


def _turns(session: DefenceSession, slots: list[DefenceSlot], user: User) -> list[Turn]:
    terms = composite_terms_of(session.round)
    assert terms is not None, "a session is planned by the round's rule"
    panel = Panel.objects.filter(round=session.round).first()
    members = (
        list(panel.members.filter(left_at__isnull=True).select_related("reviewer")) if panel else []
    )
    told_of = [member for member in members if member.reviewer_id == user.pk] or members
    for slot in slots:
        slot.session = session
    judges = judges_of(members, [slot.proposal for slot in slots])
    found = hall_standings(terms, slots)
    sheets = _revealed(slots)
    turns = []
    for slot in slots:
        standing = found.get(slot.proposal.code)
        dropped = (standing.highest_seat, standing.lowest_seat) if standing else ()
        seated = judges[slot.proposal_id]
        turns.append(
            Turn(
                slot,
                leaving=tuple(m.reviewer.display_name for m in told_of if m not in seated),
                points=tuple(
                    (seat, half_points_shown(total), seat in dropped)
                    for seat, total in sheets.get(slot.pk, [])
                ),
                score=hundredths_shown(hall_score(terms, standing)) if standing else "",
            )
        )
    return turns


def _revealed(slots: Sequence[DefenceSlot]) -> dict[int, list[tuple[int, int]]]:
    """Seat and total of every sheet that was revealed, by slot."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = DefenceSheet.objects.revealed().filter(slot__in=slots).select_related("member")
    for sheet in rows.order_by("member__seat"):
        found.setdefault(sheet.slot_id, []).append((sheet.member.seat, sum(sheet.half_points)))
    return found


def waited_for(slot: DefenceSlot) -> list[str]:
    """Who sits for this team and has not handed in; for the chair and the office."""
    panel = slot.session.round.panel
    members = list(panel.members.filter(left_at__isnull=True).select_related("reviewer"))
    seated = judges_of(members, [slot.proposal])[slot.proposal_id]
    given = set(slot.sheets.values_list("member", flat=True))
    return [member.reviewer.display_name for member in seated if member.pk not in given]


def hall_state(session: DefenceSession, user: User) -> dict[str, Any]:
    """What the screen asks for every few seconds: who is on the stage, and what was revealed.

    Nothing in it tells whether, or how many, points were given for who is on the stage.
    """
    turns = turns_of(session, user)
    return {
        "stage": next((t.slot.pk for t in turns if t.slot.state == State.OPEN), None),
        "revealed": {
            str(turn.slot.pk): {
                "score": turn.score,
                "points": [
                    {"seat": seat, "points": points, "is_dropped": is_dropped}
                    for seat, points, is_dropped in turn.points
                ],
            }
            for turn in turns
            if turn.is_revealed
        },
    }


def own_sheet(user: User, slot: DefenceSlot) -> DefenceSheet | None:
    return slot.sheets.of(user).first()


def published_order(session: DefenceSession) -> dict[str, Any]:
    """What one needs to draw again: numbers of proposals, no names."""
    return {
        "number": session.number,
        "round": session.round.code,
        "drawn_at": session.drawn_at and session.drawn_at.astimezone().isoformat(),
        "witness": session.witness,
        "word": session.word,
        "pool": session.pool,
        "pool_hash": session.pool_hash,
        "secret": session.secret,
        "secret_hash": session.secret_hash,
        "drawn": session.drawn,
    }


def order_paper(session: DefenceSession, turns: Sequence[Turn]) -> dict[str, Any]:
    """The printed order sheet: who, when, who leaves, who signs that the team came."""
    return {
        "title": _("路演答辩出场次序"),
        "below": f"{session.round.name}　{moment(session.begins_at)}　{session.place}",
        "rule": _(
            "每队陈述 %(present)d 分钟、提问 %(answer)d 分钟。"
            "次序由见证人%(witness)s当众抽签，编号 %(number)s。"
        )
        % {
            "present": session.present_minutes,
            "answer": session.answer_minutes,
            "witness": session.witness,
            "number": session.number,
        },
        "heads": [_("次序"), _("时间"), _("项目"), _("离席的评委"), _("到场签名")],
        "rows": [
            [
                str(turn.slot.position),
                clock(turn.slot.begins_at),
                turn.slot.proposal.title,
                f"{turn.slot.proposal.code}　{turn.slot.proposal.applicant_name}",
                _("、").join(turn.leaving) or "—",
            ]
            for turn in turns
        ],
        "foot": marked(_("抽签的名单、密数和词都公开，谁都可以重抽核对。"), session.round),
        "counter_label": _("计时人："),
        "supervisor_label": _("监督人："),
        "date_label": _("日期："),
    }
