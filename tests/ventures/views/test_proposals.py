"""Pages of an applicant, and what others get instead."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Region, User
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from tests.ventures.conftest import close
from tests.ventures.services.test_proposals import PDF
from ventures.models import Proposal, ProposalFile, Round
from ventures.services.drafts import DraftText, save_draft
from ventures.services.proposal_files import add_proposal_file, remove_proposal_file
from ventures.services.proposals import submit_proposal
from ventures.services.screening import return_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(client: Client, proposal: Proposal, **data: object):
    return client.post(
        f"/proposals/{proposal.code}/save/", data, headers={"accept": "application/json"}
    )


PAGES = ("", "edit/", "preview/", "print/")


def test_pages_by_person(cast: Cast, draft: Proposal):
    own, foreign, officer = as_(cast.enxiao), as_(cast.pan), as_(cast.fan)

    for page in PAGES:
        assert own.get(f"/proposals/{draft.code}/{page}").status_code == 200, page
        assert foreign.get(f"/proposals/{draft.code}/{page}").status_code == 404, page
        assert officer.get(f"/proposals/{draft.code}/{page}").status_code == 404, page
        assert Client().get(f"/proposals/{draft.code}/{page}").status_code == 302, page


def test_office_reads_the_version_not_what_is_being_rewritten(cast: Cast, submitted: Proposal):
    Proposal.objects.filter(pk=submitted.pk).update(title="改了一半的标题")

    text = as_(cast.fan).get(f"/proposals/{submitted.code}/").content.decode()

    assert "楼道里的热茶" in text
    assert "改了一半的标题" not in text
    assert "系统核对" in text


def test_a_project_of_a_year_before_the_platform_shows_what_was_entered(cast: Cast, round: Round):
    entered = make_proposal(
        round,
        cast.organisations["enze"],
        created_by=cast.en,
        budget=False,
        schedule="",
        title="弄堂口的长凳",
        state=Proposal.State.AWARDED,
        submitted_at=datetime(2019, 4, 10, 7, tzinfo=UTC),
    )

    text = as_(cast.fan).get(f"/proposals/{entered.code}/").content.decode()

    assert "弄堂口的长凳" in text
    assert "事后补录" in text
    for word in ("草稿", "未填写", "还没有填写预算", "系统核对", "还没有上传材料"):
        assert word not in text


@pytest.mark.parametrize("key", ["fan", "shu", "jin"])
def test_office_that_sees_it_may_not_write_it(cast: Cast, submitted: Proposal, key: str):
    client = as_(getattr(cast, key))

    assert client.get(f"/proposals/{submitted.code}/edit/").status_code == 403
    assert save(client, submitted, revision=0, fields=["title"], title="x").status_code == 403
    assert client.post(f"/proposals/{submitted.code}/withdraw/").status_code == 403


def test_begin_chooses_the_organisation(cast: Cast, round: Round):
    client = as_(cast.pan)

    page = client.get(f"/rounds/{round.code}/apply/")
    answer = client.post(
        f"/rounds/{round.code}/apply/", {"organisation": cast.organisations["banrixian"].pk}
    )

    assert page.status_code == 200
    proposal = Proposal.objects.get()
    assert answer["Location"] == f"/proposals/{proposal.code}/edit/"
    foreign = client.post(
        f"/rounds/{round.code}/apply/", {"organisation": cast.organisations["enze"].pk}
    )
    assert foreign.status_code == 422


def test_autosave_answers_with_revision_errors_and_sums(cast: Cast, draft: Proposal):
    answer = save(
        as_(cast.en),
        draft,
        revision=0,
        fields=["title", "beneficiaries", "budget"],
        title="x" * 61,
        beneficiaries="６０ ",
        **{
            "budget-rows": 1,
            "budget-0-cost_class": "activity",
            "budget-0-purpose": "茶水",
            "budget-0-unit_price": "12.34",
            "budget-0-quantity": "100",
            "budget-0-unit": "份",
        },
    )

    body = json.loads(answer.content)
    assert answer.status_code == 200
    assert body["revision"] == 1
    assert list(body["errors"]) == ["title"]
    assert body["requested"] == "¥1,234.00"
    draft.refresh_from_db()
    assert draft.typed == {"title": "x" * 61}
    assert (draft.beneficiaries, draft.requested_fen) == (60, 123_400)
    shown = as_(cast.en).get(f"/proposals/{draft.code}/edit/").content.decode()
    assert "x" * 61 in shown


@pytest.mark.parametrize("name", ["title", "track", "communities", "starts_on", "beneficiaries"])
def test_a_nul_character_is_left_out_of_what_is_kept_as_typed(
    cast: Cast, draft: Proposal, name: str
):
    answer = save(as_(cast.en), draft, revision=0, fields=[name], **{name: "茶\x00水"})

    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.typed[name] in ("茶水", ["茶水"])


def test_a_nul_character_is_left_out_of_a_budget_row(cast: Cast, draft: Proposal):
    row = {"budget-rows": 1, "budget-0-purpose": "茶\x00水"}

    answer = save(as_(cast.en), draft, revision=0, fields=["budget"], **row)

    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.typed["budget"][0]["purpose"] == "茶水"


def test_stale_autosave_is_a_conflict_with_the_other_text(cast: Cast, draft: Proposal):
    save_draft(draft, DraftText(values={"title": "手机上写的"}), revision=0, acting_user=cast.en)

    answer = save(as_(cast.enxiao), draft, revision=0, fields=["title"], title="电脑上写的")

    body = json.loads(answer.content)
    assert answer.status_code == 409
    assert body["code"] == "draft_overtaken"
    assert body["facts"]["fields"] == {"title": "手机上写的"}


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_strange_revision_is_a_conflict_not_a_crash(cast: Cast, draft: Proposal, revision: str):
    answer = save(as_(cast.en), draft, revision=revision, fields=["title"], title="y")

    assert answer.status_code == 409


def test_autosave_after_the_close_is_refused_in_words(cast: Cast, round: Round, draft: Proposal):
    close(round)

    answer = save(as_(cast.en), draft, revision=0, fields=["title"], title="晚了")

    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "round_closed"
    assert as_(cast.en).get(f"/proposals/{draft.code}/edit/").status_code == 409


def test_plain_save_of_an_older_page_keeps_the_persons_text(cast: Cast, draft: Proposal):
    save_draft(draft, DraftText(values={"title": "手机上写的"}), revision=0, acting_user=cast.en)

    answer = as_(cast.enxiao).post(
        f"/proposals/{draft.code}/edit/",
        {"revision": 0, "title": "电脑上写的", "budget-rows": 0},
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "电脑上写的" in text
    assert "手机上写的" in text
    draft.refresh_from_db()
    assert draft.title == "手机上写的"


def test_unknown_fields_are_passed_over(cast: Cast, draft: Proposal):
    answer = save(
        as_(cast.en), draft, revision=0, fields=["state", "code", "id"], state="awarded", code="x"
    )

    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_community_of_another_town_is_not_taken(cast: Cast, town_round: Round):

    proposal = make_proposal(town_round, cast.organisations["enze"], created_by=cast.en)
    elsewhere = Region.objects.get(code="330481001007")

    answer = save(
        as_(cast.en), proposal, revision=0, fields=["communities"], communities=[elsewhere.pk]
    )

    assert "communities" in json.loads(answer.content)["errors"]
    assert list(proposal.communities.values_list("code", flat=True)) == ["330481101004"]


def test_submit_leads_to_a_receipt(cast: Cast, draft: Proposal):
    client = as_(cast.en)

    answer = client.post(f"/proposals/{draft.code}/submit/", follow=True)

    version = draft.versions.get()
    assert answer.redirect_chain[-1][0] == f"/proposals/{draft.code}/receipt/1/"
    assert version.sha256 in answer.content.decode()
    assert client.get(f"/proposals/{draft.code}/versions/1/").status_code == 200
    assert client.get(f"/proposals/{draft.code}/receipt/2/").status_code == 404


def test_incomplete_submission_is_answered_with_what_is_missing(cast: Cast, round: Round):
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en, plan="")

    answer = as_(cast.en).post(f"/proposals/{proposal.code}/submit/")

    assert answer.status_code == 409
    assert "填写做什么" in answer.content.decode()


def test_withdraw_and_revive(cast: Cast, submitted: Proposal):
    client = as_(cast.en)

    client.post(f"/proposals/{submitted.code}/withdraw/", {"reason": "改数字"})
    submitted.refresh_from_db()
    assert submitted.state == "withdrawn"
    client.post(f"/proposals/{submitted.code}/revive/")

    submitted.refresh_from_db()
    assert submitted.state == "draft"


def test_file_is_downloaded_by_those_who_see_the_proposal(cast: Cast, draft: Proposal):
    client = as_(cast.en)
    upload = SimpleUploadedFile("章.pdf", PDF, content_type="application/pdf")

    client.post(f"/proposals/{draft.code}/files/", {"kind": "signature", "upload": upload})

    file = draft.files.get()
    url = f"/proposals/{draft.code}/files/{file.pk}/"
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert as_(cast.pan).get(url).status_code == 404
    assert as_(cast.fan).get(url).status_code == 404
    assert client.post(url + "remove/").status_code == 302
    assert client.get(url).status_code == 404


def test_office_has_the_files_that_were_handed_in_until_it_is_handed_in_again(
    cast: Cast, round: Round, draft: Proposal
):
    """What is added while it is completed is the applicant's own; taken off, it still stands."""

    def added(name: str, kind: str) -> ProposalFile:
        paper = SimpleUploadedFile(name, PDF + name.encode(), "application/pdf")
        return add_proposal_file(draft, paper, kind=kind, acting_user=cast.en)

    handed_in = added("旧.pdf", "other")
    submit_proposal(draft, acting_user=cast.en)
    return_proposal(
        Proposal.objects.get(pk=draft.pk),
        reason="换一份",
        marked_fields=["files"],
        complete_by=timezone.now() + timedelta(days=3),
        acting_user=cast.fan,
    )
    new, signature = added("新.pdf", "other"), added("签章.pdf", "signature")
    remove_proposal_file(handed_in, acting_user=cast.en)

    def opened(user: User) -> dict[str, int]:
        files = {"old": handed_in, "new": new, "signature": signature}
        url = f"/proposals/{draft.code}/files/"
        return {name: as_(user).get(f"{url}{one.pk}/").status_code for name, one in files.items()}

    assert opened(cast.fan) == {"old": 200, "new": 404, "signature": 200}
    assert opened(cast.en) == {"old": 404, "new": 200, "signature": 200}
    page = as_(cast.fan).get(f"/proposals/{draft.code}/").content.decode()
    assert "旧.pdf" in page
    assert "新.pdf" not in page


def test_upload_without_a_file_says_so(cast: Cast, draft: Proposal):
    answer = as_(cast.en).post(f"/proposals/{draft.code}/files/", {"kind": "signature"})

    assert answer.status_code == 422


def test_own_list_asks_as_much_for_three_as_for_one(
    cast: Cast, draft: Proposal, django_assert_num_queries
):
    client = as_(cast.en)
    client.get("/proposals/")

    with django_assert_num_queries(7):
        client.get("/proposals/")
    for _n in range(2):
        make_proposal(
            make_round(created_by=cast.fan), cast.organisations["enze"], created_by=cast.en
        )
    with django_assert_num_queries(7):
        client.get("/proposals/")
