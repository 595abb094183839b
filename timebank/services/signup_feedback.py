"""评单: the organiser's word on what somebody did in a seat, given once when it is over."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.clock import database_now
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.messages import tell
from timebank.errors.activities import NotYetOver, RatedBefore
from timebank.models import Signup
from timebank.models.signups import SignupFeedback
from timebank.rules import activities as rules


def require_rateable(signup: Signup, *, acting_user: User) -> None:
    """A page asks before it shows its form. Refused: `NotAllowed`, `NotYetOver`, `RatedBefore`."""
    is_own = rules.is_signed_up(acting_user, signup)
    if is_own or not rules.may_excuse(acting_user, signup):
        raise NotAllowed()
    if signup.state != Signup.State.SEATED or database_now() < signup.ends_at:
        raise NotYetOver()
    if SignupFeedback.objects.filter(signup=signup).exists():
        raise RatedBefore()


@transaction.atomic
def rate_signup(signup: Signup, *, stars: int, words: str, acting_user: User) -> SignupFeedback:
    """One to five stars and a sentence; the volunteer is told. Never for oneself.

    Refused as `require_rateable` refuses.
    """
    require_rateable(signup, acting_user=acting_user)
    feedback, is_new = SignupFeedback.objects.get_or_create(
        signup=signup, defaults={"stars": stars, "words": words, "given_by": acting_user}
    )
    if not is_new:
        raise RatedBefore()
    record_change(signup, "rate", acting_user=acting_user, facts={"stars": stars})
    with translation.override(signup.volunteer.language):
        tell(
            signup.volunteer,
            kind="signup_rate",
            title=_("您的服务有了评单：%(title)s") % {"title": signup.shift.activity.title},
            body=_("%(stars)d 颗星。%(words)s") % {"stars": stars, "words": words},
            link=signup.shift.get_absolute_url(),
            key=f"signup-rate:{signup.pk}",
        )
    return feedback
