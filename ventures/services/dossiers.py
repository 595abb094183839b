"""Freeze what a decision used, in the act that decides; each written once and numbered."""

from accounts.models import User
from ventures.models import Dossier, Round
from ventures.reckoning.award_record import fingerprint
from ventures.selectors.dossiers import dossier_of


def keep_dossier(round: Round, occasion: str, *, acting_user: User) -> Dossier:
    """In the caller's transaction, under the round's lock."""
    content = dossier_of(round)
    return Dossier.objects.create(
        round=round,
        occasion=occasion,
        number=round.dossiers.filter(occasion=occasion).count() + 1,
        content=content,
        sha256=fingerprint(content),
        made_by=acting_user,
    )
