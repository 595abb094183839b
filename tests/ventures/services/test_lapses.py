"""What is returned and not handed in again by its day lapses, by the clock, and has a way out."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Change, Message
from config.demo.cast import Cast
from tests.ventures.conftest import close
from ventures.errors.proposals import CompletionOverdue, TooLateToReturn
from ventures.models import Proposal, Round
from ventures.services.lapses import lapse_overdue
from ventures.services.proposals import submit_proposal
from ventures.services.screening import refuse_proposal, return_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def overdue(cast: Cast, round: Round, submitted: Proposal) -> Proposal:
    return_proposal(
        submitted, reason="缺社区意见", marked_fields=["safety"], complete_by=in_days(2),
        acting_user=cast.fan,
    )  # fmt: skip
    close(round)
    Proposal.objects.filter(pk=submitted.pk).update(complete_by=in_days(-1))
    submitted.refresh_from_db()
    return submitted


def state(proposal: Proposal) -> str:
    return Proposal.objects.values_list("state", flat=True).get(pk=proposal.pk)


def test_sweep_lapses_once_what_is_overdue_and_tells_its_people(overdue: Proposal):
    assert [lapse_overdue(), lapse_overdue()] == [1, 0]

    assert state(overdue) == "lapsed"
    change = Change.objects.get(verb="lapse")
    assert change.acting_user.kind == "system"
    told = Message.objects.filter(kind="proposal_lapsed")
    assert {message.to_user.display_name for message in told} == {"恩老师", "恩晓"}
    assert overdue.round.contact_phone in told[0].body


def test_nothing_lapses_before_its_day_or_before_the_close(round: Round, overdue: Proposal):
    Proposal.objects.filter(pk=overdue.pk).update(complete_by=in_days(1))
    assert lapse_overdue() == 0

    Proposal.objects.filter(pk=overdue.pk).update(complete_by=in_days(-1))
    Round.objects.filter(pk=round.pk).update(closes_at=in_days(3))
    assert lapse_overdue() == 0
    assert state(overdue) == "returned"


def test_overdue_reads_as_lapsed_before_the_sweep_wrote_it(cast: Cast, client, overdue: Proposal):
    url = reverse("ventures:proposal-detail", args=[overdue.code])

    client.force_login(cast.en)
    own = client.get(url).content.decode()
    client.force_login(cast.fan)
    office = client.get(url).content.decode()
    desk = client.get(reverse("ventures:round-desk", args=[overdue.round.code])).content.decode()

    assert "补正期已过，未进入评审" in own
    assert overdue.round.contact_phone in own
    assert reverse("ventures:proposal-edit", args=[overdue.code]) not in own
    assert "再给补正时间" in office
    assert reverse("ventures:proposal-refuse", args=[overdue.code]) in office
    assert "逾期未补正" in desk
    assert state(overdue) == "returned"  # reading writes nothing


def test_applicant_cannot_hand_in_afterwards(cast: Cast, overdue: Proposal):
    with pytest.raises(CompletionOverdue):
        submit_proposal(overdue, acting_user=cast.en)


def test_office_may_refuse_what_lapsed(cast: Cast, overdue: Proposal):
    refuse_proposal(overdue, reason="逾期未补正", acting_user=cast.fan)

    assert state(overdue) == "refused"
    assert list(
        Change.objects.filter(verb__in=["lapse", "refuse"]).order_by("id").values_list(
            "verb", flat=True
        )
    ) == ["lapse", "refuse"]  # fmt: skip


def test_office_may_give_another_day_while_the_round_is_open(cast: Cast, overdue: Proposal):
    again = {"reason": "台风停电", "marked_fields": ["safety"], "acting_user": cast.fan}

    return_proposal(overdue, complete_by=in_days(2), **again)
    submit_proposal(overdue, acting_user=cast.en)

    assert state(overdue) == "submitted"
    Proposal.objects.filter(pk=overdue.pk).update(state="lapsed")
    Round.objects.filter(pk=overdue.round_id).update(state="in_review")
    with pytest.raises(TooLateToReturn):
        return_proposal(overdue, complete_by=in_days(2), **again)


def test_office_sees_finds_and_exports_the_version_handed_in(cast: Cast, client, overdue: Proposal):
    Proposal.objects.filter(pk=overdue.pk).update(
        title="没交的新题目", requested_fen=1, kind="governance", complete_by=in_days(2)
    )
    client.force_login(cast.fan)
    url = reverse("ventures:round-desk", args=[overdue.round.code])

    pages = {
        "desk": client.get(url),
        "found": client.get(url, {"q": "热茶", "kind": "service"}),
        "secret": client.get(url, {"q": "新题目"}),
        "page": client.get(overdue.get_absolute_url()),
    }
    table = b"".join(
        client.get(reverse("ventures:round-export", args=[overdue.round.code])).streaming_content
    ).decode()

    assert [row.title for row in pages["desk"].context["rows"]] == ["楼道里的热茶"]
    assert [row.requested_fen for row in pages["found"].context["rows"]] == [615_000]
    assert pages["secret"].context["rows"] == []
    assert pages["desk"].context["summary"].requested_fen == 615_000
    assert "6150.00" in table
    for text in (table, *(page.content.decode() for page in pages.values())):
        assert "没交的新题目" not in text
