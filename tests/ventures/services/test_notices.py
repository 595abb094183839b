"""Public notice: frozen words, working days across holidays, and its end."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, connections, transaction
from django.utils import timezone, translation

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Holiday, Message
from tests.factories.ventures_awards import make_decided_round, proposals_of
from ventures.errors.decisions import NoticeStartsInPast, NoticeStillOpen
from ventures.errors.objections import NothingToAnnounce
from ventures.models import Announcement, Decision, PublicNotice, Round
from ventures.selectors.notices import last_day_of, page_of, usual_terms_of
from ventures.services.notices import conclude_notice, publish_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(cast):
    bodies = [cast.organisations["enze"], cast.organisations["banrixian"]]
    return make_decided_round(cast.fan, [cast.ding, cast.shen], bodies)


@pytest.fixture
def terms(round):
    usual = usual_terms_of(round, timezone.localdate())
    return replace(usual, address="海宁市海昌街道演示路 1 号", postcode="314400")


def run_out(notice):
    """Let the notice's days pass: by the owner's hand, as the words are fixed for everyone else."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ventures_publicnotice DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE ventures_publicnotice SET closes_at = now() - interval '1 second' "
            "WHERE id = %s",
            [notice.pk],
        )
        cursor.execute("ALTER TABLE ventures_publicnotice ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("starts_on", "days", "last_day"),
    [
        (date(2031, 12, 2), 5, date(2031, 12, 8)),  # a Tuesday; a weekend between
        (date(2031, 11, 20), 5, date(2031, 11, 26)),  # a Thursday
        (date(2031, 11, 22), 1, date(2031, 11, 24)),  # a Saturday: Monday is the first that counts
        (date(2031, 9, 29), 5, date(2031, 10, 11)),  # 29, 30, then 9, 10 and the worked Saturday
    ],
)
def test_last_day_counts_working_days(starts_on, days, last_day):
    off = [date(2031, 10, day) for day in range(1, 9)]
    Holiday.objects.bulk_create(Holiday(day=day, name="国庆节") for day in off)
    Holiday.objects.create(day=date(2031, 10, 11), name="国庆节", is_working=True)

    assert last_day_of(starts_on, days) == last_day


def test_notice_says_everything_and_is_frozen(round, terms, cast):
    notice = publish_notice(round, terms=terms, acting_user=cast.fan)

    words = notice.snapshot
    must = {
        "title",
        "basis",
        "starts_on",
        "last_day",
        "working_days",
        "department",
        "contact_name",
        "contact_phone",
        "address",
        "postcode",
        "supervision_phone",
        "objection_ways",
        "issuer",
    }
    for field in must:
        assert words[field], field
    (project,) = words["projects"]
    assert project["grantee"] == "恩泽社区服务社"
    assert project["amount_fen"] == words["total_fen"] == 500_000
    assert project["communities"]
    assert project["score"] == ""
    assert len(words["how_decided"]) == 5
    assert "2026年1月5日" in words["how_decided"][3]
    canonical = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert notice.sha256 == sha256(canonical.encode()).hexdigest()


def test_publishing_moves_decisions_and_round_and_tells_applicants_only_their_own(
    round, terms, cast
):
    publish_notice(round, terms=terms, acting_user=cast.fan)

    round.refresh_from_db()
    assert round.state == Round.State.NOTICED
    assert {d.state for d in Decision.objects.all()} == {"published"}
    assert {p.state for p in proposals_of(round)} == {"under_review"}
    told = {m.to_user for m in Message.objects.filter(kind="ventures.result")}
    assert told == {cast.en, cast.enxiao, cast.pan}


def test_declined_proposals_are_not_named_in_public(round, terms, cast):
    notice = publish_notice(round, terms=terms, acting_user=cast.fan)

    assert "半日闲为老服务队" not in json.dumps(notice.snapshot, ensure_ascii=False)


def test_notice_is_chinese_whatever_language_the_officer_reads(round, terms, cast):
    with translation.override("en"):
        notice = publish_notice(round, terms=terms, acting_user=cast.fan)

    assert "集体研究决定" in notice.snapshot["how_decided"][3]


def test_a_notice_runs_to_the_end_of_its_last_day(round, terms, cast):
    notice = publish_notice(round, terms=terms, acting_user=cast.fan)

    expected = datetime.combine(
        notice.last_day, datetime.max.time().replace(microsecond=0), ZoneInfo("Asia/Shanghai")
    )
    assert notice.closes_at == expected
    assert notice.last_day == last_day_of(timezone.localdate(), 5)


def test_publishing_twice_in_the_past_or_by_others_is_refused(round, terms, cast):
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(NoticeStartsInPast):
        publish_notice(round, terms=replace(terms, starts_on=yesterday), acting_user=cast.fan)
    for person in (cast.ding, cast.ou, cast.xu, cast.shu, cast.en):
        with pytest.raises(NotAllowed):
            publish_notice(round, terms=terms, acting_user=person)
    publish_notice(round, terms=terms, acting_user=cast.fan)

    with pytest.raises(OutOfTurn):
        publish_notice(round, terms=terms, acting_user=cast.fan)

    assert PublicNotice.objects.count() == 1


def test_scores_are_published_only_where_the_round_says_so(round, terms, cast):
    Round.objects.filter(pk=round.pk).update(publishes_scores=True)

    notice = publish_notice(round, terms=terms, acting_user=cast.fan)

    assert notice.snapshot["projects"][0]["score"] == "90.00"


def test_concluding_before_the_last_day_is_over_is_refused(round, terms, cast):
    notice = publish_notice(round, terms=terms, acting_user=cast.fan)

    with pytest.raises(NoticeStillOpen):
        conclude_notice(notice, acting_user=cast.fan)

    assert not Announcement.objects.exists()
    assert {p.state for p in proposals_of(round)} == {"under_review"}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_concluding_makes_the_list_final(round, terms, cast):
    notice = publish_notice(round, terms=terms, acting_user=cast.fan)
    run_out(notice)
    with pytest.raises(NotAllowed):
        conclude_notice(notice, acting_user=cast.ding)

    announcement = conclude_notice(notice, acting_user=cast.fan)

    round.refresh_from_db()
    assert round.state == Round.State.CONCLUDED
    assert [p.state for p in proposals_of(round)] == ["awarded", "declined"]
    assert {d.state for d in Decision.objects.all()} == {"final"}
    assert announcement.snapshot["projects"] == notice.snapshot["projects"]
    assert announcement.snapshot["notice_sha256"] == notice.sha256
    with pytest.raises(NothingToAnnounce):
        conclude_notice(notice, acting_user=cast.fan)
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize("column", ["title", "sha256", "basis", "code"])
def test_the_web_role_cannot_rewrite_a_notice(round, terms, cast, column):
    publish_notice(round, terms=terms, acting_user=cast.fan)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PublicNotice.objects.update(**{column: "x"})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PublicNotice.objects.all()._raw_delete("default")


def test_a_changed_word_shows(round, terms, cast):
    notice = publish_notice(round, terms=terms, acting_user=cast.fan)

    assert page_of(notice, timezone.now()).is_intact
    notice.snapshot["total_fen"] += 1
    assert not page_of(notice, timezone.now()).is_intact
