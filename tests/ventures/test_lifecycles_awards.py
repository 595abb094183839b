"""Every state × every verb of reviewing, deciding and publishing, drawn from the tables."""

import pytest

from accounts.errors import NotAllowed, OutOfTurn
from accounts.models import Change
from tests.factories.ventures_awards import draft, make_panel, make_round_in_review
from ventures.lifecycles.decisions import DECISION, NOTICE
from ventures.lifecycles.reviews import ASSIGNMENT, PANEL, REVIEW
from ventures.models import Assignment, Decision, Panel, PublicNotice, Review

pytestmark = pytest.mark.django_db

TABLES = {
    "panel": (PANEL, Panel),
    "assignment": (ASSIGNMENT, Assignment),
    "review": (REVIEW, Review),
    "decision": (DECISION, Decision),
    "notice": (NOTICE, PublicNotice),
}
CASES = [
    (name, state, verb)
    for name, (table, model) in TABLES.items()
    for state in model.State.values
    for verb in table.verbs()
]
MAY = {
    ("panel", "close"): "fan",
    ("panel", "reopen"): "fan",
    ("panel", "stop"): "system",
    ("assignment", "recuse"): "ding",
    ("assignment", "keep_out"): "system",
    ("assignment", "remove"): "fan ou",
    ("assignment", "restore"): "fan ou",
    ("review", "submit"): "ding",
    ("review", "abstain"): "ding",
    ("review", "submit_paper"): "fan guan ou",
    ("review", "abstain_paper"): "fan guan ou",
    ("review", "give_back"): "fan",
    ("decision", "resolve"): "fan",
    ("decision", "promote"): "fan",
    ("decision", "publish"): "fan",
    ("decision", "withdraw"): "fan",
    ("decision", "conclude"): "fan",
    ("decision", "end"): "en",
    ("notice", "conclude"): "fan",
    ("notice", "withdraw"): "fan",
}
PEOPLE = ["fan", "ding", "shen", "xu", "ou", "shu", "jin", "en", "fu", "guan", "guo", "system"]


@pytest.fixture
def things(cast):
    round = make_round_in_review(
        cast.fan, [cast.organisations["enze"]], operator=cast.organisations["shelifang"]
    )
    panel = make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    proposal = round.proposals.get()
    review = draft(cast.ding, proposal, 80)
    return {
        "panel": panel,
        "assignment": review.assignment,
        "review": review,
        "decision": Decision(pk=0, proposal=proposal),
        "notice": PublicNotice(pk=0, round=round),
    }


def test_the_table_of_people_names_every_verb():
    assert set(MAY) == {(name, verb) for name, _state, verb in CASES}


@pytest.mark.parametrize(("name", "state", "verb"), CASES)
def test_a_verb_out_of_turn_is_refused_and_leaves_no_trace(things, cast, name, state, verb):
    table, _model = TABLES[name]
    thing = things[name]
    thing.state = state
    starts_here = any(a.verb == verb and a.starts_at(state) for a in table)
    if starts_here:
        return
    changes = Change.objects.count()

    with pytest.raises(OutOfTurn):
        table.move(thing, verb, acting_user=cast.people[MAY[name, verb].split()[0]])

    assert Change.objects.count() == changes


@pytest.mark.parametrize(("name", "verb"), MAY)
def test_only_those_named_may(things, cast, name, verb):
    table, _model = TABLES[name]
    thing = things[name]
    arrow = next(a for a in table if a.verb == verb)
    thing.state = next(iter(arrow.sources))

    able = {key for key in PEOPLE if table.allows(verb, cast.people[key], thing)}

    assert able == set(MAY[name, verb].split())


@pytest.mark.parametrize(("name", "verb"), MAY)
def test_others_are_not_allowed(things, cast, name, verb):
    table, _model = TABLES[name]
    thing = things[name]
    thing.state = next(iter(next(a for a in table if a.verb == verb).sources))

    with pytest.raises(NotAllowed):
        table.move(thing, verb, acting_user=cast.xu)
