"""What waits after a list was made public: objections to answer, revised budgets."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.home import Waiting
from accounts.models import Organisation, Region, User
from accounts.templatetags.kit import day
from ventures.models import RevisedBudget
from ventures.models.ordering import own_first
from ventures.rules import objections as rules
from ventures.selectors.notices import closing_instant_of as end_of_day
from ventures.selectors.objections import waiting_in
from ventures.selectors.revisions import Awaited, awaited_in, awaited_revisions


def waiting_for_answer(user: User, region: Region) -> list[Waiting]:
    """Objections that are hers to answer, in her region or for one below, the first due first;
    revisions of her own region to confirm, and those whose day has passed."""
    items = []
    # Her own place's first: twenty of the towns hide none of hers.
    asked = waiting_in(region).order_by(own_first("notice__round__region", [region.pk]), "due_on")
    objections = [one for one in asked[:20] if rules.is_objection_officer(user, one)]
    objections.sort(key=lambda one: one.due_on)
    if objections:
        items.append(
            Waiting(
                _("公示异议等您书面答复"),
                len(objections),
                reverse("ventures:objection-list"),
                icon="megaphone",
                hint=objections[0].notice.round.name,
                due_at=end_of_day(objections[0].due_on),
            )
        )
    handed_in = RevisedBudget.objects.filter(
        award__proposal__round__region=region,
        award__withdrawal__isnull=True,
        state=RevisedBudget.State.HANDED_IN,
    ).select_related("award__proposal__round__region")
    revisions = [one for one in handed_in[:20] if rules.is_revision_officer(user, one)]
    if revisions:
        proposal = revisions[0].award.proposal
        items.append(
            Waiting(
                _("修改稿等您确认"),
                len(revisions),
                reverse("ventures:proposal-revision", args=[proposal.code]),
                icon="file-earmark-text",
                hint=proposal.title,
            )
        )
    return items + _awaited_revisions(user, region)


def _awaited_revisions(user: User, region: Region) -> list[Waiting]:
    """Whose day for the revised budget has passed: hers to ask, and to give more time; and whose
    day is near."""
    today = timezone.localdate(database_now())
    awaited = awaited_in(region)
    groups = (
        (_("修改稿过期还没交，请催办或延长"), [one for one in awaited if one.is_late(today)]),
        (_("修改稿三天内到期，还没交"), [one for one in awaited if one.is_near(today)]),
    )
    items = []
    for label, found in groups:
        hers = [one for one in found[:20] if rules.may_extend_revision(user, one.proposal.round)]
        if hers:
            items.append(_awaited_line(label, hers))
    return items


def _awaited_line(label: str | Promise, hers: list[Awaited]) -> Waiting:
    first = hers[0]
    assert first.due_on is not None, "late or near is about a day"
    return Waiting(
        label,
        len(hers),
        reverse("ventures:proposal-revision", args=[first.proposal.code]),
        icon="hourglass-split",
        hint=_hint(first),
        due_at=end_of_day(first.due_on),
    )


def waiting_for_grantee(organisation: Organisation) -> list[Waiting]:
    """Awards given after revision whose revised budget is still to come, the first due first."""
    due = awaited_revisions(Q(proposal__applicant=organisation))
    if not due:
        return []
    first = due[0]
    return [
        Waiting(
            _("修改稿还没交"),
            len(due),
            reverse("ventures:proposal-revision", args=[first.proposal.code]),
            icon="pencil",
            hint=_hint(first),
            due_at=end_of_day(first.due_on) if first.due_on else None,
        )
    ]


def _hint(one: Awaited) -> str:
    """Whose it is and until when: 楼道里的热茶 · 期限 2026年12月7日 周一."""
    if one.due_on is None:
        return one.proposal.title
    return gettext("%(title)s · 期限 %(day)s") % {
        "title": one.proposal.title,
        "day": day(one.due_on),
    }
