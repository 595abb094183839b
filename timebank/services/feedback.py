"""The recipient's word on a service (评单), given once."""

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from timebank.errors.orders import FeedbackGiven
from timebank.models import Feedback, ServiceOrder
from timebank.rules import orders as rules


@transaction.atomic
def give_feedback(order: ServiceOrder, *, stars: int, words: str, acting_user: User) -> Feedback:
    """Say how a settled service was, one to five stars and a sentence; the volunteer reads it.

    A word relayed by the station is marked so.
    Refused: `NotAllowed` (not the one served or who asked, or not settled), `FeedbackGiven`.
    """
    is_settled = order.state == ServiceOrder.State.SETTLED
    if not is_settled or not rules.may_judge_service(acting_user, order):
        raise NotAllowed()
    feedback, is_new = Feedback.objects.get_or_create(
        order=order,
        defaults={
            "stars": stars,
            "words": words,
            "given_by": acting_user,
            "is_relayed": rules.runs_its_station(acting_user, order)
            and order.recipient.user_id != acting_user.pk,
        },
    )
    if not is_new:
        raise FeedbackGiven(order=order.pk)
    record_change(order, "rate", acting_user=acting_user, facts={"stars": stars})
    return feedback
