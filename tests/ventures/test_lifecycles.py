"""Every state × every verb of rounds and proposals, drawn from the tables themselves."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn
from accounts.lifecycle import Lifecycle
from accounts.models import Change, User
from config.demo.cast import Cast
from tests.factories.ventures import make_colleague, make_proposal, make_round
from tests.factories.ventures_awards import make_decided_round
from ventures.lifecycles.proposals import PROPOSAL
from ventures.lifecycles.rounds import ROUND
from ventures.models import Proposal, Round, RoundStop
from ventures.selectors.notices import usual_terms_of
from ventures.services.notices import publish_notice

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

WHOSE_VERB = dict.fromkeys(
    ("file_concept", "submit", "withdraw", "revive", "resume", "transfer", "carry"), "en"
) | dict.fromkeys(("lapse", "miss", "stop"), "system")
# What only a round in two steps knows: its concepts, and who went on from them.
OF_CONCEPTS = ("file_concept", "select", "pass_over")


@pytest.mark.parametrize("state", Proposal.State)
def test_proposal_follows_its_table(cast: Cast, round: Round, state: str):
    proposal = make_proposal(
        round, cast.organisations["enze"], created_by=cast.en, state=state, budget=False
    )
    now = timezone.now()
    Proposal.objects.filter(pk=proposal.pk).update(submitted_at=now)

    for verb in set(PROPOSAL.verbs()) - {"give_up"}:
        arrow = next((a for a in PROPOSAL if a.verb == verb and a.starts_at(state)), None)
        fields = {"complete_by": now + timedelta(days=3)} if verb == "return_" else {}
        fields |= {"invited_at": now} if verb == "select" else {}
        is_invited = state in ("invited", "unfiled") or (state, verb) == ("withdrawn", "resume")
        proposal.invited_at = now if is_invited else None
        Proposal.objects.filter(pk=proposal.pk).update(invited_at=proposal.invited_at)
        has_concepts = verb in OF_CONCEPTS
        Round.objects.filter(pk=round.pk).update(
            full_closes_at=round.closes_at + timedelta(days=9) if has_concepts else None
        )

        assert result_of(
            PROPOSAL, proposal, verb, cast.people[WHOSE_VERB.get(verb, "fan")], fields
        ) == ((arrow.target, 1) if arrow else (state, 0)), verb


def test_an_award_that_was_told_is_given_up_as_the_table_says(cast: Cast):
    bodies = [cast.organisations["enze"]]
    round = make_decided_round(cast.fan, [cast.lu, cast.qian], bodies)
    terms = usual_terms_of(round, timezone.localdate())
    publish_notice(round, terms=terms, acting_user=cast.fan)
    proposal = round.proposals.get()
    now = timezone.now()

    for state in Proposal.State:
        times = {"complete_by": now if state == "returned" else None}
        times |= {"invited_at": now if state in ("invited", "unfiled") else None}
        Proposal.objects.filter(pk=proposal.pk).update(state=state, **times)
        arrow = next((a for a in PROPOSAL if a.verb == "give_up" and a.starts_at(state)), None)

        assert result_of(PROPOSAL, proposal, "give_up", cast.en, {}) == (
            (arrow.target, 1) if arrow else (state, 0)
        ), state


@pytest.mark.parametrize("state", Round.State)
def test_round_follows_its_table(cast: Cast, state: str):
    """The second person publishes and returns; everything else is the preparing officer's."""
    round = make_round(
        created_by=cast.fan,
        state=state,
        full_closes_at=timezone.now() + timedelta(days=30) if state == "full" else None,
    )
    wen = make_colleague(cast.fan)
    RoundStop.objects.create(round=round, cause="other", reason="台风", asked_by=cast.fan)
    now = timezone.now()
    written = {
        "propose": {"proposed_by": cast.fan, "proposed_at": now},
        "publish": {"published_by": wen, "published_at": now},
    }

    for verb in ROUND.verbs():
        has_concepts = state == "full" or verb == "tell_selection"
        round.full_closes_at = round.closes_at + timedelta(days=9) if has_concepts else None
        Round.objects.filter(pk=round.pk).update(full_closes_at=round.full_closes_at)
        arrow = next((a for a in ROUND if a.verb == verb and a.starts_at(state)), None)
        who = wen if verb in ("publish", "return_", "stop") else cast.fan

        assert result_of(ROUND, round, verb, who, written.get(verb, {})) == (
            (arrow.target, 1) if arrow else (state, 0)
        ), verb


def result_of(
    lifecycle: Lifecycle, thing: Round | Proposal, verb: str, actor: User, fields: dict[str, Any]
) -> tuple[str, int]:
    """The state in the database after trying, and how many changes were written; then undone."""
    before = Change.objects.count()
    fresh = type(thing).objects.get(pk=thing.pk)
    with transaction.atomic():
        with contextlib.suppress(OutOfTurn):
            lifecycle.move(fresh, verb, acting_user=actor, **fields)
        fresh.refresh_from_db()
        result = fresh.state, Change.objects.count() - before
        transaction.set_rollback(True)
    return result


def test_nobody_but_the_rounds_officer_moves_it(cast: Cast):
    operator = cast.organisations["shelifang"]
    for verb in ROUND.verbs():
        source = next(iter(next(a for a in ROUND if a.verb == verb).sources))
        has_concepts = source == "full" or verb == "tell_selection"
        round = make_round(
            created_by=cast.fan,
            state=source,
            operator=operator,
            full_closes_at=timezone.now() + timedelta(days=30) if has_concepts else None,
        )

        for key in ("xu", "ou", "jin", "shu", "en", "anan", "guo"):
            with pytest.raises(NotAllowed):
                ROUND.move(round, verb, acting_user=getattr(cast, key))


APPLICANT = {"submit", "withdraw", "revive", "transfer", "carry"}
SCREENING = {"accept", "return_", "refuse"}
WHO = {
    "en": APPLICANT,
    "enxiao": APPLICANT,
    "fan": SCREENING
    | {"select", "pass_over", "take_to_review", "award", "reserve", "decline", "cancel_award"},
    "ou": SCREENING,
    "xu": set(),
    "pan": set(),
    "jin": set(),
    "shu": set(),
    "ding": set(),
    "anan": set(),
}


def test_who_may_do_what_to_a_proposal(cast: Cast):
    round = make_round(created_by=cast.fan, operator=cast.organisations["shelifang"])
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en, budget=False)

    for arrow in PROPOSAL:
        for key, verbs in WHO.items():
            allowed = arrow.rule(getattr(cast, key), proposal)

            assert allowed is (arrow.verb in verbs), (key, arrow.verb)


def test_operator_that_is_paid_for_the_group_does_not_screen_it(cast: Cast):
    round = make_round(created_by=cast.fan, operator=cast.organisations["shelifang"])
    group = cast.organisations["banrixian"]
    assert group.host == cast.organisations["shelifang"]
    proposal = make_proposal(round, group, created_by=cast.pan, state="submitted")

    assert not PROPOSAL.allows("accept", cast.ou, proposal)
    assert PROPOSAL.allows("accept", cast.fan, proposal)
