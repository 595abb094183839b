"""Who is too near to whom, for those who only need to keep people apart."""

from django.db.models import Q

from timebank.models.relations import Relation


def relatives_of(people: list[int]) -> list[tuple[int, int]]:
    """Pairs of one of these people and a declared relative; it holds both ways."""
    rows = Relation.objects.standing().filter(Q(declared_by__in=people) | Q(relative__in=people))
    pairs = rows.values_list("declared_by", "relative")
    both = {pair for one, other in pairs for pair in ((one, other), (other, one))}
    return sorted(pair for pair in both if pair[0] in set(people))
