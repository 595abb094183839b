"""Where people are is asked only of who consented apart from everything else, kept as in or out of
range with a distance, and never needed: who refuses, or never consented, signs in all the same."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Consent
from tests.factories.timebank_presence import shift_under_way
from tests.plugins.browser import PHONE, seen
from timebank.models import Attendance, MeetingPoint
from timebank.services.check_ins import shown_code

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

SQUARE = {"latitude": 30.5255, "longitude": 120.6808}
NEXT_STREET = {"latitude": 30.5264, "longitude": 120.6808}
OTHER_TOWN = {"latitude": 30.4100, "longitude": 120.5400}
# Counts how often the page asks the phone where it is.
COUNTED = """
const asked = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
window.timesAsked = 0;
navigator.geolocation.getCurrentPosition = (found, failed, options) => {
  window.timesAsked += 1;
  const done = (then) => (answer) => { then?.(answer); window.answered = true; };
  asked(done(found), done(failed), options);
};
"""


def at(place) -> dict:
    return {"geolocation": place, "permissions": ["geolocation"]}


def sign_in(page: Page, shift) -> int:
    """Scan the code, wait for the phone's answer where it is asked, press the button."""
    page.add_init_script(COUNTED)
    page.goto(reverse("timebank:check-in", args=[shift.pk, shown_code(shift).token]))
    times = page.evaluate("window.timesAsked")
    if times:
        page.wait_for_function("window.answered")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("签到成功")).to_be_visible()
    return times


def test_near_far_refused_and_never_asked(cast, open_page):
    people = (cast.anan, cast.zhu, cast.baijia, cast.fang)
    shift = shift_under_way(cast.stations["nanguanxiang"], *people, led_by=cast.chen)
    for person in people[:3]:
        Consent.objects.create(user=person, purpose=Consent.Purpose.LOCATION, recorded_by=person)
    chen = open_page(PHONE, user=cast.chen, **at(SQUARE))
    chen.goto(reverse("timebank:presence-screen", args=[shift.pk]))
    chen.get_by_role("button", name="把这里设为集合点").click()
    expect(chen.get_by_text("集合点已设在这里")).to_be_visible()

    near = open_page(PHONE, user=cast.anan, **at(NEXT_STREET))
    asked = [
        sign_in(near, shift),
        sign_in(open_page(PHONE, user=cast.zhu, **at(OTHER_TOWN)), shift),
        sign_in(open_page(PHONE, user=cast.baijia), shift),
        sign_in(open_page(PHONE, user=cast.fang, **at(NEXT_STREET)), shift),
    ]

    assert asked == [1, 1, 1, 0], "who did not consent is not asked"
    known = {
        row.volunteer_id: (row.in_range, row.distance_metres) for row in Attendance.objects.all()
    }
    assert known[cast.anan.pk] == (True, 100)
    assert known[cast.zhu.pk][0] is False
    assert known[cast.zhu.pk][1] > 10_000
    assert known[cast.baijia.pk] == known[cast.fang.pk] == (None, None)
    assert MeetingPoint.objects.count() == 1, "of places only the meeting point is kept"

    expect(near.get_by_text("在活动地点附近 · 相距 100 米")).to_be_visible()
    seen(near)
    chen.goto(reverse("timebank:presence-desk", args=[shift.pk]))
    expect(chen.get_by_text("签到时离集合点")).to_have_count(1)
