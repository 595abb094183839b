"""The special round is judged blind first, then talked over, then answered: its phases, and the
anonymous copies as far as 范科长 has checked them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from config.demo.cast import Cast
from ventures.models import PanelMember, Proposal, Round
from ventures.rules.recusal import is_kept_from_judging
from ventures.selectors.blind_copies import fields_of, newest_version
from ventures.services.assignments import assign_reviewer
from ventures.services.blind_copies import release_copy, save_copy
from ventures.services.review_phases import set_phase

RELEASED = 2
ASSIGNED = 3


def load_phases(cast: Cast, *, today: date) -> None:
    round = Round.objects.get(code=f"{today.year}-governance")
    _phases(round, cast, today)
    officer = cast.people["fan"]
    filed = list(Proposal.objects.filter(round=round).order_by("code"))
    for place, proposal in enumerate(filed[: RELEASED + 1]):
        version = newest_version(proposal)
        texts = {}
        for line in fields_of(version, {}):
            if line.traces:
                words = line.shown
                for trace in sorted(line.traces, key=len, reverse=True):
                    words = words.replace(trace, "某某")
                texts[line.key] = words
        save_copy(version, texts | {"communities": "城区一个老小区"}, {}, acting_user=officer)
        if place < RELEASED:
            release_copy(version, has_seen=True, acting_user=officer)
    for member in PanelMember.objects.filter(panel__round=round).select_related(
        "panel__round__region", "reviewer"
    ):
        for proposal in filed[:ASSIGNED]:
            if not is_kept_from_judging(member.reviewer, proposal):
                assign_reviewer(member, proposal, acting_user=officer)


def _phases(round: Round, cast: Cast, today: date) -> None:
    """The one that runs is set last: before it, nothing needs a reason."""
    turns = [today - timedelta(days=2), *(today + timedelta(days=days) for days in (6, 8, 11))]
    rights: dict[str, Any] = {
        "sees": "assigned",
        "hides_applicant": False,
        "names_reviewers": False,
        "others_scores": "never",
        "scoring_open": False,
        "discussion_open": False,
        "answer_open": False,
    }
    phases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("匿名书面评审", {"hides_applicant": True, "scoring_open": True}),
        (
            "评委评议",
            {
                "names_reviewers": True,
                "others_scores": "after_own",
                "scoring_open": True,
                "discussion_open": True,
            },
        ),
        ("申报方答复", {"others_scores": "after_own", "answer_open": True}),
    )
    for place, (name, own) in reversed(list(enumerate(phases))):
        values = rights | own | {"name": name}
        values |= {"begins_at": _at(turns[place]), "ends_at": _at(turns[place + 1])}
        set_phase(round, None, values, acting_user=cast.people["fan"])


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 0)))
