"""Tell those of the place above that they may answer what nobody has answered in time."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.language import OFFICIAL_LANGUAGE
from accounts.services.messages import tell
from ventures.models import AwardWish, Bonus, Override, Round, RoundStop
from ventures.rules import award_walks, award_wishes, bonuses, round_stops
from ventures.rules.rounds import publishing_seconds
from ventures.rules.second_person import Seconds
from ventures.selectors.second_person import when_away

# What waits: its round, who may answer, what it is called, where it is answered, its key.
type Wait = tuple[Round, Seconds, str, str, str]


@override(OFFICIAL_LANGUAGE)
def tell_those_above() -> int:
    """Each once, when the term of those who were asked first is over; how many may answer now."""
    told = 0
    for round, seconds, title, page, key in _waiting():
        if not seconds.is_overdue:
            continue
        for user in seconds.above:
            tell(
                user,
                kind="second_person",
                title=(title % {"name": round.name})[:120],
                body=when_away(seconds, round),
                link=f"/rounds/{round.code}/{page}/",
                key=f"{key}:above:{user.pk}",
            )
            told += 1
    return told


def _waiting() -> Iterator[Wait]:
    proposed = Round.objects.filter(state=Round.State.PROPOSED).select_related("region")
    for one in proposed:
        seconds, since = publishing_seconds(one), one.proposed_at
        title = _("征集公告等您审核：%(name)s")
        yield one, seconds, title, "desk", f"round:{one.pk}:proposed:{since:%Y%m%d%H%M%S}"
    asked = RoundStop.objects.filter(state=RoundStop.State.ASKED)
    for stop in asked.select_related("round__region", "asked_by"):
        seconds = round_stops.deciders_of(stop)
        title = _("提请终止征集，等您审核：%(name)s")
        yield stop.round, seconds, title, "stop", f"round_stop:{stop.pk}"
    wished = Override.objects.filter(
        state=Override.State.PROPOSED, round__state=Round.State.IN_REVIEW
    )
    for wish in wished.select_related("round__region", "proposed_by"):
        seconds = award_walks.deciders_of(wish)
        title = _("有项目提议不按建议名单，等您处理：%(name)s")
        yield wish.round, seconds, title, "walk", f"ventures.override:{wish.pk}"
    above = Bonus.objects.filter(
        state=Bonus.State.PROPOSED, proposal__round__state=Round.State.IN_REVIEW
    )
    for bonus in above.select_related("proposal__round__region", "proposed_by"):
        seconds = bonuses.deciders_of(bonus)
        title = _("有项目提出加分，等您处理：%(name)s")
        yield bonus.round, seconds, title, "bonuses", f"ventures.bonus:{bonus.pk}"
    about = AwardWish.objects.filter(state=AwardWish.State.PROPOSED)
    for one_wish in about.select_related("award__proposal__round__region", "proposed_by"):
        seconds = award_wishes.deciders_of(one_wish)
        title = (
            _("有项目提议更正金额，等您处理：%(name)s")
            if one_wish.kind == AwardWish.Kind.CORRECT
            else _("有项目提议取消立项，等您处理：%(name)s")
        )
        yield one_wish.round, seconds, title, "award-wishes", f"ventures.award_wish:{one_wish.pk}"
