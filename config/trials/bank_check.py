"""Compare what the clients of a bank test were told with what stands in the books."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from config.trials.bank import Journal, Movement
from config.trials.forms import MovementForm
from config.trials.ground import Ground
from timebank.models.ledger import Entry, Hold, HoldEnd, Transfer
from timebank.selectors.audit import Difference, differences_in

FEWEST = 5000


@dataclass
class Verdict:
    """What was wrong, by kind; all empty in a ledger that holds."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    moved_though_refused: list[str] = field(default_factory=list)
    told_otherwise: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    reads_not_conserving: int = 0
    reads_below_floor: int = 0
    differences: list[Difference] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            "acknowledged lost": len(self.lost),
            "duplicated": len(self.duplicated),
            "altered": len(self.altered),
            "moved though refused": len(self.moved_though_refused),
            "told otherwise when asked again": len(self.told_otherwise),
            "never answered": len(self.unanswered),
            "reads not conserving the total": self.reads_not_conserving,
            "reads with somebody below the floor": self.reads_below_floor,
            "differences in the recount": len(self.differences),
        }

    @property
    def holds(self) -> bool:
        return not any(self.counts().values())


def check(journal: Journal, ground: Ground, *, total: int) -> Verdict:
    """Every promise, one after the other; `total` is what all accounts have together."""
    verdict = Verdict(
        reads_not_conserving=sum(reading.total != total for reading in journal.readings),
        reads_below_floor=sum(reading.below_floor > 0 for reading in journal.readings),
        differences=differences_in(ground.book),
    )
    transfers, legs = _transfers_of(ground)
    holds, released = _holds_of(ground)
    for movement in journal.movements:
        by_hold = movement.how == MovementForm.RELEASED
        found = holds[movement.key] if by_hold else len(transfers[movement.key])
        if found > 1:
            verdict.duplicated.append(movement.key)
        elif movement.answer is not None and not found:
            verdict.lost.append(movement.key)
        elif movement.refused and found:
            verdict.moved_though_refused.append(movement.key)
        elif movement.answer is None and not movement.refused:
            verdict.unanswered.append(movement.key)
        if movement.told_otherwise:
            verdict.told_otherwise.append(movement.key)
        if _is_altered(movement, transfers[movement.key], legs, released):
            verdict.altered.append(movement.key)
    return verdict


def _is_altered(
    movement: Movement,
    transfers: list[int],
    legs: dict[int, dict[int, int]],
    released: dict[str, list[int]],
) -> bool:
    if movement.how == MovementForm.RELEASED:
        return bool(transfers) or any(
            amount != movement.amount for amount in released[movement.key]
        )
    asked = {movement.payer: -movement.amount, movement.payee: movement.amount}
    return any(legs[transfer] != asked for transfer in transfers)


def _transfers_of(ground: Ground) -> tuple[dict[str, list[int]], dict[int, dict[int, int]]]:
    by_source: dict[str, list[int]] = defaultdict(list)
    rows = Transfer.objects.filter(book_id=ground.book.pk).values_list("source", "pk")
    for source, pk in rows.order_by("pk"):
        by_source[source].append(pk)
    legs: dict[int, dict[int, int]] = defaultdict(dict)
    entries = Entry.objects.filter(book_id=ground.book.pk)
    for transfer, account, amount in entries.values_list("transfer_id", "account_id", "amount"):
        legs[transfer][account] = amount
    return by_source, legs


def _holds_of(ground: Ground) -> tuple[Counter[str], dict[str, list[int]]]:
    """How many holds each request left, and the amounts of those that were released."""
    counts: Counter[str] = Counter()
    released: dict[str, list[int]] = defaultdict(list)
    holds = Hold.objects.filter(book_id=ground.book.pk).values_list("source", "amount", "end__how")
    for source, amount, how in holds:
        counts[source] += 1
        if how == HoldEnd.RELEASED:
            released[source].append(amount)
    return counts, released
