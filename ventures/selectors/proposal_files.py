"""The files of a proposal as somebody reads it: what stands, or what was handed in.

While a proposal is being completed its text is the applicant's own until it is handed in again, and
so are its files: the office has those of the last version, with what was taken off since. The
signed page alone comes by itself.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from ventures.models import Proposal, ProposalFile
from ventures.rules.proposals import is_applicant, shares_in
from ventures.selectors.snapshots import latest_version_of


def files_before(user: User, proposal: Proposal) -> Iterable[ProposalFile]:
    """What stands with it, of a whole proposal without a query; or what was handed in."""
    if _reads_what_stands(user, proposal):
        return proposal.kept_files
    return files_open_to(user, proposal).order_by("pk")


def files_open_to(user: User, proposal: Proposal) -> QuerySet[ProposalFile]:
    """The files this person may open."""
    files = ProposalFile.objects.filter(proposal=proposal).select_related("attachment")
    stands = Q(removed_at__isnull=True)
    version = None if _reads_what_stands(user, proposal) else latest_version_of(proposal)
    if version is None:
        return files.filter(stands)
    handed_in = [one["sha256"] for one in version.snapshot["files"]]
    signed_page = stands & Q(kind=ProposalFile.Kind.SIGNATURE)
    return files.filter(signed_page | Q(attachment__sha256__in=handed_in))


def _reads_what_stands(user: User, proposal: Proposal) -> bool:
    writes = is_applicant(user, proposal) or shares_in(user, proposal)
    return writes or not proposal.is_redrafted
