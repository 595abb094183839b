"""Set what a round lets a budget hold, while it is drawn up; a copied round takes it over."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from accounts.services.changes import record_change
from ventures.models import BudgetRules, Round
from ventures.selectors.budget_rules import rules_of
from ventures.services.round_locks import locked_round
from ventures.services.rounds import require_draft_of


@transaction.atomic
def set_budget_rules(
    round: Round,
    *,
    not_funded_words: Sequence[str],
    management_percent: int | None,
    acting_user: User,
) -> BudgetRules:
    """Write the round's rules. Refused: to all but its officer, and once it is proposed."""
    round = locked_round(round)
    require_draft_of(acting_user, round)
    rules, _is_new = BudgetRules.objects.update_or_create(
        round=round,
        defaults={
            "not_funded_words": list(dict.fromkeys(not_funded_words)),
            "management_percent": management_percent,
        },
    )
    record_change(
        round,
        "set_budget_rules",
        facts={"words": rules.not_funded_words, "management_percent": management_percent},
        acting_user=acting_user,
    )
    return rules


def copy_budget_rules(round: Round, copy: Round) -> None:
    """The same rules for the round drawn up after it."""
    rules = rules_of(round)
    if rules is not None:
        BudgetRules.objects.create(
            round=copy,
            not_funded_words=rules.not_funded_words,
            management_percent=rules.management_percent,
        )
