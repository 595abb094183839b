"""Grace for what was begun, a close of its own for a group, and more time for one applicant."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Change, Membership, Message
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal
from tests.ventures.conftest import close
from ventures.errors.recusal import RecusedFromExtending
from ventures.errors.rounds import RoundClosed, RoundStillOpen
from ventures.errors.timetable import (
    ExtensionExists,
    ExtensionNotLater,
    ExtensionSpent,
    ExtensionTooLate,
    ExtensionUsed,
    TiedToApplicant,
    TrackClosed,
)
from ventures.models import Extension, Proposal, Round, Track, TrackClosing
from ventures.rules.timetable import deadline_for, filing_closes_at
from ventures.services.drafts import DraftText, begin_proposal, save_draft
from ventures.services.extensions import give_extension, take_back_extension
from ventures.services.proposals import revive_proposal, submit_proposal, withdraw_proposal
from ventures.services.rounds import begin_review

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
SOON = timedelta(hours=5)


def give(round: Round, cast: Cast, body: str = "enze", **changed) -> Extension:
    values = {"until": timezone.now() + SOON, "reason": "法定代表人住院", "acting_user": cast.fan}
    return give_extension(round, cast.organisations[body], **(values | changed))


def begun_before(proposal: Proposal, instant) -> Proposal:
    Proposal.objects.filter(pk=proposal.pk).update(created_at=instant - timedelta(minutes=1))
    return Proposal.objects.get(pk=proposal.pk)


def test_in_grace_only_what_was_begun_before_the_close_is_saved_and_submitted(
    cast: Cast, round: Round, draft: Proposal
):
    round = close(round)
    Round.objects.filter(pk=round.pk).update(grace_minutes=10)
    draft = begun_before(draft, round.closes_at)

    assert deadline_for(draft).until == round.closes_at + timedelta(minutes=10)
    saved = save_draft(
        draft, DraftText(values={"title": "最后一句"}), revision=0, acting_user=cast.en
    )
    submit_proposal(saved, acting_user=cast.en)
    withdraw_proposal(saved, acting_user=cast.en)
    revive_proposal(saved, acting_user=cast.en)
    with pytest.raises(RoundClosed):
        begin_proposal(round, cast.organisations["banrixian"], acting_user=cast.pan)
    with pytest.raises(RoundStillOpen):
        begin_review(round, acting_user=cast.fan)

    Proposal.objects.filter(pk=draft.pk).update(created_at=round.closes_at)  # begun in the grace
    with pytest.raises(RoundClosed):
        submit_proposal(draft, acting_user=cast.en)


def test_a_group_may_close_before_the_others_and_nobody_changes_to_it_afterwards(
    cast: Cast, round: Round, draft: Proposal
):
    first, second = Track.objects.all()[:2]
    gone = timezone.now() - timedelta(minutes=1)
    TrackClosing.objects.create(round=round, track=first, closes_at=gone)
    Proposal.objects.filter(pk=draft.pk).update(created_at=gone - timedelta(days=1), track=second)

    with pytest.raises(TrackClosed):
        save_draft(draft, DraftText(values={"track": first}), revision=0, acting_user=cast.en)
    save_draft(draft, DraftText(values={"title": "改个名"}), revision=0, acting_user=cast.en)
    Proposal.objects.filter(pk=draft.pk).update(track=first)
    with pytest.raises(RoundClosed) as refusal:
        submit_proposal(draft, acting_user=cast.en)
    assert refusal.value.facts["closed_at"] == gone


def test_an_extension_lets_one_applicant_file_once_after_the_close(cast: Cast, round: Round):
    round = close(round)
    given = give(round, cast)

    with pytest.raises(RoundClosed):
        begin_proposal(round, cast.organisations["banrixian"], acting_user=cast.pan)
    begun = begin_proposal(round, cast.organisations["enze"], acting_user=cast.en)
    assert deadline_for(begun).until == given.until
    assert deadline_for(begun).is_extended
    begun.delete()
    late = make_proposal(round, cast.organisations["enze"], created_by=cast.en)
    with pytest.raises(RoundStillOpen):
        begin_review(round, acting_user=cast.fan)
    version = submit_proposal(late, acting_user=cast.enxiao)

    given.refresh_from_db()
    assert (given.used_at, given.used_by) == (version.submitted_at, cast.enxiao)
    with pytest.raises(ExtensionUsed) as told:
        submit_proposal(late, acting_user=cast.en)
    assert "恩晓" in told.value.sentence % told.value.shown_facts()
    for act in (withdraw_proposal, submit_proposal):
        with pytest.raises((RoundClosed, ExtensionUsed)):
            act(late, acting_user=cast.en)
    with pytest.raises(ExtensionSpent):
        take_back_extension(given, reason="误给", acting_user=cast.fan)
    told_people = Message.objects.filter(kind="extension_given").values_list(
        "to_user__display_name", flat=True
    )
    assert sorted(told_people) == ["恩晓", "恩老师"]
    assert Change.objects.filter(verb__in=["give_extension", "use_extension"]).count() == 2


def test_what_was_in_time_uses_no_extension(cast: Cast, round: Round, draft: Proposal):
    given = give(round, cast, until=round.closes_at + SOON)

    submit_proposal(draft, acting_user=cast.en)

    given.refresh_from_db()
    assert given.used_at is None
    assert deadline_for(Proposal.objects.get(pk=draft.pk)).until == round.closes_at


def test_an_initiator_is_given_more_time_as_a_person(cast: Cast, round: Round):
    until = round.closes_at + SOON
    terms = {"until": until, "reason": "住院", "acting_user": cast.fan}
    given = give_extension(round, cast.anan, **terms)

    assert filing_closes_at(round, initiator=cast.anan) == until
    assert (given.initiator, given.who) == (cast.anan, cast.anan.display_name)
    with pytest.raises(ExtensionExists):
        give_extension(round, cast.anan, **terms)
    with pytest.raises(TiedToApplicant):
        give_extension(round, cast.fan, **terms)


def test_who_gives_more_time_when_and_how_often(cast: Cast, round: Round):
    with pytest.raises(ExtensionNotLater):
        give(round, cast, until=round.closes_at)
    given = give(round, cast, until=round.closes_at + SOON)
    with pytest.raises(ExtensionExists):
        give(round, cast, until=round.closes_at + SOON)
    take_back_extension(given, reason="给错了", acting_user=cast.fan)
    assert Message.objects.filter(kind="extension_taken_back").count() == 2
    give(round, cast, until=round.closes_at + SOON)

    Membership.objects.create(
        user=cast.fan, organisation=cast.organisations["banrixian"], ended_at=timezone.now()
    )
    with pytest.raises(TiedToApplicant):
        give(round, cast, "banrixian", until=round.closes_at + SOON)
    make_proposal(round, cast.organisations["banrixian"], created_by=cast.pan)
    with pytest.raises(RecusedFromExtending):
        give(round, cast, "shelifang", until=round.closes_at + SOON)

    Membership.objects.filter(user=cast.fan).delete()
    Round.objects.filter(pk=round.pk).update(state=Round.State.IN_REVIEW)
    with pytest.raises(ExtensionTooLate):
        give(round, cast, "shelifang", until=round.closes_at + SOON)
