"""统计说明: its figures are those of a round small enough to count by hand, for few eyes."""

import pytest
from django.urls import reverse

from tests.factories.ventures_awards import (
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from ventures.selectors.rankings import ranking_of
from ventures.selectors.statistics import statistics_of
from ventures.services.reviews import close_panel

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def scored(cast, table):
    """丁 and 沈 score each proposal; None: no sheet of hers."""
    round = make_round_in_review(cast.fan, [make_body(f"演示{n}队") for n in range(len(table))])
    panel = make_panel(round, [cast.ding, cast.shen], officer=cast.fan)
    for proposal, row in zip(proposals_of(round), table, strict=True):
        for reviewer, points in zip((cast.ding, cast.shen), row, strict=True):
            if points is not None:
                hand_in(reviewer, proposal, points)
    return round, panel


def test_agreement_is_what_the_published_formulas_give(cast, client):
    """沈 always gives 4 points less. Means 88, 78, 68 about 78: between proposals 200 a degree of
    freedom, between reviewers 24, the rest nothing. McGraw & Wong 1996: ICC(A,k) = 200 / (200 +
    24 / 3), ICC(A,1) = 200 / (200 + 2 · 24 / 3). Krippendorff 2011: observed 16, expected
    2 · 424 / 5. The order is the same: W = 1.
    """
    round, panel = scored(cast, [(90, 86), (80, 76), (70, 66)])

    told = statistics_of(round, ranking_of(round), sees_list=False)

    assert [figure.value for figure in told.figures] == ["0.962", "0.926", "0.906", "1.000"]
    assert "共同评过的项目太少" in told.why_not_calibrated
    close_panel(panel, acting_user=cast.fan)
    url = reverse("ventures:round-statistics", args=[round.code])
    answers = {}
    for key in ("fan", "shu", "ding", "en", "xu", "anan"):
        client.force_login(cast.people[key])
        answers[key] = client.get(url)
    assert {key: answer.status_code for key, answer in answers.items()} == {
        "fan": 200, "shu": 200, "ding": 403, "en": 403, "xu": 403, "anan": 403,
    }  # fmt: skip
    assert "0.962" in answers["fan"].content.decode()
    assert not any("0.962" in answers[key].content.decode() for key in ("ding", "en", "xu"))
    # Who belongs to an applicant now reads it no more.
    proposals_of(round)[0].applicant.memberships.create(user=cast.shu)
    client.force_login(cast.shu)
    assert client.get(url).status_code == 403


def test_a_lenient_reviewer_is_taken_out_of_the_score_she_alone_gave(cast):
    """丁 leans 2 points up and 沈 2 down, by the five both read. The sixth 丁 read alone: its 70
    are 68 without her leaning, the others stay the mean of both."""
    both = [(points, points - 4) for points in (90, 85, 80, 75, 71)]
    round, _panel = scored(cast, [*both, (70, None)])

    told = statistics_of(round, ranking_of(round), sees_list=False)

    assert told.leanings == ((1, "+2.00"), (2, "-2.00"))
    shown = {(one.raw, one.calibrated) for one in told.calibrated}
    assert shown == {(f"{a - 2}.00", f"{a - 2}.00") for a, _b in both} | {("70.00", "68.00")}
    assert told.why_not_calibrated == ""
