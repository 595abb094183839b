"""Every path that moves minutes or fen, as a scene that can be played again and again."""

from tests.timebank.proof.paths_between import PathsBetweenBanks
from tests.timebank.proof.paths_hours import PathsOfHours
from tests.timebank.proof.paths_ledger import PathsOfLedger
from tests.timebank.proof.paths_orders import PathsOfOrders

OF_HOURS = [
    "reward",
    "overflowed_reward",
    "confirmed_record",
    "reversed_record",
    "gift_to_pool",
    "adjustment_by_two",
    "closed_account",
]
OF_ORDERS = ["placed_order", "settled_order", "released_order", "pool_order"]
BETWEEN_BANKS = ["sent_to_neighbour", "settled_at_neighbour", "returned_by_neighbour"]
OF_LEDGER = [
    "committed_award",
    "award_of_two_sources",
    "withdrawn_award_of_two_sources",
    "points_row_by_row",
    "adjusted_fund",
    "expired_hold",
    "bare_transfer",
    "bare_batch",
    "batch_row_by_row",
    "bare_reversal",
    "bare_hold",
    "bare_settlement",
    "bare_release",
]
PATHS = [*OF_HOURS, *OF_ORDERS, *BETWEEN_BANKS, *OF_LEDGER]


class Stage(PathsOfHours, PathsOfOrders, PathsBetweenBanks, PathsOfLedger):
    """All of them, on one ground."""
