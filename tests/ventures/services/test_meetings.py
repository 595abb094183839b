"""Who came to the deciding meeting and how they voted: free, counted, or by name."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories.ventures_awards import (
    choices_for,
    make_body,
    make_meeting,
    make_scored_round,
)
from tests.plugins.relay import laid_again
from tests.ventures.views.test_awards import pdf
from ventures.errors.meetings import (
    CountDoesNotAddUp,
    MeetingNotCounted,
    QuorumMissing,
    VoteNotCarried,
    VoteNotNamed,
)
from ventures.models import AwardTerms, MeetingVote, Resolution
from ventures.rules.meetings import MeetingCount, adds_up, least_in_favour, least_present
from ventures.selectors.award_terms import terms_in_words
from ventures.selectors.dossiers import dossier_of
from ventures.selectors.notices import usual_terms_of
from ventures.services.decisions import prepare_decisions, record_resolution
from ventures.services.notices import publish_notice
from ventures.terms.meetings import MEETING_TERMS

TYPED = {"kind": "party_group", "name": "局党组会", "held_on": "2026-01-05", "number": "演 18 号"}


@pytest.fixture
@laid_again
def round(cast):
    round = make_scored_round(cast.fan, [cast.ding], [make_body("甲队"), make_body("乙队")])
    prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    return round


def asks(round, vote):
    AwardTerms.objects.create(round=round, meeting_vote=vote)


def record(round, cast, *numbers, names=()):
    count = MeetingCount(*numbers, names=names) if numbers else None
    return record_resolution(
        round, meeting=make_meeting(cast.fan, count=count), acting_user=cast.fan
    )


def test_two_thirds_are_people_and_half_is_of_all_members():
    shares = [(n, least_present(n, MEETING_TERMS[0]), least_in_favour(n)) for n in range(1, 13)]

    assert shares == [
        (1, 1, 1), (2, 2, 2), (3, 2, 2), (4, 3, 3), (5, 4, 3), (6, 4, 4),
        (7, 5, 4), (8, 6, 5), (9, 6, 5), (10, 7, 6), (11, 8, 6), (12, 8, 7),
    ]  # fmt: skip
    assert adds_up(MeetingCount(9, 8, 6, 1, 1))
    for wrong in ((9, 10, 10), (9, 8, 7), (0, 0, 0)):
        assert not adds_up(MeetingCount(*wrong))


@pytest.mark.django_db
def test_nothing_is_asked_unless_the_round_says_so(round, cast):
    assert not record(round, cast).is_counted
    assert "表决" not in "".join(terms_in_words(round, None))
    words = publish_notice(
        round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan
    ).snapshot["how_decided"]
    assert "集体研究决定。" in "".join(words)
    assert "应到" not in "".join(words)
    assert dossier_of(round)["meeting"]["count"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("numbers", "refusal"),
    [
        ((), MeetingNotCounted),
        ((9, 5, 5), QuorumMissing),
        ((9, 6, 4, 2), VoteNotCarried),
        ((9, 8, 7), CountDoesNotAddUp),
    ],
)
def test_a_round_that_asks_refuses_too_few_people_or_votes(round, cast, numbers, refusal):
    asks(round, "counted")

    with pytest.raises(refusal):
        record(round, cast, *numbers)

    assert not Resolution.objects.exists()


@pytest.mark.django_db
def test_what_was_counted_stands_in_the_notice_and_the_dossier(round, cast):
    asks(round, "counted")

    record(round, cast, 9, 6, 5, 1)

    round.refresh_from_db()
    notice = publish_notice(
        round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan
    )
    said = "".join(notice.snapshot["how_decided"])
    assert "应到 9 人，实到 6 人；赞成 5 票，反对 1 票，弃权 0 票。" in said
    assert "不少于应到人数的 2/3" in "".join(notice.snapshot["rules"])
    assert dossier_of(round)["meeting"]["count"]["in_favour"] == 5


@pytest.mark.django_db
def test_a_vote_by_name_names_every_vote_once_and_stays_inside_the_office(round, cast, client):
    asks(round, "named")
    all_for = [(name, "favour") for name in ("赵甲", "钱乙", "孙丙")]
    for names in ((), all_for[:2], [*all_for[:2], ("赵甲", "favour")], [("赵甲", "against")] * 3):
        with pytest.raises(VoteNotNamed):
            record(round, cast, 3, 3, 3, names=names)
    client.force_login(cast.fan)
    url = reverse("ventures:round-resolution", args=[round.code])
    typed = TYPED | {"expected": "4", "present": "3", "names_for": "赵甲、钱乙 ， 孙 丙"}

    twice = client.post(url, typed | {"names_against": "钱乙", "present": "4", "minutes": pdf()})
    answer = client.post(url, typed | {"minutes": pdf()})

    assert twice.status_code == 422
    assert "每人只写一次" in twice.content.decode()
    assert answer.status_code == 302
    assert list(MeetingVote.objects.values_list("name", "vote")) == [
        ("赵甲", "favour"), ("钱乙", "favour"), ("孙 丙", "favour"),
    ]  # fmt: skip
    assert "赵甲、钱乙、孙 丙" in client.get(url).content.decode()
    round.refresh_from_db()
    notice = publish_notice(
        round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan
    )
    assert "赵甲" not in str(notice.snapshot)
    assert dossier_of(round)["meeting"]["count"]["names"][0] == ["赵甲", "favour"]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        MeetingVote.objects.update(vote="against")


@pytest.mark.django_db
def test_the_form_keeps_what_was_typed_and_says_what_is_short(round, cast, client):
    asks(round, "counted")
    client.force_login(cast.fan)
    url = reverse("ventures:round-resolution", args=[round.code])
    typed = TYPED | {"expected": "9", "present": "5", "in_favour": "5"}

    answer = client.post(url, typed | {"minutes": pdf()})

    assert answer.status_code == 422
    assert "至少要到 6 人" in answer.content.decode()
    assert client.post(url, TYPED | {"minutes": pdf()}).status_code == 422
    assert (
        client.post(url, typed | {"present": "6", "against": "1", "minutes": pdf()}).status_code
        == 302
    )
    assert Resolution.objects.get().abstained == 0


@pytest.mark.django_db
def test_half_a_count_is_asked_for_the_rest_where_none_is_needed(round, cast, client):
    client.force_login(cast.fan)
    url = reverse("ventures:round-resolution", args=[round.code])

    half = client.post(url, TYPED | {"expected": "5", "minutes": pdf()})
    small = client.post(
        url, TYPED | {"expected": "5", "present": "2", "in_favour": "2", "minutes": pdf()}
    )

    assert half.status_code == 422
    assert "要一起填" in half.content.decode()
    assert small.status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"present": None}, "meeting_counted_whole_or_not"),
        ({"present": 10, "in_favour": 10}, "no_more_came_than_belong"),
        ({"in_favour": 7}, "everybody_present_votes_once"),
    ],
)
def test_the_database_counts_too(round, cast, wrong, name):
    stands = record(round, cast, 9, 8, 8)
    columns = {"expected": 9, "present": 8, "in_favour": 8, "against": 0, "abstained": 0} | wrong

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Resolution.objects.create(
            round=round,
            kind=stands.kind,
            meeting="会",
            held_on=stands.held_on,
            number="另一号",
            minutes=stands.minutes,
            recorded_by=cast.fan,
            **columns,
        )
