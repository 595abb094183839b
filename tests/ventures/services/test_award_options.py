"""Options of the rules of award that a round may choose: each with a figure that would be another
without it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Region
from tests.factories.ventures_awards import (
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.plugins.relay import laid_again
from ventures.models import AwardLimit, AwardTerms, Proposal
from ventures.selectors.award_walks import suggestion_of
from ventures.selectors.notices import usual_terms_of
from ventures.services.reviews import close_panel

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
@laid_again
def round(cast):
    """Two proposals of one score under a fund for one: 6,150 yuan suggested, then 5,000."""
    round = make_round_in_review(cast.fan, [make_body("甲队"), make_body("乙队")], fund_fen=700_000)
    panel = make_panel(round, [cast.ding], officer=cast.fan)
    first, second = proposals_of(round)
    hand_in(cast.ding, first, 80)
    hand_in(cast.ding, second, 80, suggested_fen=500_000)
    close_panel(panel, acting_user=cast.fan)
    AwardTerms.objects.create(round=round, is_walked=True)
    return round


def awards_of(round, **terms):
    AwardTerms.objects.filter(round=round).update(**terms)
    awards = suggestion_of(type(round).objects.get(pk=round.pk)).awards
    return [awards[one.code] for one in proposals_of(round)]


def test_of_equal_scores_the_smaller_amount_comes_first_where_said(round):
    assert awards_of(round, tie_order="criteria") == [615_000, 0]
    assert awards_of(round, tie_order="smaller") == [0, 500_000]


def test_of_equal_scores_the_earlier_comes_first_where_said(round):
    first, second = proposals_of(round)
    for hours, one in ((1, second), (0, first)):
        submitted_at = timezone.now() - timedelta(hours=hours)
        Proposal.objects.filter(pk=one.pk).update(submitted_at=submitted_at)

    assert awards_of(round, tie_order="criteria") == [615_000, 0]
    assert awards_of(round, tie_order="earlier") == [0, 500_000]


def test_no_town_has_more_than_its_ceiling(cast):
    """The best two are of one town: its second gives way to the third, of another."""
    bodies = [make_body(name) for name in ("甲队", "乙队", "丙队")]
    round = make_round_in_review(cast.fan, bodies, fund_fen=1_500_000)
    panel = make_panel(round, [cast.ding], officer=cast.fan)
    for points, one in zip((90, 85, 80), proposals_of(round), strict=True):
        hand_in(cast.ding, one, points)
    close_panel(panel, acting_user=cast.fan)
    terms = AwardTerms.objects.create(round=round, is_walked=True)
    here = proposals_of(round)[0].communities.get()
    elsewhere = Region.objects.create(
        code="330481999001", name="演示社区", short_name="演示社区", level=here.level,
        kind=here.kind, parent=round.region, lineage=[*here.lineage[:-2], 10**6, 10**6 + 1],
        valid_from=date(2023, 6, 30),
    )  # fmt: skip
    proposals_of(round)[2].communities.set([elsewhere])

    assert awards_of(round) == [615_000, 615_000, 0]
    AwardLimit.objects.create(terms=terms, position=1, kind="ceiling", over="town", projects=1)
    assert awards_of(round) == [615_000, 0, 615_000]


def test_a_notice_of_fifteen_days_runs_fifteen_working_days_or_all_days(round):
    """From Monday the 4th of January 2027, in weeks without a public holiday."""
    monday = date(2027, 1, 4)
    assert usual_terms_of(round, monday).runs_until() == date(2027, 1, 8)

    round.notice_working_days = 15

    assert usual_terms_of(round, monday).runs_until() == date(2027, 1, 22)
    round.award_terms.notice_counting = AwardTerms.Counting.CALENDAR
    round.award_terms.save()
    assert usual_terms_of(round, monday).runs_until() == date(2027, 1, 18)
