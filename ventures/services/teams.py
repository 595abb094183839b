"""执行社工团队: the organisation whose people are named to carry a project out is told, and may say
whether it is so. Its answer is `services.partners`.
"""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.changes import record_change
from accounts.services.hostings import tell_managers
from ventures.lifecycles.partners import PARTNER
from ventures.models import Partner, Proposal


def ask_team(proposal: Proposal, *, acting_user: User) -> Partner | None:
    """Asked with every handing in that names another organisation's people: its managers are told,
    and read the proposal to see what is said of them. Nothing waits for the answer: the office
    sees it at the screening, and the three-party agreement asks for its signature in any case.

    Who is applicant, host or co-applicant has a say already; who is named no longer is let go.
    """
    named = proposal.team_organisation
    standing = proposal.partners.filter(state__in=Partner.STANDING).select_related("organisation")
    for row in standing.filter(is_team=True).exclude(organisation=named):
        row.proposal = proposal
        PARTNER.move(row, "remove", acting_user=acting_user)
    if named is None or named.pk in (proposal.applicant_id, proposal.host_id):
        return None
    if standing.filter(organisation=named).exists():
        return None
    with override(settings.LANGUAGE_CODE):  # stands in the agreement
        part = _("派出执行社工团队")
    asked = Partner.objects.create(
        proposal=proposal,
        organisation=named,
        region=proposal.communities.first() or proposal.round.region,
        part=part,
        is_team=True,
        asked_by=acting_user,
    )
    record_change(proposal, "name_team", after=named.name, acting_user=acting_user)
    tell_managers(
        named,
        kind="team_named",
        title=lambda: (
            _("%(applicant)s的申报书写明由贵单位的社工执行")
            % {"applicant": proposal.applicant_name}
        ),
        body=lambda: (
            _("申报书 %(code)s《%(title)s》。请打开“我们的申报”看一看，确认或者说明不是这样。")
            % {"code": proposal.code, "title": proposal.title}
        ),
        key=f"team:{asked.pk}:asked",
    )
    return asked
