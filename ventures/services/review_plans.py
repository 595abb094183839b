"""评审办法: switch on what a round does beyond the plain meeting, before the panel is named."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from ventures.models import ReviewPlan, Round
from ventures.rules import experts as rules

KEPT = (
    "by_invitation", "by_draw", "divides", "readers", "least", "most", "answer_days",
    "field_weight", "place_weight", "again_weight",
)  # fmt: skip


@transaction.atomic
def set_review_plan(round: Round, values: Mapping[str, Any], *, acting_user: User) -> ReviewPlan:
    """Write down what the round does; each change stays in its trail.

    Refused: to whoever does not decide in the round (`NotAllowed`).
    """
    round = Round.objects.select_for_update().get(pk=round.pk)
    if not rules.may_find_reviewers(acting_user, round):
        raise NotAllowed()
    plan = ReviewPlan.objects.filter(round=round).first() or ReviewPlan(round=round)
    before = {name: getattr(plan, name) for name in KEPT}
    for name in KEPT:
        setattr(plan, name, values[name])
    plan.set_by, plan.set_at = acting_user, database_now()
    plan.save()
    changed = {name: values[name] for name in KEPT if before[name] != values[name]}
    record_change(plan, "set_review_plan", facts=changed, acting_user=acting_user)
    return plan
