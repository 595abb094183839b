"""The one door: every arrow, and the three ways it stays shut."""

from functools import partial

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, Overtaken
from accounts.lifecycles import ORGANISATION
from accounts.models import Change, Organisation
from config.demo.cast import Cast
from tests.at_once import said_at_once

S = Organisation.State
EVERY_STEP = [(state, verb) for state in S.values for verb in ORGANISATION.verbs()]
# The diagram once more, by hand: what this test would notice if the table changed.
DIAGRAM = {
    (S.WAITING, "agree_to_host"): S.SUBMITTED,
    (S.WAITING, "refuse_to_host"): S.RETURNED,
    (S.WAITING, "ask_host"): S.WAITING,
    (S.RETURNED, "ask_host"): S.WAITING,
    (S.VERIFIED, "ask_host"): S.WAITING,
    (S.SUBMITTED, "lose_host"): S.RETURNED,
    (S.VERIFIED, "lose_host"): S.RETURNED,
    (S.SUBMITTED, "verify"): S.VERIFIED,
    (S.SUBMITTED, "return_"): S.RETURNED,
    (S.RETURNED, "submit"): S.SUBMITTED,
    (S.VERIFIED, "reopen"): S.SUBMITTED,
}


def in_state(cast: Cast, state: str) -> Organisation:
    organisation = cast.organisations["enze"]
    organisation.state = state
    organisation.host = cast.organisations["banrixian"]
    organisation.verified_at = timezone.now() if state == S.VERIFIED else None
    organisation.save()
    return organisation


def actor_for(cast: Cast, verb: str):
    """Its manager, its host's, the product, or the officer."""
    actors = {"submit": "en", "ask_host": "en", "lose_host": "system"}
    return cast.people[actors.get(verb, "pan" if verb.endswith("_to_host") else "fan")]


def stamp(target: str | None) -> dict[str, object]:
    return {"verified_at": timezone.now() if target == S.VERIFIED else None}


@pytest.mark.parametrize(("state", "verb"), EVERY_STEP)
def test_every_verb_from_every_state(cast: Cast, state: str, verb: str) -> None:
    organisation = in_state(cast, state)
    target = DIAGRAM.get((S(state), verb))
    before = Change.objects.count()

    if target is None:
        with pytest.raises(OutOfTurn):
            ORGANISATION.move(organisation, verb, acting_user=actor_for(cast, verb))
    else:
        ORGANISATION.move(organisation, verb, acting_user=actor_for(cast, verb), **stamp(target))

    organisation.refresh_from_db()
    assert organisation.state == (target or state)
    assert Change.objects.count() - before == (1 if target else 0)


def test_move_leaves_who_what_and_why(cast: Cast) -> None:
    organisation = in_state(cast, S.SUBMITTED)

    change = ORGANISATION.move(
        organisation, "return_", acting_user=cast.fan, reason="名称与证书不符"
    )

    change.refresh_from_db()
    assert change.subject == organisation
    assert (change.verb, change.before, change.after) == ("return_", S.SUBMITTED, S.RETURNED)
    assert (change.acting_user, change.reason) == (cast.fan, "名称与证书不符")


def test_out_of_turn_says_state_and_verb(cast: Cast) -> None:
    organisation = in_state(cast, S.VERIFIED)

    with pytest.raises(OutOfTurn) as refusal:
        ORGANISATION.move(organisation, "return_", acting_user=cast.fan)

    assert "已核验" in str(refusal.value)
    assert "退回补正" in str(refusal.value)


@pytest.mark.parametrize("key", ["anan", "chen", "ding", "shu", "guo", "xu", "en"])
def test_nobody_but_the_officer_of_the_place_may_verify(cast: Cast, key: str) -> None:
    organisation = in_state(cast, S.SUBMITTED)
    before = Change.objects.count()

    with pytest.raises(NotAllowed):
        ORGANISATION.move(
            organisation, "verify", acting_user=cast.people[key], verified_at=timezone.now()
        )

    organisation.refresh_from_db()
    assert organisation.state == S.SUBMITTED
    assert Change.objects.count() == before


def test_open_to_draws_exactly_the_buttons_that_work(cast: Cast) -> None:
    organisation = in_state(cast, S.SUBMITTED)

    assert [arrow.verb for arrow in ORGANISATION.open_to(cast.fan, organisation)] == [
        "verify",
        "return_",
    ]
    assert ORGANISATION.open_to(cast.en, organisation) == []


def test_stale_thing_is_overtaken(cast: Cast) -> None:
    organisation = in_state(cast, S.SUBMITTED)
    stale = Organisation.objects.get(pk=organisation.pk)
    ORGANISATION.move(organisation, "return_", acting_user=cast.fan, reason="缺证书")

    with pytest.raises(Overtaken):
        ORGANISATION.move(stale, "verify", acting_user=cast.fan, verified_at=timezone.now())

    assert Organisation.objects.get(pk=organisation.pk).state == S.RETURNED


@pytest.fixture
def committed_cast(transactional_db: None, request: pytest.FixtureRequest) -> Cast:
    return request.getfixturevalue("cast")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_officers_at_once_move_it_once(committed_cast: Cast) -> None:
    organisation = in_state(committed_cast, S.SUBMITTED)
    before = Change.objects.count()

    def move(verb: str) -> None:
        # Both have read the row before either moves it.
        ORGANISATION.move(
            mine[verb],
            verb,
            acting_user=committed_cast.fan,
            reason="同时办理",
            **stamp(S.VERIFIED if verb == "verify" else None),
        )

    mine = {verb: Organisation.objects.get(pk=organisation.pk) for verb in ("verify", "return_")}
    outcomes = said_at_once(*(partial(move, verb) for verb in mine))

    assert outcomes == ["done", "overtaken"]
    assert Change.objects.count() - before == 1
