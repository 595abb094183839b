"""What an officer typed is kept, and no file left behind, when the answer is no."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Attachment
from accounts.models.regions import Holiday
from tests.factories.ventures_awards import (
    PDF,
    choices_for,
    make_body,
    make_decided_round,
    make_scored_round,
    proposals_of,
)
from timebank.doors import commit_fund
from ventures.models import PublicNotice, Resolution
from ventures.selectors.notices import last_day_of
from ventures.services.decisions import prepare_decisions

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def stored_files() -> set[Path]:
    root = Path(default_storage.location)
    return {path for path in root.rglob("*") if path.is_file()}


def test_a_sum_above_the_fund_comes_back_with_how_much_is_free(client, cast):
    bodies = [make_body("甲队"), make_body("乙队")]
    round = make_scored_round(cast.fan, [cast.ding], bodies, fund_fen=1_000_000)
    typed = {}
    for proposal in proposals_of(round):
        typed |= {f"outcome_{proposal.pk}": "award", f"amount_{proposal.pk}": "5000.50"}
    client.force_login(cast.fan)

    answer = client.post(reverse("ventures:round-decisions", args=[round.code]), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('value="5000.50"') == 2
    assert "超出可安排资金" in page
    assert "10,000" in page
    assert "1.00" in page


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"held_on": "2098-01-01"}, 409), ({"number": ""}, 422), ({}, 302)],
)  # fmt: skip
def test_minutes_of_a_refused_resolution_leave_nothing_behind(client, cast, wrong, status):
    before = stored_files()
    round = make_scored_round(cast.fan, [cast.ding], [make_body("甲队")])
    prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    client.force_login(cast.fan)
    typed = {
        "kind": "party_group",
        "name": "局党组会 2026 年第 18 次会议",
        "held_on": "2026-01-05",
        "number": "海民党组〔2026〕演 18 号",
        "minutes": SimpleUploadedFile("纪要.pdf", PDF),
    }

    answer = client.post(reverse("ventures:round-resolution", args=[round.code]), typed | wrong)

    is_recorded = status == 302
    assert answer.status_code == status
    assert Resolution.objects.filter(round=round).count() == is_recorded
    assert Attachment.objects.count() == is_recorded
    assert len(stored_files() - before) == is_recorded


def test_minutes_go_when_something_fails_after_they_were_stored(client, cast):
    """The fund shrinks between the check and the booking: the ledger's floor says no."""
    before = stored_files()
    round = make_scored_round(cast.fan, [cast.ding], [make_body("甲队")], fund_fen=600_000)
    prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    commit_fund(
        round.fund_key, amount_fen=300_000, source="x", key="x", reason="x", acting_user=cast.fan
    )
    client.force_login(cast.fan)

    answer = client.post(
        reverse("ventures:round-resolution", args=[round.code]),
        {
            "kind": "party_group",
            "name": "局党组会",
            "held_on": "2026-01-05",
            "number": "18 号",
            "minutes": SimpleUploadedFile("纪要.pdf", PDF),
        },
    )

    assert answer.status_code == 409
    assert not Attachment.objects.exists()
    assert stored_files() == before


def test_a_year_without_its_calendar_wants_the_last_day_confirmed(client, cast):
    round = make_decided_round(cast.fan, [cast.ding], [make_body("甲队")])
    client.force_login(cast.fan)
    url = reverse("ventures:notice-publish", args=[round.code])
    starts_on = date(timezone.localdate().year + 7, 2, 5)
    assert not Holiday.objects.filter(day__year=starts_on.year).exists()
    counted = last_day_of(starts_on, 5)
    form = client.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "last_day"} | {
        "basis": "海民〔2026〕9 号",
        "address": "海宁市",
        "starts_on": starts_on.isoformat(),
    }

    silent = client.post(url, typed | {"intent": "publish"})
    earlier = client.post(
        url, typed | {"intent": "publish", "last_day": (counted - timedelta(days=1)).isoformat()}
    )
    later = counted + timedelta(days=6)
    seen = client.post(url, typed | {"intent": "preview", "last_day": later.isoformat()})
    told = {"last_day": later.isoformat(), "seen": seen.context["preview"].seen}
    published = client.post(url, typed | {"intent": "publish"} | told)

    assert (silent.status_code, earlier.status_code) == (422, 422)
    assert f"{starts_on.year} 年的放假安排还没有载入" in silent.content.decode()
    assert "公示截止日请人工核对" in seen.content.decode()
    assert published.status_code == 302
    notice = PublicNotice.objects.get()
    assert notice.last_day == later
    assert notice.snapshot["last_day"] == later.isoformat()
