"""Migrations that draw the models once for many steps.

Between two steps Django draws every model that is related to what the step changed, and here
everything is related to people: three hundred steps times a hundred and fifty models were nine
tenths of what preparing a database cost. Steps that do not build on one another are taken
together: first all are told to the state, then the models are drawn once, then all are done.

    class Migration(WholeMigration): ...

A migration that stays with Django's own class works too, only slower. What is done in the database,
and in which order, is the same.
"""

from collections.abc import Iterator, Sequence

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

# May follow the making of the same table: they read it as it will be.
_AFTER_MAKING = (AddTrigger, migrations.AlterModelOptions)
_CHANGES = (
    migrations.AddField,
    migrations.AlterField,
    migrations.RemoveField,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AddIndex,
    migrations.RemoveIndex,
)


class WholeMigration(migrations.Migration):
    """Apply steps in groups; going back, and printing SQL, are Django's own."""

    def apply(
        self,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        for group in together(self.operations):
            before = project_state.clone()
            project_state.__dict__.pop("apps", None)  # told first, drawn when they are asked for
            for operation in group:
                operation.state_forwards(self.app_label, project_state)
            for operation in group:
                operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


def together(operations: Sequence[Operation]) -> Iterator[list[Operation]]:
    """The steps in their order, parted where one builds on another.

    A step that reads the state in its own way (`RunPython`, a renaming) stands alone. No two steps
    of a group change the same field or constraint, and none changes a table the group makes.
    """
    group: list[Operation] = []
    made: set[str] = set()
    changed: set[tuple[str, str]] = set()
    for operation in operations:
        model, name = _model_of(operation), _name_of(operation)
        builds_on = model in made if isinstance(operation, _CHANGES) else False
        if group and (not _may_join(operation) or builds_on or (model, name) in changed):
            yield group
            group, made, changed = [], set(), set()
        group.append(operation)
        if not _may_join(operation):
            yield group
            group = []
        elif isinstance(operation, migrations.CreateModel):
            made.add(model)
        elif isinstance(operation, _CHANGES):
            changed.add((model, name))
    if group:
        yield group


def _may_join(operation: Operation) -> bool:
    if isinstance(operation, migrations.RunSQL):
        return not operation.state_operations
    return isinstance(operation, (migrations.CreateModel, *_CHANGES, *_AFTER_MAKING))


def _model_of(operation: Operation) -> str:
    named = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return str(named).lower()


def _name_of(operation: Operation) -> str:
    for holder in ("constraint", "index"):
        held = getattr(operation, holder, None)
        if held is not None:
            return str(held.name).lower()
    return str(getattr(operation, "name", "")).lower()
