"""The round's desk, the meeting, the notice and the outcome: who may look, who may act."""

from csv import reader
from hashlib import sha256
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services.papers import typeset
from tests.factories.ventures import make_round
from tests.factories.ventures_awards import (
    choices_for,
    make_body,
    make_decided_round,
    make_scored_round,
    proposals_of,
)
from ventures.models import (
    Announcement,
    Assignment,
    Award,
    Proposal,
    PublicNotice,
    Resolution,
    Review,
    ReviewVersion,
    Round,
)
from ventures.models.ordering import own_first
from ventures.selectors.notices import usual_terms_of
from ventures.services.decisions import prepare_decisions
from ventures.services.notices import publish_notice

pytestmark = pytest.mark.django_db

NOTICE_DATA = {
    "title": "关于拟立项项目的公示",
    "basis": "海民〔2026〕演 9 号",
    "working_days": "5",
    "department": "海宁市民政局（演示）",
    "contact_name": "范科长",
    "contact_phone": "10000000001",
    "address": "演示路 1 号",
    "postcode": "314400",
    "supervision_phone": "10000000002",
    "objection_ways": "书面提出",
    "issuer": "海宁市民政局（演示）",
}


@pytest.fixture
def applicants(cast):
    return [cast.organisations["enze"], cast.organisations["banrixian"]]


@pytest.fixture
def scored(cast, applicants):
    return make_scored_round(cast.fan, [cast.ding, cast.shen], applicants)


@pytest.fixture
def noticed(cast, applicants):
    round = make_decided_round(cast.fan, [cast.ding, cast.shen], applicants)
    publish_notice(round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan)
    return round


def pdf(words="纪要"):
    content = typeset(
        "ventures/papers/review.typ",
        {
            "title": words,
            "round": "",
            "project": "",
            "applicant": "",
            "requested": "",
            "heads": ["", "", "", ""],
            "items": [],
            "total_label": "",
            "total": "",
            "facts": [],
            "reviewer_label": "",
            "date_label": "",
            "foot": "",
        },
    )
    return SimpleUploadedFile("纪要.pdf", content, "application/pdf")


DESK = ["round-board", "round-panel", "round-ranking", "round-decisions", "round-resolution"]
READERS = {"round-board", "round-panel", "round-ranking"}


@pytest.mark.parametrize("person", ["fan", "shu", "jin", "xu", "ding", "en", "anan", "guan"])
def test_who_may_open_the_desk(client, scored, cast, person):
    client.force_login(cast.people[person])

    answers = {
        name: client.get(reverse(f"ventures:{name}", args=[scored.code])).status_code
        for name in DESK
    }

    if person == "fan":
        expected = dict.fromkeys(DESK, 200)
    elif person in ("shu", "jin"):
        expected = {name: 200 if name in READERS else 403 for name in DESK}
    elif person == "ding":  # the panel has closed: its members see the ranking
        expected = {name: 200 if name == "round-ranking" else 403 for name in DESK}
    else:
        expected = dict.fromkeys(DESK, 403)
    assert answers == expected


def test_preparing_recording_and_publishing_by_hand(client, scored, cast):
    client.force_login(cast.fan)
    first, second = proposals_of(scored)
    answer = client.post(
        reverse("ventures:round-decisions", args=[scored.code]),
        {
            f"outcome_{first.pk}": "award",
            f"amount_{first.pk}": "5,000",
            f"outcome_{second.pk}": "reserve",
        },
    )
    assert answer.status_code == 302
    meeting = {
        "kind": "party_group",
        "name": "局党组会",
        "held_on": "2026-01-05",
        "number": "演 18 号",
    }

    assert (
        client.post(reverse("ventures:round-resolution", args=[scored.code]), meeting).status_code
        == 422
    )
    answer = client.post(
        reverse("ventures:round-resolution", args=[scored.code]), meeting | {"minutes": pdf()}
    )

    assert answer.status_code == 302
    assert Award.objects.get().amount_fen == 500_000
    assert Resolution.objects.get().minutes.name.endswith(".pdf")
    publish = reverse("ventures:notice-publish", args=[scored.code])
    today = timezone.localdate().isoformat()
    last_day = client.get(publish).context["form"]["last_day"].value()  # no calendar is loaded
    typed = NOTICE_DATA | {"starts_on": today, "last_day": last_day.isoformat()}
    preview = client.post(publish, typed | {"intent": "preview"})
    assert preview.status_code == 200
    assert not PublicNotice.objects.exists()
    typed |= {"intent": "publish", "seen": preview.context["preview"].seen}
    # What a colleague changed since is shown, and published only when it was seen.
    Proposal.objects.filter(pk=second.pk).update(title="半日闲食堂")
    other = client.post(publish, typed)
    assert other.status_code == 409
    assert "半日闲食堂" in other.content.decode()
    assert "内容有了变化，还没有发布" in other.content.decode()
    assert not PublicNotice.objects.exists()
    client.post(publish, typed | {"seen": other.context["preview"].seen})
    second.refresh_from_db()
    assert [p["title"] for p in PublicNotice.objects.get().snapshot["reserves"]] == [second.title]


