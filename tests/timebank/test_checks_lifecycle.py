"""What looks into records: no verb leaves a state its arrows do not start at."""

import pytest

from accounts.errors import OutOfTurn
from accounts.models import User
from timebank.lifecycles.checks import BAR, INSPECTION, INSPECTION_ITEM, QUERY
from timebank.lifecycles.records import SCREENING
from timebank.models import Inspection, InspectionItem, RecordQuery, Screening, SelfReportBar

TABLES = (
    (QUERY, RecordQuery),
    (INSPECTION, Inspection),
    (INSPECTION_ITEM, InspectionItem),
    (BAR, SelfReportBar),
    (SCREENING, Screening),
)
CASES = [
    (table, model, state, verb)
    for table, model in TABLES
    for state in model.State.values
    for verb in table.verbs()
    if not any(arrow.verb == verb and arrow.starts_at(state) for arrow in table)
]


@pytest.mark.parametrize(("table", "model", "state", "verb"), CASES)
def test_no_verb_leaves_a_state_it_does_not_start_at(table, model, state, verb):
    with pytest.raises(OutOfTurn):
        table.require(model(state=state), verb, acting_user=User())


def test_every_state_but_the_first_is_reached_and_the_last_ones_are_left_by_none():
    ends = {
        model.__name__: set(model.State.values)
        - {source for arrow in table for source in arrow.sources}
        for table, model in TABLES
    }

    for table, model in TABLES:
        reached = {arrow.target for arrow in table}
        assert len(set(model.State.values) - reached) <= 1
    assert ends == {
        "RecordQuery": {"corrected", "withdrawn"},
        "Inspection": {"published"},
        "InspectionItem": {"passed", "closed", "false"},
        "SelfReportBar": {"lifted"},
        "Screening": {"cleared", "false"},
    }
