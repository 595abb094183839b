"""Put a round's money into its book in the time bank's ledger, through its door."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from timebank.doors import FundPart, open_fund
from ventures.models import FundSource, Round


def open_round_fund(round: Round, *, acting_user: User) -> None:
    """Open the book with an account for each source of the round's money, so that whose money came
    in can be told for good; again changes nothing.

    Where the sources do not say the whole fund the money has one source without a name.
    """
    sources = list(round.sources.all())
    says_all = sum(source.amount_fen for source in sources) == round.fund_fen
    open_fund(
        round.fund_key,
        round.name,
        round.fund_fen,
        acting_user,
        parts=[_part_of(source) for source in sources] if says_all else (),
    )


def _part_of(source: FundSource) -> FundPart:
    with override(settings.LANGUAGE_CODE):
        kind = source.get_kind_display()
        named = _("%(kind)s（%(name)s）") % {"kind": kind, "name": source.name}
    return FundPart(
        key=f"source:{source.position}",
        label=named if source.name else kind,
        amount_fen=source.amount_fen,
    )