def test_a_notice_without_its_fields_is_answered_422(client, cast, applicants):
    round = make_decided_round(cast.fan, [cast.ding], applicants)
    client.force_login(cast.fan)
    url = reverse("ventures:notice-publish", args=[round.code])

    answer = client.post(
        url, NOTICE_DATA | {"intent": "publish", "supervision_phone": "", "postcode": "12"}
    )

    assert answer.status_code == 422
    assert not PublicNotice.objects.exists()


def test_minutes_are_for_the_office(client, noticed, cast):
    url = reverse("ventures:resolution-minutes", args=[noticed.code])

    for person, status in (("ding", 403), ("en", 403), ("ou", 403), ("xu", 403)):
        client.force_login(cast.people[person])
        assert client.get(url).status_code == status


def test_anyone_reads_the_notice_and_its_papers(client, noticed):
    notice = PublicNotice.objects.get()

    page = client.get(notice.get_absolute_url())

    assert page.status_code == 200
    for words in ("恩泽社区服务社", "5 个工作日", notice.sha256, "监督电话", "怎么定的"):
        assert words in page.content.decode()
    assert "半日闲" not in page.content.decode()
    paper = client.get(reverse("ventures:notice-pdf", args=[notice.code]))
    assert paper.content.startswith(b"%PDF")
    text = client.get(reverse("ventures:notice-json", args=[notice.code])).json()
    assert text == {
        "sha256": notice.sha256,
        "snapshot": notice.snapshot,
        "state": "open",
        "withdrawn": None,
        "announcements": [],
        "since": [],
    }
    frozen = client.get(reverse("ventures:notice-words", args=[notice.code])).content
    assert sha256(frozen).hexdigest() == notice.sha256
    assert client.get("/notices/none/").status_code == 404
    call = noticed.get_absolute_url()
    assert f'href="{call}"' in page.content.decode()
    assert f'href="{notice.get_absolute_url()}"' in client.get(call).content.decode()


def test_concluding_too_early_is_a_conflict(client, noticed, cast):
    notice = PublicNotice.objects.get()
    url = reverse("ventures:notice-conclude", args=[notice.code])
    client.force_login(cast.ding)
    assert client.post(url).status_code == 403
    client.force_login(cast.fan)

    answer = client.post(url)

    assert answer.status_code == 409
    assert Round.objects.get(pk=noticed.pk).state == "noticed"


def test_the_outcome_says_nothing_before_the_notice(client, cast, applicants):
    round = make_decided_round(cast.fan, [cast.ding, cast.shen], applicants)
    client.force_login(cast.en)
    url = reverse("ventures:proposal-outcome", args=[proposals_of(round)[0].code])

    before = client.get(url).content.decode()
    publish_notice(round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan)
    after = client.get(url).content.decode()

    assert "90.00" not in before
    assert "5,000.00" not in before
    assert "90.00" in after
    assert "¥5,000.00" in after
    assert "丁老师" not in after


@pytest.mark.parametrize("person", ["pan", "ding", "anan", "ou"])
def test_the_outcome_is_the_applicants_own(client, noticed, cast, person):
    client.force_login(cast.people[person])
    code = proposals_of(noticed)[0].code

    hidden = client.get(reverse("ventures:proposal-outcome", args=[code]))
    absent = client.get(reverse("ventures:proposal-outcome", args=["no-such"]))

    assert hidden.status_code == absent.status_code == 404


def test_the_spreadsheet_holds_no_formulas(client, cast, applicants):
    evil = make_body("=HYPERLINK(1)")
    round = make_scored_round(cast.fan, [cast.ding, cast.shen], [evil, *applicants])
    client.force_login(cast.fan)

    answer = client.get(reverse("ventures:ranking-csv", args=[round.code]))

    rows = list(reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:6] == ["序号", "申报编号", "项目", "承接组织", "评委1", "评委2"]
    assert "'=HYPERLINK(1)" in rows[1]


