"""What a dossier keeps of who gave no score: the seat and the kind of tie, and no private word."""

import json

import pytest

from tests.factories.ventures_awards import (
    assignment_of,
    draft,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from ventures.models import Conflict
from ventures.selectors.dossiers import dossier_of
from ventures.services.assignments import declare_recusal
from ventures.services.reviews import abstain

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_dossier_names_seats_and_kinds_and_keeps_the_words(cast):
    round = make_round_in_review(cast.fan, [make_body(f"演示{n}队") for n in "甲乙丙"])
    make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    first, second, third = proposals_of(round)
    abstain(draft(cast.shen, first, 70), reason="材料看不懂", acting_user=cast.shen)
    declare_recusal(
        assignment_of(cast.ding, second), ground="other", words="表姐的队", acting_user=cast.ding
    )
    hand_in(cast.ding, third, 80)
    third.applicant.memberships.create(user=cast.ding)
    Conflict.objects.create(
        proposal=third, person=cast.shen, person_name="沈", kind="relative", source="detected",
        words="配偶", declared_by=cast.fan,
    )  # fmt: skip

    content = dossier_of(round)

    rows = {row["code"]: (row["abstained"], row["kept_out"]) for row in content["ranking"]}
    assert rows == {
        first.code: ([2], []),
        second.code: ([], [{"seat": 1, "kinds": ["other"], "has_sheet": False}]),
        third.code: (
            [],
            [
                {"seat": 1, "kinds": ["belongs"], "has_sheet": True},
                {"seat": 2, "kinds": ["interest"], "has_sheet": False},
            ],
        ),
    }
    text = json.dumps(content, ensure_ascii=False)
    assert not any(word in text for word in ("表姐", "配偶", "看不懂", "relative"))
