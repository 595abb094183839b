"""Who may do what with hours between banks. Pure questions."""

from accounts.models import Role, User
from accounts.rules import has_role_over, is_officer_over
from timebank.models.banks import TimeBank
from timebank.models.clearing import ClearingAgreement, Crossing
from timebank.models.ledger import AccountKind, LedgerAccount


def is_the_settler(user: User, _crossing: Crossing) -> bool:
    """The product itself, finishing what was sent."""
    return user.kind == User.Kind.SYSTEM


def may_send_from(user: User, account: LedgerAccount, bank: TimeBank) -> bool:
    """One's own hours; a bank's other accounts by its officers; anything by the product."""
    if user.kind == User.Kind.SYSTEM:
        return True
    if account.kind == AccountKind.PERSON:
        return account.owner_key == f"user:{user.pk}"
    return is_officer_over(user, bank.region)


def may_agree_clearing(user: User, *banks: TimeBank) -> bool:
    """The product, or an administrator of both places."""
    return user.kind == User.Kind.SYSTEM or all(
        has_role_over(user, bank.region, Role.Kind.ADMINISTRATOR) for bank in banks
    )


def may_read_clearing(user: User, agreement: ClearingAgreement) -> bool:
    """Officers and auditors of either bank's place."""
    kinds = (Role.Kind.OFFICER, Role.Kind.AUDITOR, Role.Kind.ADMINISTRATOR)
    return any(
        has_role_over(user, bank.region, *kinds)
        for bank in (agreement.first_bank, agreement.second_bank)
    )
