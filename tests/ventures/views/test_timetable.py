"""The page of a round's dates: problems beside their fields, a preview, and what it writes."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.working_days import add_working_days
from config.demo.cast import Cast
from tests.factories.ventures import make_round
from ventures.models import Round, Stage
from ventures.rules.timetable import schedule_of
from ventures.selectors.timetable import preset_schedule
from ventures.services.timetable import fingerprint_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def round(cast: Cast) -> Round:
    day = add_working_days(timezone.localdate(), 10)
    closes_at = timezone.make_aware(datetime.combine(day, time(17, 30)))
    made = make_round(created_by=cast.fan, closes_at=closes_at)
    plan = preset_schedule(made, "micro")
    for kind, span in plan.stages.items():
        Stage.objects.create(round=made, kind=kind, begins_at=span.begins_at, ends_at=span.ends_at)
    return made


@pytest.fixture
def fan(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.fan, "accounts.backends.ByPassword")
    return client


def typed(round: Round, **changed: str) -> dict[str, str]:
    """The form as the page shows it, with some of it typed anew."""
    plan = schedule_of(round)
    values = {
        key: timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S")
        for key, at in plan.dates().items()
    }
    values |= {f"{kind}_on": "on" for kind in plan.stages}
    return values | {"based_on": fingerprint_of(plan), "step": "preview"} | changed


def test_what_does_not_fit_stands_beside_its_field_and_nothing_is_written(
    fan: Client, round: Round
):
    path = f"/rounds/{round.code}/timetable/"
    sooner = timezone.localtime(round.closes_at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    wrong = fan.post(path, typed(round, closes_at=sooner))
    blank = fan.post(path, typed(round, notice_ends=""))

    assert (wrong.status_code, blank.status_code) == (422, 422)
    assert "只能往后移" in str(wrong.context["form"].errors["closes_at"])
    assert "请填时间" in str(blank.context["form"].errors["notice_ends"])


def test_a_moved_close_shows_what_follows_and_is_written_with_a_reason(fan: Client, round: Round):
    path = f"/rounds/{round.code}/timetable/"
    day = add_working_days(timezone.localdate(round.closes_at), 2)
    values = typed(round, closes_at=f"{day:%Y-%m-%d}T17:30:00")
    before = schedule_of(round)

    preview = fan.post(path, values)
    silent = fan.post(path, values | {"step": "confirm", "together": "yes"})
    done = fan.post(path, values | {"step": "confirm", "together": "yes", "reason": "台风"})

    assert preview.status_code == 200
    follows = {row["label"] for row in preview.context["follows"]}
    assert {"形式审查开始", "公示结束", "提问与答疑结束"} <= {str(label) for label in follows}
    assert silent.status_code == 422
    assert done.status_code == 302
    after = schedule_of(Round.objects.get(pk=round.pk))
    assert timezone.localdate(after.closes_at) == day
    assert after.stages["signing"].ends_at > before.stages["signing"].ends_at
    again = fan.post(path, values | {"step": "confirm", "together": "no", "reason": "再来"})
    assert again.status_code in (409, 422)
