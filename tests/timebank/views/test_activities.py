"""Activities over the web: found by anyone, made and kept by their organisers, fed to calendars."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Region
from config.demo.cast import DONGSHAN, NANGUANXIANG, XUCUN
from tests.factories.timebank import make_service_type
from tests.factories.timebank_activities import (
    in_days,
    make_draft,
    make_open_shift,
    make_shift,
    make_volunteer,
)
from timebank.models import Activity, Qualification, Shift, Signup
from timebank.selectors.nearness import minutes_between
from timebank.services.activities import Parts, PositionDetails, StopDetails
from timebank.services.calendar_feeds import open_feed, token_of
from timebank.services.shifts import cancel_shift
from timebank.services.signups import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast):
    return cast.stations["nanguanxiang"]


@pytest.fixture
def as_chen(client, cast):
    client.force_login(cast.chen)
    return client


# Finding ---------------------------------------------------------------------------------


def test_circles_are_told_from_the_map(cast):
    home, street, town = (Region.objects.get(code=c) for c in (NANGUANXIANG, DONGSHAN, XUCUN))

    assert [minutes_between(home, place) for place in (home, street, town)] == [5, 10, 30]


def test_list_shows_the_nearest_first_and_filters(client, cast, station):
    away = make_open_shift(cast.stations["xucun"], title="许村清洁日", starts_at=in_days(1))
    near = make_open_shift(station, starts_at=in_days(20))
    make_shift(make_draft(station, title="还没发布"))
    url = reverse("timebank:activity-list")

    plain = client.get(url).content.decode()
    by_place = client.get(url, {"near": NANGUANXIANG}).content.decode()
    within = client.get(url, {"near": NANGUANXIANG, "within": "10"}).content.decode()
    soon = client.get(url, {"when": "week"}).content.decode()

    assert plain.index("许村清洁日") < plain.index("南关厢老街清洁日")
    assert by_place.index("南关厢老街清洁日") < by_place.index("许村清洁日")
    assert "许村清洁日" not in within
    assert near.activity.title not in soon
    assert away.activity.title in soon
    assert "还没发布" not in plain


def test_calendar_and_strange_months(client, station):
    make_open_shift(station)
    url = reverse("timebank:activity-list")
    month = f"{timezone.localdate(in_days(3)):%Y-%m}"

    assert "老街清洁日" in client.get(url, {"view": "calendar", "month": month}).content.decode()
    for wrong in ("", "2026-13", "9999-01", "x"):
        assert client.get(url, {"view": "calendar", "month": wrong}).status_code == 200


@pytest.mark.parametrize("shifts", [1, 3])
def test_list_asks_the_same_however_long(client, station, shifts, django_assert_max_num_queries):
    activity = make_open_shift(station).activity
    for number in range(1, shifts):
        make_shift(activity, starts_at=in_days(3 + number))

    with django_assert_max_num_queries(9):
        client.get(reverse("timebank:activity-list"))


def test_posters_are_typeset(client, station):
    activity = make_open_shift(station).activity

    pdf = client.get(reverse("timebank:activity-poster", args=[activity.pk]))
    picture = client.get(reverse("timebank:activity-poster-image", args=[activity.pk]))

    assert pdf.content.startswith(b"%PDF")
    assert picture.content.startswith(b"\x89PNG")


def test_feed_shows_what_is_called_off(client, cast, station):
    shift, off = make_open_shift(station), make_open_shift(station, starts_at=in_days(5))
    for each in (shift, off):
        sign_up(each, acting_user=cast.anan)
    cancel_shift(off, reason="大风", acting_user=cast.chen)
    url = reverse("timebank:calendar-feed", args=[token_of(open_feed(cast.anan))])

    answer = client.get(url)

    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(e["status"]), e["dtstart"].dt) for e in events] == [
        ("CONFIRMED", shift.starts_at),
        ("CANCELLED", off.starts_at),
    ]
    assert client.get(url.replace(".ics", "0.ics")).status_code == 404


# Keeping ---------------------------------------------------------------------------------


def form_of(station, **changes):
    day = timezone.localdate() + timedelta(days=4)
    blank = {f"{p}-TOTAL_FORMS": "1" for p in ("positions", "stops")}
    blank |= {f"{p}-INITIAL_FORMS": "0" for p in ("positions", "stops")}
    return blank | {
        "owner": f"station:{station.pk}",
        "title": "手机课堂",
        "service_type": make_service_type("S05", name="手机一对一").pk,
        "description": "一对一教手机",
        "region": station.region_id,
        "place": "活动室",
        "audience": "everyone",
        "risks": "没有明显风险",
        "protection": "室内",
        "cancel_hours": "12",
        "shift-day": day.isoformat(),
        "shift-start": "14:00",
        "shift-end": "15:30",
        "shift-seats": "4",
        "positions-0-title": "老师",
        "positions-0-seats": "3",
        **changes,
    }


def test_organiser_makes_and_publishes_a_series(as_chen, cast, station):
    until = (timezone.localdate() + timedelta(days=4 + 21)).isoformat()
    form = form_of(station, **{"shift-repeat": "FREQ=WEEKLY", "shift-until": until})

    answer = as_chen.post(reverse("timebank:activity-new"), form)
    activity = Activity.objects.get()
    as_chen.post(reverse("timebank:activity-move", args=[activity.pk, "open"]))

    activity.refresh_from_db()
    assert answer.status_code == 302
    assert (activity.state, activity.kind, activity.led_by) == ("open", "recurring", cast.chen)
    assert activity.shifts.count() == 4
    assert activity.positions.get().title == "老师"


@pytest.mark.parametrize(
    "wrong",
    [
        {"shift-day": "2020-01-01"},
        {"shift-end": "13:00"},
        {"shift-repeat": "FREQ=WEEKLY"},
        {"shift-repeat": "FREQ=WEEKLY", "shift-until": "2020-01-01"},
        {"shift-repeat": "FREQ=WEEKLY", "shift-until": "2099-01-01"},
        {"shift-start": "06:00", "shift-end": "23:00"},
        {"risks": ""},
        {"owner": "organisation:1"},
        {"insurance": "平安"},
        {"is_dangerous": "on", "welcomes_children": "on"},
        {"positions-0-seats": ""},
    ],
)
def test_form_says_what_is_wrong_and_keeps_the_text(as_chen, station, wrong):
    answer = as_chen.post(reverse("timebank:activity-new"), form_of(station, **wrong))

    assert answer.status_code == 422
    assert "手机课堂" in answer.content.decode()
    assert not Activity.objects.exists()


def test_template_and_last_time_fill_the_form(as_chen, cast, station):
    make_service_type("S11", name="站点活动与公益活动")
    shift = make_open_shift(station)

    filled = as_chen.get(reverse("timebank:activity-new"), {"template": "1"}).content.decode()
    copied = as_chen.post(reverse("timebank:activity-copy", args=[shift.activity.pk]))

    assert "老街清洁日" in filled
    assert copied.url == reverse(
        "timebank:shift-new", args=[Activity.objects.get(state="draft").pk]
    )


def test_roster_names_people_and_pasted_list_is_confirmed(as_chen, cast, station):
    shift = make_open_shift(station)
    sign_up(shift, acting_user=cast.anan)
    make_volunteer(station.region, name="张三")
    url = reverse("timebank:shift-names", args=[shift.pk])

    preview = as_chen.post(url, {"text": "1. 张三\n2. 李四"}).content.decode()
    zhang = Signup.objects.model.volunteer.field.related_model.objects.get(display_name="张三")
    done = as_chen.post(url, {"confirmed": "yes", "volunteers": [zhang.pk]}).content.decode()
    roster = as_chen.get(reverse("timebank:shift-roster", args=[shift.pk])).content.decode()

    assert "没有找到这位志愿者" in preview
    assert "已报名" in done
    assert roster.index("安安") < roster.index("张三")


def test_one_or_all_following_shifts_are_edited(as_chen, station):
    activity = make_draft(station, kind="recurring", rrule="FREQ=WEEKLY;COUNT=3")
    for week in range(3):
        shift = make_shift(activity, starts_at=in_days(3 + 7 * week))
        Shift.objects.filter(pk=shift.pk).update(recurs_at=shift.starts_at)
    Activity.objects.update(led_by=station.roles.get(kind="coordinator").user)
    second = activity.shifts.all()[1]
    url = reverse("timebank:shift-edit", args=[second.pk])

    as_chen.post(url, {"seats": "5", "place": "甲", "scope": "one"})
    as_chen.post(url, {"seats": "7", "place": "乙", "scope": "following", "minutes_later": "30"})

    shifts = list(activity.shifts.order_by("recurs_at"))
    assert [shift.seats for shift in shifts] == [10, 7, 7]
    assert [shift.postponed_from is not None for shift in shifts] == [False, True, True]


def sent_back(*parts) -> dict[str, str]:
    """What a browser sends of forms as they stand."""
    told = {}
    for part in parts:
        for form in [part, *getattr(part, "forms", ())]:
            bound = form.management_form if hasattr(form, "management_form") else form
            for field in bound:
                value = field.field.prepare_value(field.value())
                if value is not None and value is not False:
                    told[field.html_name] = str(value)
    return told


def test_positions_and_stops_are_changed_on_the_page_once_published(as_chen, cast, station):
    parts = Parts(
        positions=(PositionDetails(title="理发", seats=2, duties="自带工具"),),
        stops=(
            StopDetails(
                place="礼堂", region=station.region, arrives_after_minutes=30, stays_minutes=60
            ),
        ),
    )
    shift = make_open_shift(station, led_by=cast.chen, parts=parts, kind="roving")
    (barber,) = shift.activity.positions.all()
    sign_up(shift, acting_user=cast.anan, position=barber)
    url = reverse("timebank:activity-edit", args=[shift.activity.pk])
    page = as_chen.get(url)
    forms = (page.context[name] for name in ("form", "positions", "stops"))
    told = sent_back(*forms) | {"risks": "台阶多"}

    twin = as_chen.post(url, told | {"positions-1-title": "理发", "positions-1-seats": "1"})
    few = as_chen.post(url, told | {"positions-0-seats": ""})
    done = as_chen.post(
        url,
        told
        | {"positions-0-is_closed": "on", "positions-1-title": "登记", "positions-1-seats": "1"}
        | {"stops-0-place": "礼堂南门"},
    )

    assert (twin.status_code, few.status_code) == (422, 422)
    assert "两个岗位不能同名" in twin.content.decode()
    assert done.status_code == 302, done.context["form"].errors
    activity = Activity.objects.get(pk=shift.activity.pk)
    stands = [(one.pk, one.title, one.duties, one.is_open) for one in activity.positions.all()]
    assert stands[0] == (barber.pk, "理发", "自带工具", False)
    assert stands[1][1:] == ("登记", "", True)
    assert (activity.risks, activity.stops.get().place) == ("台阶多", "礼堂南门")
    detail = as_chen.get(activity.get_absolute_url()).content.decode()
    assert "登记" in detail
    assert "自带工具" not in detail, "a closed position invites nobody"


def test_who_leads_stays_whoever_edits(client, cast, station):
    activity = make_draft(station, led_by=cast.chen, lead_worker=cast.dai)
    url = reverse("timebank:activity-edit", args=[activity.pk])
    for editor in (cast.dai, cast.chen):
        client.force_login(editor)
        page = client.get(url)
        told = sent_back(*(page.context[name] for name in ("form", "positions", "stops")))

        done = client.post(url, told | {"title": f"改过的活动{editor.pk}"})

        assert done.status_code == 302, done.context["form"].errors
        activity.refresh_from_db()
        assert activity.title == f"改过的活动{editor.pk}"
        assert (activity.led_by, activity.lead_worker) == (cast.chen, cast.dai)


def test_papers_are_recorded_by_who_saw_them(as_chen, cast):
    url = reverse("timebank:paper-detail", args=[cast.anan.pk])

    as_chen.post(url, {"which": "qualification", "kind": "social_work", "number": "123"})
    as_chen.post(
        url,
        {
            "which": "guardian",
            "guardian_name": "沈女士",
            "guardian_phone": "10000000077",
            "relation": "母亲",
        },
    )

    assert Qualification.objects.get(volunteer=cast.anan).verified_by == cast.chen
    assert cast.anan.guardian_consents.get().recorded_by == cast.chen
