"""Questions asked with every request: their SQL is made once per process, not once per time.

Making the SQL of a queryset takes the ORM several times as long as the database takes to answer
it. A `Question` is a queryset with gaps (`asked("name")` stands where a value will), written out
when it is first asked; what comes back are ordinary model objects with their related ones. It is
for the few questions that everybody's every request asks (who is this, what may they do), nothing
else: any other place builds its queryset where it needs it.

The ORM writes the statement as for anybody, and objects are made as the ORM makes them (`from_db`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models import F, Value


@dataclass(frozen=True)
class Gap:
    """Stands in the statement's values for one that is given when it is asked."""

    name: str


def asked(name: str) -> Value:
    """A value that is not known until the question is asked."""
    return Value(Gap(name))


@dataclass(frozen=True)
class Written:
    """A statement and what fills its places."""

    statement: str
    places: Sequence[Any]


@dataclass(frozen=True)
class Part:
    """The columns of one object in a row: of the one asked for, or of one related to it."""

    path: str
    model: type[models.Model]
    first: int

    @property
    def fields(self) -> "list[models.Field[Any, Any]]":
        """In the order in which the model's own `__init__` takes them."""
        return [
            field
            for field in self.model._meta.get_fields()
            if isinstance(field, models.Field) and field.concrete
        ]

    @property
    def columns(self) -> list[str]:
        before = f"{self.path}__" if self.path else ""
        return [f"{before}{field.attname}" for field in self.fields]

    def reader(self) -> Callable[[Sequence[Any]], models.Model | None]:
        """Makes the object of a row; nothing where the row has none."""
        fields, first = self.fields, self.first
        names, last = [field.attname for field in fields], first + len(fields)
        key = first + next(place for place, field in enumerate(fields) if field.primary_key)
        shaped = [
            (place, field.from_db_value, F(field.attname))
            for place, field in enumerate(fields)
            if hasattr(field, "from_db_value")
        ]
        make, alias = self.model.from_db, connection.alias

        def read(row: Sequence[Any]) -> models.Model | None:
            if row[key] is None:
                return None
            values = row[first:last]
            if shaped:
                values = list(values)
                for place, shape, column in shaped:
                    values[place] = shape(values[place], column, connection)
            return make(alias, names, values)

        return read


class Question[M: models.Model]:
    """A queryset, written out once; `ask` fills its gaps and returns the objects.

    `related` names what comes with them, each after what it hangs on: `station`,
    `station__region`.
    """

    def __init__(self, make: Callable[[], models.QuerySet[M]], *related: str) -> None:
        self.make = make
        self.related = related
        self.prepared: tuple[str, list[Any], Callable[[Any], list[M]]] | None = None

    def ask(self, **values: Any) -> list[M]:
        if self.prepared is None:
            self.prepared = self._prepare()
        statement, places, read = self.prepared
        bound = [values[place.name] if isinstance(place, Gap) else place for place in places]
        with connection.cursor() as cursor:
            cursor.execute(statement, bound)
            return read(cursor.fetchall())

    def _prepare(self) -> tuple[str, list[Any], Callable[[Any], list[M]]]:
        queryset = self.make()
        parts = [Part("", queryset.model, 0)]
        for path in self.related:
            end = parts[-1].first + len(parts[-1].fields)
            parts.append(Part(path, _model_at(queryset.model, path), end))
        columns = [column for part in parts for column in part.columns]
        written = _written(queryset.values_list(*columns))
        whole = parts[0].reader()
        hung = [(part.path, *part.path.rpartition("__")[::2], part.reader()) for part in parts[1:]]

        def read(rows: Any) -> list[M]:
            found: list[Any] = []
            for row in rows:
                made = {"": whole(row)}
                for path, parent, name, reader in hung:
                    holder, made[path] = made[parent], reader(row)
                    if holder is not None:
                        setattr(holder, name, made[path])
                found.append(made[""])
            return found

        return written.statement, list(written.places), read


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    for name in path.split("__"):
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type), f"{name} of {model.__name__} leads to one object"
        model = related
    return model


def _written(rows: "models.QuerySet[Any, Any]") -> Written:
    """The statement as the ORM would send it now; nothing is sent."""
    connection.ensure_connection()  # what it may write depends on the server's version
    statement, places = rows.query.get_compiler(connection=connection).as_sql()
    return Written(statement, places)
