"""Anonymous copies: what is withheld, what is rewritten, what still tells, who lets it through."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import NotAllowed, Overtaken
from accounts.models import Change
from config.demo.cast import Cast
from tests.factories.ventures_awards import (
    add_proposal,
    draft,
    make_body,
    make_panel,
    make_round_in_review,
)
from tests.factories.ventures_phases import blind_copy, make_phase, shift
from tests.plugins.relay import laid_again
from ventures.errors.blinding import CopyReleased, NothingHidden, TracesLeft
from ventures.models import Proposal, ProposalVersion, Round
from ventures.rules.blinding import KNOWN, blinded, called, places_in, traces_in
from ventures.rules.review_rights import rights_in
from ventures.selectors.blind_copies import (
    copies_of,
    copy_of,
    fields_of,
    newest_version,
    print_of,
    texts_of,
)
from ventures.selectors.blinding import read_by_reviewers, shown_to_reviewer
from ventures.selectors.readings import paper_of
from ventures.services.blind_copies import release_copy, save_copy, take_back_copy
from ventures.services.sheet_contents import CutContent

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
@laid_again
def blind(cast: Cast) -> Round:
    """恩泽社's proposal, which names itself in one place, and another body's."""
    round = make_round_in_review(cast.fan, [make_body("乙队")])
    add_proposal(
        round,
        cast.organisations["enze"],
        created_by=cast.en,
        title="恩泽社的热茶",
        need_from="恩老师走访时听到的，电话 10012345678",
    )
    make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    make_phase(round, hides_applicant=True)
    return round


@pytest.fixture
def version(cast: Cast, blind: Round) -> ProposalVersion:
    return newest_version(blind.proposals.get(applicant=cast.organisations["enze"]))


def test_every_part_of_a_snapshot_is_known_to_tell_or_not(version: ProposalVersion):
    assert set(version.snapshot) <= KNOWN, "say in rules/blinding whether it tells who applies"


def test_what_names_the_applicant_is_withheld_and_never_comes_back(
    cast: Cast, blind: Round, version: ProposalVersion
):
    blind_copy(version.proposal, cast.fan, title="热茶摊", need_from="", plan="")

    release_copy(version, has_seen=True, acting_user=cast.fan)

    text = read_by_reviewers(version, rights_in(blind))
    assert text is not None
    assert (text["title"], text["need_from"], text["plan"]) == ("热茶摊", "", "")
    assert (text["host"], text["partners"], text["files"]) == (None, [], [])
    assert (text["responsible_name"], text["communities"]) == ("", [])
    assert text["schedule"] == version.snapshot["schedule"]
    words = str(text) + str(paper_of(text))
    for telling in ("恩泽", "恩老师", "10012345678", version.proposal.code, "南关厢"):
        assert telling not in words
    unheard_of = version.snapshot | {"新问题": "恩泽社"}
    assert "新问题" not in blinded(unheard_of, {}, name="匿名 01 号")
    shown = shown_to_reviewer(version.proposal)
    assert shown.title == "热茶摊"
    assert shown.code.startswith("匿名")
    assert shown.applicant == ""


def test_nothing_is_read_before_the_release_and_after_the_phase_all_is(
    cast: Cast, blind: Round, version: ProposalVersion
):
    assert read_by_reviewers(version, rights_in(blind)) is None
    waiting = shown_to_reviewer(version.proposal)
    assert not waiting.is_ready
    assert waiting.title == waiting.code  # not even a title

    make_phase(blind, 1, 3, name="答辩")
    shift(blind, 1.5)

    assert read_by_reviewers(version, rights_in(blind)) == version.snapshot
    assert shown_to_reviewer(version.proposal).applicant == version.snapshot["applicant"]["name"]


def test_the_office_is_told_what_still_tells_and_lets_it_through_knowingly(
    cast: Cast, blind: Round, version: ProposalVersion
):
    traces = {line.key: line.traces for line in fields_of(version, {})}
    assert "10012345678" in traces["need_from"]
    assert "恩老师" in traces["need_from"]
    assert traces["title"]
    assert "responsible_name" not in traces  # withheld already
    blind_copy(version.proposal, cast.fan, title="热茶摊")

    with pytest.raises(TracesLeft) as left:
        release_copy(version, has_seen=False, acting_user=cast.fan)
    assert "恩老师" in str(left.value)
    with pytest.raises(NotAllowed):
        release_copy(version, has_seen=True, acting_user=cast.shu)

    shown = print_of(version, copy_of(version))
    blind_copy(version.proposal, cast.fan, title="恩泽社的热茶摊")
    with pytest.raises(Overtaken):  # another wrote on it since the page was read
        release_copy(version, has_seen=True, seen=shown, acting_user=cast.fan)
    blind_copy(version.proposal, cast.fan, title="热茶摊")
    release_copy(version, has_seen=True, seen=shown, acting_user=cast.fan)
    release_copy(version, has_seen=True, acting_user=cast.fan)  # a second click
    assert Change.objects.filter(verb="release_blind_copy").count() == 1
    assert [line.is_released for line in copies_of(blind)].count(True) == 1
    with pytest.raises(CopyReleased):
        save_copy(version, {"title": "x"}, {}, acting_user=cast.fan)

    take_back_copy(version, acting_user=cast.fan)
    assert read_by_reviewers(version, rights_in(blind)) is None


def test_a_sheet_is_not_saved_over_while_its_copy_is_taken_back(
    cast: Cast, version: ProposalVersion, client: Client
):
    """The page that is still open knows no budget any more: its cuts are not hers to lose."""
    blind_copy(version.proposal, cast.fan, title="热茶摊")
    release_copy(version, has_seen=True, acting_user=cast.fan)
    cut = CutContent(1, "茶叶", 10_000, "够用了")
    review = draft(cast.ding, version.proposal, 80, cuts=(cut,))
    take_back_copy(version, acting_user=cast.fan)
    client.force_login(cast.ding)

    answer = client.post(
        reverse("ventures:review-save", args=[review.assignment_id]),
        {"revision": review.revision, "comment": "改了"},
        headers={"accept": "application/json"},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "copy_not_released")
    assert review.cuts.get().cut_fen == 10_000


def test_a_new_version_starts_from_what_was_written_for_the_same_words(
    cast: Cast, blind: Round, version: ProposalVersion
):
    blind_copy(version.proposal, cast.fan, title="热茶摊", need_from="走访")
    later = ProposalVersion.objects.create(
        proposal=version.proposal,
        number=2,
        snapshot=version.snapshot | {"need_from": "恩泽社另写的"},
        sha256="0" * 64,
        submitted_by=cast.en,
        submitted_at=version.submitted_at,
    )

    assert texts_of(later, None) == {"title": "热茶摊"}


def test_where_nothing_is_hidden_there_is_nothing_to_rewrite(cast: Cast):
    round = make_round_in_review(cast.fan, [make_body("甲队")])
    with pytest.raises(NothingHidden):
        blind_copy(Proposal.objects.get(round=round), cast.fan)


def test_names_are_known_by_what_people_call_them():
    assert called("海宁市恩泽社会工作服务中心（演示）", ["海宁市"]) == {
        "海宁市恩泽社会工作服务中心",
        "恩泽",
    }
    assert traces_in("由恩泽的李工联系 100 1234 5678", ["恩泽", "李工"]) == [
        "恩泽",
        "李工",
        "100 1234 5678",
    ]
    assert traces_in("2027 年 3 月做 12 次，每次 1600 元", ["恩泽"]) == []
    assert [place.key for place in places_in({"title": "", "budget": []})] == []
