"""What waits after a list was made public: objections to answer, revised budgets."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.home import Waiting
from accounts.models import Organisation, Region, User
from ventures.models import Decision, Proposal, RevisedBudget
from ventures.rules import objections as rules
from ventures.selectors.notices import closing_instant_of as end_of_day
from ventures.selectors.objections import waiting_in


def waiting_for_answer(user: User, region: Region) -> list[Waiting]:
    """Objections that are hers to answer, in her region or for one below, the first due first;
    revisions of her own region to confirm."""
    items = []
    objections = [one for one in waiting_in(region)[:20] if rules.is_objection_officer(user, one)]
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
        award__proposal__round__region=region, state=RevisedBudget.State.HANDED_IN
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
    return items


def waiting_for_grantee(organisation: Organisation) -> list[Waiting]:
    """Awards given after revision whose revised budget is still to come."""
    due = list(
        Proposal.objects.filter(
            applicant=organisation,
            state=Proposal.State.AWARDED,
            decision__needs_revision=True,
            decision__state=Decision.State.FINAL,
        )
        .exclude(award__revised_budgets__state__in=["handed_in", "confirmed"])
        .order_by("code")[:20]
    )
    if not due:
        return []
    return [
        Waiting(
            _("修改稿还没交"),
            len(due),
            reverse("ventures:proposal-revision", args=[due[0].code]),
            icon="pencil",
            hint=due[0].title,
        )
    ]
