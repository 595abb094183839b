"""What an app may put on a role's home page: things that wait, and panels.

The front desk (`config.views.home`) asks every app for both and shows them; no app knows another.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

type Words = str | Promise


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the person: what, how many, where, how urgent."""

    label: Words
    count: int
    url: str
    icon: str = "inbox"
    hint: Words = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Panel:
    """A part of a home page: a template and the plain values it shows as `panel`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
