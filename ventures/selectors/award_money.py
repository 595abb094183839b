"""Whose money awards are: each source's part, as the ledger bore it.

Said where a round has several sources; a fund of one source says it in the call. How an award is
shared among the sources is the ledger's own doing (`timebank.doors`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from timebank import doors
from ventures.models import Award, Decision, Round

type Parts = list[dict[str, Any]]


def money_of(round: Round, decisions: Iterable[Decision]) -> dict[int, Parts]:
    """For each awarded proposal its sources with their parts, in the order of the call."""
    awards = Award.objects.filter(
        decision__in=[one.pk for one in decisions],
        transfer_id__isnull=False,
        withdrawal__isnull=True,
    )
    transfers = {
        number: proposal
        for number, proposal in awards.values_list("transfer_id", "proposal_id")
        if number is not None
    }
    if not transfers:
        return {}
    shares = doors.fund_shares(round.fund_key, transfers)
    return {
        transfers[number]: [{"source": one.label, "amount_fen": one.amount_fen} for one in parts]
        for number, parts in shares.items()
    }


def together(projects: Iterable[Mapping[str, Any]]) -> Parts:
    """What each source bears of a whole list; projects say their own parts."""
    sums: dict[str, int] = {}
    for project in projects:
        for part in project.get("sources", ()):
            sums[part["source"]] = sums.get(part["source"], 0) + part["amount_fen"]
    return [{"source": name, "amount_fen": fen} for name, fen in sums.items()]


def parts_in_words(parts: Parts) -> str:
    """福彩公益金 5,006.40 元，基金会 3,337.60 元."""
    return _("，").join(
        _("%(source)s %(yuan)s 元")
        % {
            "source": one["source"],
            "yuan": f"{one['amount_fen'] // 100:,}.{one['amount_fen'] % 100:02d}",
        }
        for one in parts
    )
