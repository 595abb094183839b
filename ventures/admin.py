"""What of the ventures the reading room keeps closed: traces and files of sealed proposals.

Nothing of the ventures is shown there; but the trail and the files of all apps are.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from accounts.admin_site import keep_closed
from accounts.models import Attachment, Change
from ventures.models import Proposal, Round
from ventures.models.deadlines import sealed


def changes_under_seal() -> Q:
    """What was done to a sealed proposal, and who looked into one, until its round is opened."""
    kinds = ContentType.objects.get_for_models(Proposal, Round)
    proposals = Proposal.objects.filter(sealed("round__"))
    rounds = Round.objects.filter(sealed())
    return Q(content_type=kinds[Proposal], object_id__in=proposals.values("pk")) | Q(
        content_type=kinds[Round], object_id__in=rounds.values("pk"), verb="peek"
    )


def files_under_seal() -> Q:
    proposals = Proposal.objects.filter(sealed("round__"))
    return Q(proposal_file__proposal__in=proposals.values("pk"))


keep_closed(Change, changes_under_seal)
keep_closed(Attachment, files_under_seal)
