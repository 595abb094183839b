"""The dates of a round: written by its officer, moved together, told to those concerned."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed, Overtaken, ReasonMissing
from accounts.models import Change, Message
from accounts.working_days import add_working_days
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from ventures.errors.timetable import AlreadyUnsealed, TimetableUnsound
from ventures.models import Round, Stage, Track
from ventures.rules.schedule import Schedule, problems_of
from ventures.rules.timetable import schedule_of
from ventures.selectors.timetable import preset_for, preset_schedule, timetable_of
from ventures.services.round_news import tell_dates_moved, tell_lost_moves
from ventures.services.rounds import extend_round
from ventures.services.timetable import fingerprint_of, set_timetable

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DRAFT = Round.State.DRAFT


def at_close_of(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=17)))


def set_to(round: Round, plan: Schedule, cast: Cast, **more) -> Round:
    values = {
        "together": False,
        "based_on": fingerprint_of(schedule_of(round)),
        "acting_user": cast.fan,
    }
    return set_timetable(round, plan, **(values | more))


@pytest.fixture
def draft_round(cast: Cast) -> Round:
    today = timezone.localdate()
    return make_round(
        created_by=cast.fan, state=DRAFT, closes_at=at_close_of(add_working_days(today, 10))
    )


@pytest.mark.parametrize("key", ["micro", "small", "key"])
def test_every_preset_fits_a_round_as_it_is(cast: Cast, draft_round: Round, key: str):
    plan = preset_schedule(draft_round, key)

    assert problems_of(plan) == {}
    assert len(plan.stages) == {"micro": 6, "small": 6, "key": 7}[key]
    assert preset_for(draft_round) == "key"
    set_to(draft_round, plan, cast)
    bars = timetable_of(draft_round, timezone.now())
    assert [bar.kind for bar in bars][:2] == ["questions", "call"]
    assert bars[0].left == "0.00%"
    assert all(bar.width.endswith("%") for bar in bars)


def test_a_draft_is_set_without_telling_anyone_with_its_conditions(cast: Cast, draft_round: Round):
    track = Track.objects.first()
    earlier = draft_round.closes_at - timedelta(days=1)
    plan = replace(preset_schedule(draft_round, "micro"), tracks={track.pk: earlier})
    terms = {"grace_minutes": 5, "is_sealed": True, "peek_minutes": 30}

    set_to(draft_round, plan, cast, conditions=terms)

    draft_round.refresh_from_db()
    assert (draft_round.grace_minutes, draft_round.is_sealed) == (5, True)
    assert draft_round.track_closings.get().closes_at == earlier
    assert draft_round.stages.count() == 6
    set_to(draft_round, replace(plan, stages={}, tracks={}), cast)
    assert not draft_round.stages.exists()
    assert not draft_round.track_closings.exists()
    assert not Message.objects.filter(kind="round_dates_moved").exists()


def test_refused_to_others_on_an_older_page_and_where_dates_do_not_fit(
    cast: Cast, draft_round: Round
):
    plan = preset_schedule(draft_round, "micro")
    with pytest.raises(NotAllowed):
        set_to(draft_round, plan, cast, acting_user=cast.ou)
    with pytest.raises(Overtaken):
        set_to(draft_round, plan, cast, based_on="older")
    unsound = plan.with_dates({"notice_ends": plan.stages["notice"].begins_at})
    with pytest.raises(TimetableUnsound):
        set_to(draft_round, unsound, cast)
    assert not Stage.objects.exists()


def test_published_dates_move_with_a_reason_together_and_everyone_is_told(
    cast: Cast, draft_round: Round
):
    set_to(draft_round, preset_schedule(draft_round, "small"), cast)
    Round.objects.filter(pk=draft_round.pk).update(
        state=Round.State.OPEN, published_at=timezone.now()
    )
    draft_round.refresh_from_db()
    make_proposal(draft_round, cast.organisations["enze"], created_by=cast.en)
    before = schedule_of(draft_round)
    later = at_close_of(add_working_days(timezone.localdate(before.closes_at), 2))
    typed = before.with_dates({"closes_at": later})

    with pytest.raises(ReasonMissing):
        set_to(draft_round, typed, cast, together=True)
    with pytest.raises(TimetableUnsound):
        set_to(draft_round, before.with_dates({"closes_at": before.closes_at - timedelta(1)}), cast)
    set_to(draft_round, typed, cast, together=True, reason="台风")

    draft_round.refresh_from_db()
    after = schedule_of(draft_round)
    assert after.closes_at == later
    for kind in ("screening", "review", "meeting", "notice", "signing"):
        assert after.stages[kind].begins_at > before.stages[kind].begins_at
    change = Change.objects.filter(verb="set_timetable").latest("id")
    assert len(change.facts["moved"]) == 12
    assert change.reason == "台风"
    told = Message.objects.filter(kind="round_dates_moved")
    # Not in the request's own transaction: by a task, or the sweep that finds what was lost.
    assert not told.exists()
    soon = timezone.now() + timedelta(minutes=20)
    assert [tell_lost_moves(soon), tell_lost_moves(soon)] == [1, 0]
    assert {one.to_user.display_name for one in told} == {"恩老师", "恩晓"}
    assert "申报截止由" in told[0].body
    assert "台风" in told[0].body


def test_extending_carries_what_follows_and_an_unsealed_round_is_not_extended(
    cast: Cast, draft_round: Round
):
    set_to(draft_round, preset_schedule(draft_round, "micro"), cast)
    Round.objects.filter(pk=draft_round.pk).update(
        state=Round.State.OPEN, published_at=timezone.now()
    )
    before = schedule_of(Round.objects.get(pk=draft_round.pk))
    make_proposal(draft_round, cast.organisations["enze"], created_by=cast.en)

    later = at_close_of(add_working_days(timezone.localdate(before.closes_at), 1))
    extend_round(draft_round, closes_at=later, reason="停电", acting_user=cast.fan)

    round = Round.objects.get(pk=draft_round.pk)
    after = schedule_of(round)
    assert after.stages["screening"].begins_at > before.stages["screening"].begins_at
    assert problems_of(after) == {}
    assert tell_dates_moved(Change.objects.get(verb="extend")) == 2
    assert Message.objects.filter(kind="round_dates_moved").count() == 2
    Round.objects.filter(pk=round.pk).update(
        is_sealed=True,
        opens_at=timezone.now() - timedelta(days=9),
        closes_at=timezone.now() - timedelta(minutes=1),
    )
    with pytest.raises(AlreadyUnsealed):
        extend_round(round, closes_at=later, reason="再等等", acting_user=cast.fan)