def test_prepared_decisions_stay_in_the_office(client, scored, cast):
    prepare_decisions(scored, choices_for(scored, 5_000), acting_user=cast.fan)

    for person in ("en", "ding", "xu"):
        client.force_login(cast.people[person])
        url = reverse("ventures:round-decisions", args=[scored.code])
        assert client.get(url).status_code == 403
    client.force_login(cast.ding)
    for name in ("round-ranking", "ranking-print", "ranking-csv"):
        shown = client.get(reverse(f"ventures:{name}", args=[scored.code])).content.decode()
        assert "5,000" not in shown, name
    client.force_login(cast.fan)
    assert (
        "5,000" in client.get(reverse("ventures:ranking-csv", args=[scored.code])).content.decode()
    )


@pytest.mark.parametrize("size", [1, 3])
def test_ranking_asks_the_same_questions_for_one_and_three(
    client, cast, size, django_assert_num_queries
):
    bodies = [make_body(f"第 {n} 队") for n in range(size)]
    round = make_scored_round(cast.fan, [cast.ding, cast.shen], bodies)
    client.force_login(cast.fan)

    with django_assert_num_queries(RANKING_QUERIES):
        client.get(reverse("ventures:round-ranking", args=[round.code]))


RANKING_QUERIES = 16


@pytest.mark.parametrize("size", [1, 3])
def test_list_of_notices_asks_the_same_questions_for_one_and_three(
    client, cast, size, django_assert_num_queries
):
    for number in range(size):
        round = make_decided_round(cast.fan, [cast.ding], [make_body(f"第 {number} 队")])
        publish_notice(
            round, terms=usual_terms_of(round, timezone.localdate()), acting_user=cast.fan
        )

    with django_assert_num_queries(NOTICE_QUERIES):
        client.get(reverse("ventures:notice-list"))
    only = client.get(reverse("ventures:notice-list"), {"round": round.code})
    assert [one.round_id for one in only.context["page_obj"]] == [round.pk]


NOTICE_QUERIES = 3


def test_the_panel_page_says_how_far_everyone_is_and_no_score(client, cast, applicants):
    round = make_scored_round(cast.fan, [cast.ding, cast.shen], applicants, closed=False)
    assignment = Assignment.objects.filter(member__reviewer=cast.shen).first()
    Review.objects.filter(assignment=assignment).update(state="abstained", comment="没有读完")
    client.force_login(cast.fan)

    page = client.get(reverse("ventures:round-panel", args=[round.code])).content.decode()

    assert "没有读完" in page
    assert reverse("ventures:review-give-back", args=[round.code, assignment.review.pk]) in page
    assert page.count("已交") >= 3
    assert "90" not in page.split("逐个项目")[1].split("</table>")[0].replace("0000", "")


@pytest.mark.parametrize("model", [ReviewVersion, Announcement])
def test_versions_and_announcements_are_written_once(noticed, model):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.update(id=0)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.django_db
def test_a_list_that_lacks_a_reason_comes_back_with_what_was_typed(client, scored, cast):
    first, *others = proposals_of(scored)
    typed = {f"outcome_{first.pk}": "decline"}
    for proposal in others:
        typed |= {f"outcome_{proposal.pk}": "award", f"amount_{proposal.pk}": "5000"}
    client.force_login(cast.fan)

    answer = client.post(reverse("ventures:round-decisions", args=[scored.code]), typed)

    assert answer.status_code == 422
    assert 'value="5000"' in answer.content.decode()
    assert f"reason_{first.pk}" in answer.context["form"].errors


@pytest.mark.parametrize("path", ["/notices/?round=", "/rounds/?q=", "/needs/?q="])
def test_a_nul_in_the_question_of_an_address_finds_what_it_finds_without(client, path):
    assert client.get(f"{path}%00").status_code == 200


def test_a_list_that_is_cut_short_keeps_what_is_ones_own(cast):
    town = cast.stations["xucun"].region
    theirs = make_round(created_by=cast.fan, region=town, level="town")
    own = make_round(created_by=cast.fan)

    listed = Round.objects.order_by(own_first("region", [own.region_id]), "pk")

    assert list(listed) == [own, theirs]
