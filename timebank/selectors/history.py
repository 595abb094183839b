"""What pages ask about imported history: where to, how far, which rows, what came of each."""

from collections.abc import Iterator

from django.core.cache import cache
from django.db.models import Q, QuerySet

from accounts import rules
from accounts.models import Role, Station, User
from timebank.models.adjustments import KEEPERS
from timebank.models.history import HistoryImport, HistoryRow

type Cell = str | int | None


def stations_to_bring_to(user: User) -> QuerySet[Station]:
    """One's own stations, and those of the places whose books one keeps."""
    return (
        Station.objects.filter(
            Q(pk__in=rules.stations_of(user))
            | Q(region__lineage__overlap=rules.regions_of(user, *KEEPERS))
        )
        .filter(state=Station.State.OPEN)
        .select_related("region")
        .order_by("name")
    )


def brings_history(user: User) -> bool:
    return rules.has_role(user, Role.Kind.COORDINATOR, *KEEPERS)


def done_so_far(history: HistoryImport) -> int:
    """How many rows a step has done: kept with the file, or said by a step that is one whole."""
    said: int = cache.get(f"history:{history.pk}:{history.state}", 0)
    return min(history.total, max(history.done, said))


def rows_of(history: HistoryImport) -> QuerySet[HistoryRow]:
    """The faulty rows while there are any, else all, in the order of the file."""
    rows = history.rows.select_related("volunteer", "service_type", "record").order_by("number")
    return rows.exclude(errors=[]) if history.faulty else rows


def report_rows(history: HistoryImport) -> Iterator[list[Cell]]:
    """The file as it was, with what became of each row beside it."""
    for row in history.rows.select_related("record").order_by("number").iterator(1_000):
        record = row.record.number if row.record else ""
        yield [row.number, "；".join(row.errors), record, *row.cells]


def history_waiting(user: User) -> QuerySet[HistoryImport]:
    """Files that wait for this person to take them in."""
    return (
        HistoryImport.objects.visible_to(user)
        .waiting()
        .filter(bank__region__lineage__overlap=rules.regions_of(user, *KEEPERS))
        .exclude(brought_by=user)
    )
