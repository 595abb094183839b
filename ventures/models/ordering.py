"""What stands first in a list that is cut short."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, Value, When


def own_first(region_path: str, own: Sequence[int]) -> Case:
    """What belongs to one of one's own regions before what belongs to those below them."""
    mine = When(**{f"{region_path}__in": own}, then=Value(0))
    return Case(mine, default=Value(1), output_field=IntegerField())
