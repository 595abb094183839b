"""What a public list says of the first step of a round in two steps."""

from django.utils.translation import gettext as _

from ventures.models import Proposal, Round


def how_selected(round: Round) -> list[str]:
    """In two steps: how many concepts there were, how many went on, and who did not follow."""
    if not round.has_concepts:
        return []
    unfiled = round.proposals.filter(state=Proposal.State.UNFILED).count()
    absent = _("入围后没有交完整申报书的 %(unfiled)d 份。") % {"unfiled": unfiled}
    return [
        _("先收到项目概要 %(all)d 份，入围 %(selected)d 份。")
        % {
            "all": round.proposals.concepts_in().count(),
            "selected": round.proposals.filter(invited_at__isnull=False).count(),
        },
        *([absent] if unfiled else []),
    ]
