"""What of the ventures the reading room keeps closed: traces and files of sealed proposals, and of
those its reader is tied to (回避).

Nothing of the ventures is shown there; but the trail and the files of all apps are.
"""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from accounts.admin_site import keep_closed
from accounts.models import Attachment, Change, User
from ventures.models import BlindCopy, Proposal, Review, Round
from ventures.models.deadlines import sealed
from ventures.models.ties import tied_to


def changes_under_seal(_reader: User) -> Q:
    """What was done to a sealed proposal, and who looked into one, until its round is opened."""
    kinds = ContentType.objects.get_for_models(Proposal, Round)
    proposals = Proposal.objects.filter(sealed("round__"))
    rounds = Round.objects.filter(sealed())
    return Q(content_type=kinds[Proposal], object_id__in=proposals.values("pk")) | Q(
        content_type=kinds[Round], object_id__in=rounds.values("pk"), verb="peek"
    )


def files_under_seal(_reader: User) -> Q:
    proposals = Proposal.objects.filter(sealed("round__"))
    return Q(proposal_file__proposal__in=proposals.values("pk"))


def changes_of_ties(reader: User) -> Q:
    """What was done to a proposal she is tied to, or to anything that hangs on it."""
    tied = Proposal.objects.filter(tied_to(reader)).values("pk")
    kinds = ContentType.objects.get_for_models(*_ways_to_proposals())
    closed = Q(pk__in=[])
    for model, way in _ways_to_proposals().items():
        rows = model._default_manager.filter(**{f"{way}__in": tied})
        closed |= Q(content_type=kinds[model], object_id__in=rows.values("pk"))
    return closed


def files_of_ties(reader: User) -> Q:
    return Q(proposal_file__proposal__in=Proposal.objects.filter(tied_to(reader)).values("pk"))


def _ways_to_proposals() -> dict[type[Model], str]:
    """Every table whose rows are of one proposal, and the way there."""
    ways: dict[type[Model], str] = {
        Proposal: "pk",
        Review: "assignment__proposal",
        BlindCopy: "version__proposal",
    }
    for model in apps.get_app_config("ventures").get_models():
        names = {field.name for field in model._meta.concrete_fields}
        if "proposal" in names and model._meta.pk.get_internal_type() != "UUIDField":
            ways[model] = "proposal"
    return ways


keep_closed(Change, changes_under_seal)
keep_closed(Change, changes_of_ties)
keep_closed(Attachment, files_under_seal)
keep_closed(Attachment, files_of_ties)
