"""Tell those who are writing that a word of their form was put right."""

from django.utils.translation import gettext as _

from ventures.models import FormVersion, Proposal
from ventures.selectors.proposal_form import field_label
from ventures.services.proposals import tell_applicant


def tell_of_correction(version: FormVersion, name: str) -> int:
    """Once to each member of each applicant that has a draft; return how many drafts."""
    drafts = Proposal.objects.filter(
        round=version.round, state__in=[Proposal.State.DRAFT, Proposal.State.RETURNED]
    )
    for proposal in drafts:
        tell_applicant(
            proposal,
            kind="form_corrected",
            title=lambda: _("申报表有文字更正：%(round)s") % {"round": version.round.name},
            body=lambda: (
                _("“%(label)s”的文字更正了（第 %(number)d 版）。原因：%(reason)s。已填的内容不变。")
                % {
                    "label": field_label(name, version.round),
                    "number": version.number,
                    "reason": version.reason,
                }
            ),
            key=f"round:{version.round_id}:form:{version.number}:{proposal.pk}",
        )
    return len(drafts)
