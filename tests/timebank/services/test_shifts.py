"""Calling off, postponing, recurring, walking in, and what opens an activity at all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Message, Region
from accounts.models.messages import Delivery
from config.demo.cast import XIASHI
from tests.factories.timebank import make_service_type
from tests.factories.timebank_activities import (
    in_days,
    make_details,
    make_draft,
    make_open_shift,
    make_shift,
    make_volunteer,
    move_in_time,
)
from timebank.errors.activities import (
    BirthUnknown,
    NoSeatForWalkIn,
    NoShiftYet,
    NotInsured,
    NotYetOver,
    RatedBefore,
    RuleUnreadable,
    ShiftInPast,
    WalkInTooEarly,
)
from timebank.models import Signup
from timebank.services.activities import (
    cancel_activity,
    copy_activity,
    draft_activity,
    finish_past,
    open_activity,
)
from timebank.services.calendar_feeds import feed_of_token, open_feed, revoke_feed, token_of
from timebank.services.name_lists import names_in, read_name_list, sign_up_listed
from timebank.services.shifts import (
    ShiftDetails,
    add_recurring_shifts,
    cancel_shift,
    edit_following,
    postpone_shift,
)
from timebank.services.signup_feedback import rate_signup
from timebank.services.signups import cancel_signup, sign_up
from timebank.services.walk_ins import walk_in, walk_in_newcomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast):
    return cast.stations["nanguanxiang"]


@pytest.fixture
def crowd(station):
    return [make_volunteer(station.region) for _ in range(4)]


# Calling off and postponing ------------------------------------------------------------


def test_calling_off_tells_everyone_and_frees_their_time(cast, station, crowd):
    shift = make_open_shift(station, seats=2)
    for person in crowd[:3]:
        sign_up(shift, acting_user=person)

    with pytest.raises(ReasonMissing):
        cancel_shift(shift, reason=" ", acting_user=cast.chen)
    with pytest.raises(NotAllowed):
        cancel_shift(shift, reason="大风", acting_user=cast.cheng)
    cancel_shift(shift, reason="大风黄色预警", acting_user=cast.chen)

    assert set(shift.signups.values_list("state", flat=True)) == {"released"}
    told = Message.objects.filter(kind="shift_cancel")
    assert set(told.values_list("to_user", flat=True)) == {one.pk for one in crowd[:3]}
    for channel in ("mail", "sms"):
        assert Delivery.objects.filter(message__in=told, channel=channel).count() == 3
    assert sign_up(make_open_shift(station), acting_user=crowd[0]).seat == 1


def test_postponing_keeps_seats_and_releases_who_is_busy_then(cast, station, crowd):
    shift = make_open_shift(station, seats=3)
    staying, busy = (sign_up(shift, acting_user=one) for one in crowd[:2])
    sign_up(make_open_shift(station, starts_at=in_days(5, 9)), acting_user=crowd[1])

    new = in_days(5, 10)
    shift = postpone_shift(
        shift,
        starts_at=new,
        ends_at=new + timedelta(hours=2),
        reason="潮水提前",
        acting_user=cast.chen,
    )

    staying.refresh_from_db()
    busy.refresh_from_db()
    assert (staying.state, staying.starts_at) == ("seated", new)
    assert busy.state == "released"
    assert shift.postponed_from == in_days(3)
    assert shift.cancel_until == new
    assert Message.objects.get(kind="shift_clash").to_user == crowd[1]
    cancel_signup(staying, acting_user=crowd[0])


def test_whole_activity_is_called_off_in_one_act(cast, station, crowd):
    first = make_open_shift(station)
    second = make_shift(first.activity, starts_at=in_days(4))
    for shift in (first, second):
        sign_up(shift, acting_user=crowd[0])

    cancel_activity(first.activity, reason="暴雨红色预警", acting_user=cast.chen)

    assert set(first.activity.shifts.values_list("state", flat=True)) == {"cancelled"}
    assert set(Signup.objects.values_list("state", flat=True)) == {"released"}
    assert Message.objects.filter(kind="shift_cancel").count() == 2


def test_what_is_over_is_said_by_the_clock(station):
    shift = move_in_time(make_open_shift(station), timezone.now() - timedelta(hours=3))

    assert finish_past() == 1
    assert finish_past() == 0

    shift.refresh_from_db()
    shift.activity.refresh_from_db()
    assert (shift.state, shift.activity.state) == ("held", "held")


# Recurring ---------------------------------------------------------------------------


def first_of(activity, starts_at):
    return ShiftDetails(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        seats=5,
        place=activity.place,
        region=activity.region,
    )


def test_rule_gives_its_shifts_once(cast, station):
    rule = "FREQ=WEEKLY;COUNT=6"
    activity = make_draft(station, kind="recurring", rrule=rule)
    first = first_of(activity, in_days(2, 14))

    made = add_recurring_shifts(activity, first, rule, acting_user=cast.chen)
    again = add_recurring_shifts(activity, first, rule, acting_user=cast.chen)

    assert again == []
    assert [(s.starts_at - made[0].starts_at).days for s in made] == [0, 7, 14, 21, 28, 35]
    assert {timezone.localtime(s.starts_at).hour for s in made} == {14}


@pytest.mark.parametrize(
    "rule", ["", "FREQ=WEEKLY", "FREQ=DAILY;COUNT=400", "nonsense", "FREQ=WEEKLY;BYDAY=XX;COUNT=2"]
)
def test_rule_without_end_or_sense_is_refused(cast, station, rule):
    activity = make_draft(station)

    with pytest.raises(RuleUnreadable):
        add_recurring_shifts(activity, first_of(activity, in_days(2)), rule, acting_user=cast.chen)


def test_one_or_all_following_are_changed(cast, station, crowd):
    rule = "FREQ=WEEKLY;COUNT=4"
    activity = make_draft(station, kind="recurring", rrule=rule)
    shifts = add_recurring_shifts(
        activity, first_of(activity, in_days(2)), rule, acting_user=cast.chen
    )
    open_activity(activity, acting_user=cast.chen)
    sign_up(shifts[2], acting_user=crowd[0])

    edit_following(
        shifts[1],
        seats=9,
        place="新广场",
        shift_by=timedelta(hours=1),
        reason="夏令时间",
        acting_user=cast.chen,
    )

    rows = activity.shifts.order_by("recurs_at")
    assert [row.seats for row in rows] == [5, 9, 9, 9]
    assert [(row.starts_at - row.recurs_at).seconds for row in rows] == [0, 3600, 3600, 3600]
    assert Message.objects.filter(kind="shift_postpone").count() == 1


# Opening -----------------------------------------------------------------------------


def test_open_needs_a_shift_and_insurance_where_there_is_risk(cast, station):
    risky = make_service_type("S08", name="小修小补", risk="medium")
    plain = make_draft(station)
    uninsured = make_draft(station, service_type=risky)
    short = make_draft(
        station, is_dangerous=True, insurance="平安 P1", insured_until=timezone.localdate()
    )
    covered = make_draft(
        station,
        service_type=risky,
        insurance="人保 PICC-演示-001",
        insured_until=timezone.localdate() + timedelta(days=30),
    )

    with pytest.raises(NoShiftYet):
        open_activity(plain, acting_user=cast.chen)
    for activity in (uninsured, short, covered):
        make_shift(activity)
    for activity in (uninsured, short):
        with pytest.raises(NotInsured):
            open_activity(activity, acting_user=cast.chen)
    covered = open_activity(covered, acting_user=cast.chen)
    assert covered.state == "open"
    shift = covered.shifts.get()
    make_shift(covered, starts_at=in_days(29))
    with pytest.raises(NotInsured):
        make_shift(covered, starts_at=in_days(31))
    with pytest.raises(NotInsured):
        postpone_shift(
            shift,
            starts_at=in_days(31),
            ends_at=in_days(31, 11),
            reason="大风",
            acting_user=cast.chen,
        )


def test_only_the_owners_people_organise(cast, station):
    enze, xiashi = cast.organisations["enze"], Region.objects.get(code=XIASHI)
    details = make_details(station)
    makers = {station: cast.chen, enze: cast.enxiao, xiashi: cast.dai}
    for owner, maker in makers.items():
        for person in (cast.chen, cast.enxiao, cast.dai, cast.anan):
            if person == maker:
                made = draft_activity(owner, details, acting_user=person)
                assert made.owner_name == str(owner)
            else:
                with pytest.raises(NotAllowed):
                    draft_activity(owner, details, acting_user=person)


def test_shift_is_not_planned_for_yesterday(station):
    with pytest.raises(ShiftInPast):
        make_shift(make_draft(station), starts_at=in_days(-1))


def test_copy_is_a_draft_of_its_own(cast, station):
    shift = make_open_shift(station, source="x", kind="roving")

    copy = copy_activity(shift.activity, acting_user=cast.chen)

    assert (copy.state, copy.source, copy.title) == ("draft", "", shift.activity.title)
    assert not copy.shifts.exists()


# Walking in --------------------------------------------------------------------------


def test_walk_in_takes_a_seat_or_adds_one(cast, station, crowd):
    shift = make_open_shift(station, seats=1)
    seated, waiting = (sign_up(shift, acting_user=one) for one in crowd[:2])
    with pytest.raises(WalkInTooEarly):
        walk_in(shift, crowd[2], acting_user=cast.chen)
    move_in_time(shift, timezone.now() - timedelta(minutes=10))

    with pytest.raises(NotAllowed):
        walk_in(shift, crowd[2], acting_user=crowd[2])
    same = walk_in(shift, crowd[0], acting_user=cast.chen)
    let_in = walk_in(shift, crowd[1], acting_user=cast.chen)
    new = walk_in(shift, crowd[2], acting_user=cast.chen)

    shift.refresh_from_db()
    assert (same.pk, let_in.pk) == (seated.pk, waiting.pk)
    assert [s.seat for s in (same, let_in, new)] == [1, 2, 3]
    assert (shift.seats, new.came) == (3, "walk_in")


def test_no_seat_is_added_where_there_is_danger(cast, station, crowd):
    insured = {"insurance": "平安 P1", "insured_until": timezone.localdate() + timedelta(days=9)}
    shift = make_open_shift(station, seats=1, is_dangerous=True, **insured)
    sign_up(shift, acting_user=crowd[0])
    move_in_time(shift, timezone.now())

    with pytest.raises(NoSeatForWalkIn):
        walk_in(shift, crowd[1], acting_user=cast.chen)


def test_newcomer_is_found_by_number_or_needs_a_date_of_birth(cast, station, crowd):
    shift = move_in_time(make_open_shift(station), timezone.now())

    known = walk_in_newcomer(
        shift, display_name="某人", phone=crowd[0].phone, acting_user=cast.chen
    )
    with pytest.raises(BirthUnknown):
        walk_in_newcomer(shift, display_name="新来", phone="+8610098765432", acting_user=cast.chen)

    assert known.volunteer == crowd[0]


# Lists and feeds ---------------------------------------------------------------------

LIST = """#接龙
周六老街清洁，9 点牌坊集合
例：姓名 手机
1. 张三
2、李四 13800000000（+1）
3 王小五
3. 张三
④ 赵六
"""


def test_pasted_list_is_taken_apart():
    assert [(name, phone) for _line, name, phone in names_in(LIST)] == [
        ("张三", ""),
        ("李四", "13800000000"),
        ("王小五", ""),
        ("赵六", ""),
    ]


def test_pasted_list_is_matched_previewed_and_confirmed(cast, station):
    shift = make_open_shift(station, seats=2)
    zhang, _other = (make_volunteer(station.region, name=name) for name in ("张三", "李四"))
    twin = make_volunteer(station.region, name="李四")
    make_volunteer(station.region, name="赵六", born_on=None)

    with pytest.raises(NotAllowed):
        read_name_list(LIST, shift, acting_user=cast.anan)
    rows = read_name_list(LIST, shift, acting_user=cast.chen)
    outcomes = sign_up_listed(shift, [zhang, twin, zhang], acting_user=cast.chen)

    assert [(row.name, len(row.found), row.is_clear) for row in rows] == [
        ("张三", 1, True),
        ("李四", 2, False),
        ("王小五", 0, False),
        ("赵六", 1, False),
    ]
    assert [outcome.signup is not None for outcome in outcomes] == [True, True, False]
    assert Message.objects.filter(to_user=zhang, kind="signup_seated").exists()


def test_feed_opens_by_its_own_address_until_revoked(cast):
    token = token_of(open_feed(cast.anan))

    assert feed_of_token(token).user == cast.anan
    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), token[:32], "x" * 72, ""):
        assert feed_of_token(wrong) is None
    revoke_feed(cast.anan)
    assert feed_of_token(token) is None
    assert token_of(open_feed(cast.anan)) != token


# 评单 -----------------------------------------------------------------------------------


def test_what_was_done_in_a_seat_is_rated_once_by_the_organiser(cast, station, crowd):
    shift = make_open_shift(station)
    signup = sign_up(shift, acting_user=crowd[0])
    with pytest.raises(NotYetOver):
        rate_signup(signup, stars=5, words="", acting_user=cast.chen)
    move_in_time(shift, timezone.now() - timedelta(hours=3))
    signup.refresh_from_db()

    with pytest.raises(NotAllowed):
        rate_signup(signup, stars=5, words="", acting_user=crowd[0])
    rate_signup(signup, stars=4, words="访谈很细", acting_user=cast.chen)
    with pytest.raises(RatedBefore):
        rate_signup(signup, stars=1, words="", acting_user=cast.chen)

    assert signup.feedback.stars == 4
    assert Message.objects.get(kind="signup_rate").to_user == crowd[0]
