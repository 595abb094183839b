"""Start a round from an earlier one: everything but its dates and its document number.

Every date moves by the same number of whole weeks, so that a Friday stays a Friday; what then falls
on a day off moves on to the next working day.
"""

import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.working_days import is_working_day
from ventures.models import Condition, FundSource, Prize, Round, Rubric, Stage, TrackClosing
from ventures.rules import rounds as round_rules
from ventures.selectors.round_forms import has_form
from ventures.services.award_terms import copy_award_rules
from ventures.services.budget_rules import copy_budget_rules
from ventures.services.composites import copy_composite
from ventures.services.review_phases import copy_phases
from ventures.services.round_forms import copy_form
from ventures.services.rounds import TIER_COLUMNS, copy_rubric, write_tiers

YEAR = timedelta(weeks=52)
HOUR = timedelta(hours=1)
COPIED = (
    "programme",
    "purpose",
    "honour",
    "level",
    "region",
    "sponsor_names",
    "operator",
    "about",
    "eligibility",
    "not_funded",
    "timetable",
    "coaching",
    "contact_name",
    "contact_phone",
    "supervision_phone",
    "address",
    "fund_fen",
    "cap_fen",
    "kinds",
    "notice_working_days",
    "publishes_scores",
    "selected_by",
    "grace_minutes",
    "is_sealed",
    "peek_minutes",
    "is_demo",
)
SOURCE_COLUMNS = ("position", "kind", "name", "amount_fen")
PRIZE_COLUMNS = ("position", "name", "places", "amount_fen")
CONDITION_COLUMNS = (
    "check_name",
    "applicant_kind",
    "figure",
    "kinds",
    "above_fen",
    "is_hard",
    "document_number",
)


@transaction.atomic
def copy_round(round: Round, *, acting_user: User) -> Round:
    """A draft of the next round of the same place, for its officer to check and propose. Of a round
    that was ended, a call for the same again, as soon as may be.

    Refused to everybody else (`NotAllowed`).
    """
    if not round_rules.is_round_officer(acting_user, round):
        raise NotAllowed()
    now = database_now()
    again = round.is_stopped
    distance = soonest(round, now) if again else distance_to_next(round, now)
    years = 0 if again else max(1, (distance + timedelta(days=20)).days // 365)
    name = _called_again(round.name) if again else _next_year(round.name, years)
    copy = Round.objects.create(
        **{name: getattr(round, name) for name in COPIED},
        year=round.year + years,
        code=_free("code", _next_year(round.code, years), longest=32),
        number_prefix=_free("number_prefix", _next_year(round.number_prefix, years), longest=16),
        name=name[:80],
        rubric=_own_rubric(round),
        opens_at=moved(round.opens_at, distance),
        closes_at=moved(round.closes_at, distance),
        full_closes_at=round.full_closes_at and moved(round.full_closes_at, distance),
        signature_due_on=round.signature_due_on
        and working_day_from(round.signature_due_on + distance),
        copied_from=round,
        created_by=acting_user,
        edited_by=acting_user,
    )
    copy.tracks.set(round.tracks.all())
    write_tiers(
        copy,
        [
            {name: getattr(tier, name) for name in (*TIER_COLUMNS, "upto_fen")}
            for tier in round.tiers.all()
        ],
    )
    copy_award_rules(round, copy)
    copy_composite(round, copy)
    copy_budget_rules(round, copy)
    if has_form(round):
        copy_form(copy, round, acting_user=acting_user)
    FundSource.objects.bulk_create(
        FundSource(round=copy, **{name: getattr(source, name) for name in SOURCE_COLUMNS})
        for source in round.sources.all()
    )
    Prize.objects.bulk_create(
        Prize(round=copy, **{name: getattr(prize, name) for name in PRIZE_COLUMNS})
        for prize in round.prizes.all()
    )
    Condition.objects.bulk_create(
        Condition(
            round=copy,
            set_by=acting_user,
            **{name: getattr(condition, name) for name in CONDITION_COLUMNS},
        )
        for condition in round.conditions.all()
    )
    Stage.objects.bulk_create(
        Stage(
            round=copy,
            kind=stage.kind,
            begins_at=moved(stage.begins_at, distance),
            ends_at=max(moved(stage.ends_at, distance), moved(stage.begins_at, distance) + HOUR),
            place=stage.place,
        )
        for stage in round.stages.all()
    )
    TrackClosing.objects.bulk_create(
        TrackClosing(round=copy, track=one.track, closes_at=moved(one.closes_at, distance))
        for one in round.track_closings.select_related("track")
    )
    copy_phases(round, copy, distance)
    record_change(
        copy,
        "copy",
        before=round.code,
        after=Round.State.DRAFT,
        facts={"from": round.pk, "days": distance.days},
        acting_user=acting_user,
    )
    return copy


def distance_to_next(round: Round, now: datetime) -> timedelta:
    """As many whole years of 52 weeks as it takes to open in the future."""
    distance = YEAR
    while round.opens_at + distance <= now:
        distance += YEAR
    return distance


def soonest(round: Round, now: datetime) -> timedelta:
    """As few whole weeks as it takes to open in the future."""
    distance = timedelta()
    while round.opens_at + distance <= now:
        distance += timedelta(weeks=1)
    return distance


def moved(instant: datetime, distance: timedelta) -> datetime:
    """The same time of day, that much later, on a working day."""
    local = timezone.localtime(instant) + distance
    day = working_day_from(local.date())
    return timezone.make_aware(datetime.combine(day, local.time()))


def working_day_from(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _own_rubric(round: Round) -> Rubric | None:
    """A preset is shared until publishing; a round's own rubric is copied at once."""
    if round.rubric is None or round.rubric.is_preset:
        return round.rubric
    return copy_rubric(round.rubric)


def _called_again(name: str) -> str:
    with override(settings.LANGUAGE_CODE):
        tail = _("（重新征集）")
    return name if name.endswith(tail) else f"{name[: 80 - len(tail)]}{tail}"


def _next_year(text: str, years: int) -> str:
    """2027-city is 2028-city: every year in the words moves on."""
    return re.sub(r"(?<!\d)20\d\d(?!\d)", lambda found: str(int(found[0]) + years), text)


def _free(column: str, wanted: str, *, longest: int) -> str:
    """The wanted code, or with a number behind it while another round has it."""
    number = 1
    code = wanted[:longest]
    while Round.objects.filter(**{column: code}).exists():
        number += 1
        tail = f"-{number}"
        code = f"{wanted[: longest - len(tail)]}{tail}"
    return code
