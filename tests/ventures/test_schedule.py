"""The dates of a round: what fits, what follows, what may not move once it is published."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.cast import make_places
from ventures.models import Stage
from ventures.rules.schedule import Schedule, Span, followers, only_later, problems_of

K = Stage.Kind
pytestmark = pytest.mark.django_db


def at(day: str, clock: str = "17:30") -> datetime:
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{clock}"))


def span(first: str, last: str) -> Span:
    return Span(at(first, "09:00"), at(last))


# Monday the 4th of January 2027 to Friday the 12th of February, without a public holiday in it
# that is entered; weekends are off.
PLAN = Schedule(
    opens_at=at("2027-01-04", "09:00"),
    closes_at=at("2027-01-15"),
    stages={
        K.QUESTIONS: Span(at("2027-01-04", "09:00"), at("2027-01-12")),
        K.SCREENING: span("2027-01-18", "2027-01-20"),
        K.MEETING: span("2027-01-22", "2027-01-22"),
        K.NOTICE: span("2027-01-25", "2027-02-01"),
    },
    notice_working_days=5,
)
BEFORE = at("2027-01-01")


@pytest.mark.parametrize(
    ("changed", "key", "sentence"),
    [
        ({"closes_at": at("2027-01-01")}, "closes_at", "晚于开始"),
        ({"questions_ends": at("2027-01-16")}, "questions_ends", "截止申报前结束"),
        ({"questions_begins": at("2027-01-03")}, "questions_begins", "以后才能提问"),
        ({"screening_ends": at("2027-01-15")}, "screening_ends", "最后提交的也要审查"),
        ({"meeting_begins": at("2027-01-20", "09:00")}, "meeting_begins", "重叠"),
        ({"meeting_ends": at("2027-01-22", "08:00")}, "meeting_ends", "晚于开始"),
        ({"notice_ends": at("2027-01-29")}, "notice_ends", "满 5 个工作日"),
    ],
)
def test_each_date_says_why_it_cannot_stand_there(changed, key, sentence):
    assert problems_of(PLAN) == {}

    problems = problems_of(PLAN.with_dates(changed))

    assert sentence in "".join(map(str, problems[key]))


def test_a_sealed_round_is_screened_after_its_grace_and_groups_close_within_the_round():
    track = {7: at("2027-01-16")}
    sealed = Schedule(
        PLAN.opens_at,
        PLAN.closes_at,
        {K.SCREENING: Span(PLAN.closes_at, at("2027-01-20"))},
        track,
        grace_minutes=10,
        is_sealed=True,
    )

    assert set(problems_of(sealed)) == {"screening_begins", "track_7"}


def test_what_lies_behind_follows_by_working_days_and_what_was_touched_does_not():
    make_places()
    typed = PLAN.with_dates({"closes_at": at("2027-01-20")})  # three working days later

    moved = {move.key: move for move in followers(PLAN, typed, BEFORE)}

    assert moved["screening_begins"].after == at("2027-01-21", "09:00")
    assert moved["screening_begins"].distance == 1
    assert moved["notice_ends"].after == at("2027-02-04")
    assert moved["questions_ends"].after == at("2027-01-17")
    assert "questions_begins" not in moved
    together = typed.with_dates({key: move.after for key, move in moved.items()})
    assert problems_of(together) == {}

    touched = typed.with_dates({"meeting_begins": at("2027-01-28", "09:00")})
    follows = {move.key: move.follows for move in followers(PLAN, touched, BEFORE)}
    assert "meeting_begins" not in follows
    assert (follows["screening_ends"], follows["notice_begins"]) == ("closes_at", "meeting_begins")


def test_what_has_passed_stays_and_what_was_promised_is_not_taken_away():
    now = at("2027-01-18", "10:00")
    later = PLAN.with_dates({"closes_at": at("2027-01-18")})

    assert "screening_begins" not in {move.key for move in followers(PLAN, later, now)}
    for changed, key, sentence in (
        ({"closes_at": at("2027-01-14")}, "closes_at", "只能往后移"),
        ({"opens_at": at("2027-01-05")}, "opens_at", "不再改"),
        ({"screening_begins": at("2027-01-19")}, "screening_begins", "已经过去"),
        ({"meeting_begins": at("2027-01-18", "09:30")}, "meeting_begins", "晚于现在"),
    ):
        problems = only_later(PLAN, PLAN.with_dates(changed), now)
        assert sentence in "".join(map(str, problems[key]))
    earlier_group = Schedule(PLAN.opens_at, PLAN.closes_at, PLAN.stages, {7: at("2027-01-14")})
    assert "比全轮先截止" in str(only_later(PLAN, earlier_group, BEFORE)["track_7"][0])
    without = Schedule(PLAN.opens_at, PLAN.closes_at, {})
    assert list(only_later(PLAN, without, BEFORE)) == ["questions_on"]


def test_once_unsealed_the_close_stands():
    sealed = Schedule(PLAN.opens_at, PLAN.closes_at, is_sealed=True, grace_minutes=5)
    later = sealed.with_dates({"closes_at": sealed.closes_at + timedelta(days=1)})

    assert only_later(sealed, later, sealed.closes_at + timedelta(minutes=4)) == {}
    assert "启封" in str(only_later(sealed, later, sealed.closes_at + timedelta(minutes=5)))
