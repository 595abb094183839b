"""Phases carry rights: one at a time, sheets lock when theirs ends, changes are on record."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed, ReasonMissing
from accounts.models import Change, Message
from config.demo.cast import Cast
from tests.factories.ventures_awards import (
    draft,
    filled,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.factories.ventures_defences import make_drawn, make_terms, plan_of_an_hour
from tests.factories.ventures_phases import make_phase, shift
from tests.plugins.relay import laid_again
from ventures.errors.review_phases import (
    AnswerNotOpen,
    BlindPastTheNaming,
    DiscussionNotOpen,
    NamedBeforeBlindEnds,
    PhaseBegun,
    PhaseEndsInThePast,
    PhaseOverlaps,
    ScoringNotOpen,
)
from ventures.models import BlindNumber, Round
from ventures.rules.review_rights import MEETING, NOTHING, reads, rights_in, rights_of
from ventures.services.defences import plan_defence
from ventures.services.review_phases import (
    COLUMNS,
    remove_phase,
    require_answer_open,
    require_discussion_open,
    set_phase,
)
from ventures.services.reviews import give_back_review, save_review, submit_review
from ventures.services.round_copying import copy_round
from ventures.services.votes import set_vote

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
@laid_again
def judged(cast: Cast) -> Round:
    """Two proposals and two reviewers, everything assigned."""
    bodies = [make_body("甲队"), make_body("乙队")]
    round = make_round_in_review(cast.fan, bodies)
    make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    return round


def values_of(phase, **fields):
    return {name: getattr(phase, name) for name in COLUMNS} | fields


def test_without_phases_the_meeting_judges_as_ever(cast: Cast, judged: Round):
    proposal = proposals_of(judged)[0]

    assert rights_in(judged) == MEETING
    assert rights_of(cast.ding, proposal).may_score
    assert rights_of(cast.anan, proposal) == NOTHING
    assert not MEETING.shows_others(own_is_in=True, panel_is_closed=False)
    assert MEETING.shows_others(own_is_in=False, panel_is_closed=True)
    with pytest.raises(DiscussionNotOpen):
        require_discussion_open(judged)
    assert not BlindNumber.objects.filter(round=judged).exists()


def test_sheets_lock_when_their_phase_ends_by_the_databases_clock(cast: Cast, judged: Round):
    first, second = proposals_of(judged)
    make_phase(judged, hides_applicant=True)
    talking = {"others_scores": "always", "discussion_open": True, "scoring_open": False}
    make_phase(judged, 5, 6, name="评议", **talking)
    sheet = draft(cast.ding, first, 80)
    handed_in = hand_in(cast.ding, second, 70)

    shift(judged, 2)  # between the two

    with pytest.raises(ScoringNotOpen) as locked:
        save_review(sheet, filled(first, 90), acting_user=cast.ding)
    assert "后面的环节也不再开放" in str(locked.value)
    for act in (
        lambda: submit_review(sheet, acting_user=cast.ding),
        lambda: draft(cast.shen, first, 60),
        lambda: give_back_review(handed_in, reason="笔误", acting_user=cast.fan),
    ):
        with pytest.raises(ScoringNotOpen):
            act()
    between = rights_in(judged)
    assert between.phase is None
    assert between.hides_applicant  # as before it
    assert between.others_scores == "never"
    with pytest.raises(DiscussionNotOpen) as later:
        require_discussion_open(judged)
    assert "下一次开放" in str(later.value)

    shift(judged, 3.5)

    assert not rights_in(judged).hides_applicant
    assert rights_in(judged).shows_others(own_is_in=False, panel_is_closed=False)
    require_discussion_open(judged)
    with pytest.raises(AnswerNotOpen):
        require_answer_open(judged)
    with pytest.raises(ScoringNotOpen):
        save_review(sheet, filled(first, 90), acting_user=cast.ding)


def test_a_phase_opens_the_groups_of_a_reviewer_and_no_others(cast: Cast, judged: Round, client):
    first, second = proposals_of(judged)
    cast.ding.panel_seats.get().assignments.filter(proposal=second).update(state="removed")
    phase = make_phase(judged, sees="assigned")
    assert [reads(cast.ding, one, rights_in(judged)) for one in (first, second)] == [True, False]

    phase.sees = "track"
    phase.save()
    assert [reads(cast.ding, one, rights_in(judged)) for one in (first, second)] == [True, True]

    client.force_login(cast.ding)
    page = reverse("ventures:review-reading", args=[judged.code, second.pk])
    assert page in client.get(reverse("ventures:review-readings", args=[judged.code])).text
    assert second.applicant_name in client.get(page).text
    phase.hides_applicant = True
    phase.save()
    assert client.get(page).status_code == 200  # and says that the copy is not ready
    assert second.applicant_name not in client.get(page).text

    other = judged.tracks.exclude(pk=first.track_id).first()
    type(second).objects.filter(pk=second.pk).update(track=other)
    assert not reads(cast.ding, second, rights_in(judged))


def test_the_officer_sets_phases_and_what_changes_later_says_why(cast: Cast, judged: Round):
    now = timezone.now()
    values = values_of(
        make_phase(judged, 1, 3),
        begins_at=now + timedelta(hours=3),
        ends_at=now + timedelta(hours=4),
        hides_applicant=True,
    )
    (standing,) = judged.review_phases.all()
    values["begins_at"] = standing.ends_at  # back to back
    added = set_phase(judged, None, values, acting_user=cast.fan)
    assert sorted(BlindNumber.objects.values_list("number", flat=True)) == [1, 2]

    overlapping = values | {"begins_at": now + timedelta(hours=2)}
    with pytest.raises(PhaseOverlaps):
        set_phase(judged, added, overlapping, acting_user=cast.fan)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_phase(judged, 2.5, 3.5)
    with pytest.raises(NotAllowed):
        set_phase(judged, None, values, acting_user=cast.shu)

    shift(judged, 1.5)
    standing.refresh_from_db()
    longer = values_of(standing, others_scores="always")
    with pytest.raises(ReasonMissing):
        set_phase(judged, standing, longer, acting_user=cast.fan)
    set_phase(judged, standing, longer, reason="改为公开评议", acting_user=cast.fan)
    told = Change.objects.filter(verb="set_review_phase").latest("id")
    assert (told.reason, told.facts["was"]) == ("改为公开评议", {"others_scores": "never"})
    assert Message.objects.filter(kind="ventures.review_phases_changed", to_user=cast.ding).exists()

    with pytest.raises(PhaseBegun):
        remove_phase(standing, reason="不要了", acting_user=cast.fan)
    with pytest.raises(PhaseBegun):
        set_phase(
            judged,
            standing,
            values_of(standing, begins_at=now + timedelta(hours=1)),
            reason="晚些",
            acting_user=cast.fan,
        )
    with pytest.raises(PhaseEndsInThePast):
        set_phase(
            judged,
            standing,
            values_of(standing, ends_at=now - timedelta(minutes=5)),
            reason="早些",
            acting_user=cast.fan,
        )
    added.refresh_from_db()
    remove_phase(added, reason="改为一次评完", acting_user=cast.fan)
    assert judged.review_phases.count() == 1
    next_year = copy_round(judged, acting_user=cast.fan)
    (copied,) = next_year.review_phases.all()
    standing.refresh_from_db()
    assert copied.others_scores == "always"
    assert copied.begins_at - standing.begins_at == timedelta(weeks=52)


def test_what_shows_who_applies_begins_when_the_blind_phase_is_over(
    cast: Cast, judged: Round, client
):
    make_terms(judged, paper_percent=60, defence_percent=20, vote_percent=20)
    phase = make_phase(judged, hides_applicant=True)
    later = timezone.now() + timedelta(hours=3)
    with pytest.raises(NamedBeforeBlindEnds):
        plan_defence(judged, plan_of_an_hour(begins_at=timezone.now()), acting_user=cast.fan)
    days = {"closes_at": later + timedelta(days=1), "words": "", "acting_user": cast.fan}
    with pytest.raises(NamedBeforeBlindEnds):
        set_vote(judged, opens_at=timezone.now() + timedelta(minutes=9), **days)
    set_vote(judged, opens_at=later, **days)
    make_drawn(judged, acting_user=cast.fan)
    longer = values_of(phase, ends_at=later + timedelta(hours=1))
    with pytest.raises(BlindPastTheNaming):
        set_phase(judged, phase, longer, reason="来不及", acting_user=cast.fan)
    titles = [one.title for one in proposals_of(judged)]
    names = ("hall", "defence-desk", "public-vote", "defence-lot", "defence-lot-file")
    pages = {name: reverse(f"ventures:{name}", args=[judged.code]) for name in names}

    client.force_login(cast.ding)
    blind = {name: client.get(url) for name, url in pages.items()}
    client.force_login(cast.fan)
    office = client.get(pages["defence-desk"]).content.decode()
    shift(judged, 2)
    client.force_login(cast.ding)
    open_now = {name: client.get(url) for name, url in pages.items()}

    assert {name: answer.status_code for name, answer in blind.items()} == {
        "hall": 409, "defence-desk": 409, "public-vote": 200, "defence-lot": 200,
        "defence-lot-file": 404,
    }  # fmt: skip
    said = "".join(answer.content.decode() for answer in blind.values())
    assert [one for one in proposals_of(judged) if one.title in said or one.code in said] == []
    assert all(title in office for title in titles)
    assert {answer.status_code for answer in open_now.values()} == {200}
    assert all(title in open_now["public-vote"].content.decode() for title in titles)
