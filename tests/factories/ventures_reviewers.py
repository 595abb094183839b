"""A pool of invented experts, each of a unit of her own, with numbers that can sign in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Region, User
from tests.factories.ventures import CITY
from ventures.models import Expert, Round, Track


def make_expert(name: str, *, tracks: Sequence[Track], **fields: Any) -> Expert:
    """Somebody of the city's pool whose mandate runs, with a sign-in."""
    count = Expert.objects.count()
    phone = f"+86100000{70_000 + count}"
    user = fields.pop("user", None) or User.objects.create_user(
        display_name=name, phone=phone, phone_verified=True
    )
    today = timezone.localdate()
    expert = Expert.objects.create(
        **(
            {
                "region": Region.objects.get(code=CITY),
                "user": user,
                "name": name,
                "phone": user.phone or phone,
                "employer": f"演示单位{count}",
                "title": "高级社会工作师",
                "levels": [level.value for level in Round.Level],
                "starts_on": today - timedelta(days=30),
                "ends_on": today + timedelta(days=700),
                "added_by": user,
            }
            | fields
        )
    )
    expert.tracks.set(tracks)
    return expert
