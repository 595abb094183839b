"""What this app puts on a role's home page."""

from accounts.home import Panel, Waiting
from accounts.models import Role, User


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    return []


def panels_for(user: User, role: Role | None) -> list[Panel]:
    return []
