"""Questions asked with every request: their SQL is made once per process, not once per time.

Making the SQL of a queryset takes the ORM several times as long as the database takes to answer
it. A `Question` is a queryset with gaps (`asked("name")` stands where a value will), compiled when
it is first asked; what comes back are ordinary model objects with their related ones. It is for
the few questions that everybody's every request asks (who is this, what may they do), nothing
else: any other place builds its queryset where it needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import Value
from django.db.models.query import get_related_populators


@dataclass(frozen=True)
class Gap:
    """Stands in the compiled statement's values for one that is given when it is asked."""

    name: str


def asked(name: str) -> Value:
    """A value that is not known until the question is asked."""
    return Value(Gap(name))


class Question[M: models.Model]:
    """A queryset, compiled once; `ask` fills its gaps and returns the objects."""

    def __init__(self, make: Callable[[], models.QuerySet[M]]) -> None:
        self.make = make
        self.prepared: tuple[str, tuple[Any, ...], Callable[[Any], list[M]]] | None = None

    def ask(self, **values: Any) -> list[M]:
        if self.prepared is None:
            self.prepared = self._prepare()
        statement, places, read = self.prepared
        bound = [values[place.name] if isinstance(place, Gap) else place for place in places]
        with connection.cursor() as cursor:
            cursor.execute(statement, bound)
            return read(cursor.fetchall())

    def _prepare(self) -> tuple[str, tuple[Any, ...], Callable[[Any], list[M]]]:
        """What Django's own `ModelIterable` works out anew for every queryset."""
        queryset: Any = self.make()
        compiler: Any = queryset.query.get_compiler(connection=connection)
        statement, places = compiler.as_sql()
        select, about = compiler.select, compiler.klass_info
        columns = about["select_fields"]
        first, last = columns[0], columns[-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        related = get_related_populators(about, select, connection.alias, queryset._fetch_mode)
        converters = compiler.get_converters([column for column, _, _ in select])
        assert not compiler.annotation_col_map, "a question asks for objects as they are"
        model: type[M] = about["model"]

        def read(rows: Any) -> list[M]:
            found = []
            for row in compiler.apply_converters(rows, converters) if converters else rows:
                one = model.from_db("default", names, row[first:last])
                for populator in related:
                    populator.populate(row, one)
                found.append(one)
            return found

        return statement, tuple(places), read
