"""A sheet handed in while the panel closes is counted or refused, never lost: two connections."""

from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from tests.factories.ventures_awards import (
    assignment_of,
    draft,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from ventures.errors.reviews import PanelClosed
from ventures.models import Panel, Review
from ventures.selectors.rankings import ranking_of
from ventures.services.reviews import close_panel, open_sheet, submit_review

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def panel(cast) -> Panel:
    """丁老师 has handed in, 沈会计师 is about to, 陆总干事 has not opened hers."""
    round = make_round_in_review(cast.fan, [make_body("甲队")])
    panel = make_panel(round, [cast.ding, cast.shen, cast.lu], officer=cast.fan)
    hand_in(cast.ding, proposals_of(round)[0], 90)
    draft(cast.shen, proposals_of(round)[0], 80)
    return panel


def beside(held, other) -> list[str]:
    """Run `held` in an open transaction, `other` on a second connection until it waits for it or
    has answered; then commit. What each answered."""
    answers: list[str] = []
    begun = Event()

    def run() -> None:
        begun.set()
        try:
            other()
            answers.append("other done")
        except PanelClosed as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    with transaction.atomic():
        held()
        thread.start()
        begun.wait(5)
        _wait_for_a_waiter(thread)
        answers.append("held done")
    thread.join(20)
    assert not thread.is_alive(), "no deadlock"
    return answers


def _wait_for_a_waiter(thread: Thread) -> None:
    for _again in range(200):
        with connection.cursor() as cursor:
            # Unlike pg_stat_activity, not as it was at the first look of the transaction.
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        thread.join(0.02)
        if not thread.is_alive():
            return


def test_sheet_that_comes_while_the_panel_closes_is_refused(cast, panel: Panel):
    (proposal,) = proposals_of(panel.round)
    review = Review.objects.get(assignment=assignment_of(cast.shen, proposal))

    answers = beside(
        lambda: close_panel(panel, reason="一人请假", acting_user=cast.fan),
        lambda: submit_review(review, acting_user=cast.shen),
    )

    assert answers == ["held done", "panel_closed"]
    review.refresh_from_db()
    assert review.state == Review.State.DRAFT
    assert ranking_of(panel.round).standings[0].score_hundredths == 90_00


def test_sheet_that_was_first_is_counted_by_the_close(cast, panel: Panel):
    (proposal,) = proposals_of(panel.round)
    review = Review.objects.get(assignment=assignment_of(cast.shen, proposal))

    answers = beside(
        lambda: submit_review(review, acting_user=cast.shen),
        lambda: close_panel(panel, reason="一人请假", acting_user=cast.fan),
    )

    assert answers == ["held done", "other done"]
    panel.refresh_from_db()
    assert panel.state == Panel.State.CLOSED
    assert ranking_of(panel.round).standings[0].score_hundredths == 85_00


def test_sheet_opened_while_the_panel_closes_is_refused(cast, panel: Panel):
    (proposal,) = proposals_of(panel.round)
    assignment = assignment_of(cast.lu, proposal)

    answers = beside(
        lambda: close_panel(panel, reason="一人请假", acting_user=cast.fan),
        lambda: open_sheet(assignment, acting_user=cast.lu),
    )

    assert answers == ["held done", "panel_closed"]
    assert not Review.objects.filter(assignment=assignment).exists()
