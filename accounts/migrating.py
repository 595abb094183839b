"""Migrations that draw the models once for many steps.

Between two steps Django draws every model that is related to what the step changed, and here
everything is related to people: three hundred steps times a hundred and fifty models were nine
tenths of what preparing a database cost. Steps that do not build on one another are taken
together: first all are told to the state, then the models are drawn once, then all are done. And
only the models they touch are drawn again, into what was drawn before: a table is made or altered
by its own model; of others only their names and keys are asked, which do not change.

    class Migration(WholeMigration): ...

A migration that stays with Django's own class works too, only slower. What is done in the database,
and in which order, is the same.
"""

from collections.abc import Iterator, Sequence

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps
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
            touched = _touched_by(group)
            if touched is None:
                project_state.__dict__.pop("apps", None)  # all are drawn when they are asked for
            if isinstance(group[0], migrations.RunPython):
                _ = project_state.apps  # it asks for them, and leaves the state as it is
            drawn: StateApps | None = project_state.__dict__.pop("apps", None)
            before = project_state.clone()
            for operation in group:
                operation.state_forwards(self.app_label, project_state)
            if drawn is not None:
                before.__dict__["apps"] = drawn
                keys = [(self.app_label, model) for model in touched or ()]
                project_state.__dict__["apps"] = _drawn_again(drawn, project_state, keys)
            for operation in group:
                operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


def _touched_by(group: Sequence[Operation]) -> list[str] | None:
    """The models to be drawn again, or nothing where that is all of them: a step that reads the
    state in its own way, or the key of a table, which others are made by."""
    if not all(_may_join(one) for one in group) or any(_is_of_a_key(one) for one in group):
        return None
    models = [_model_of(one) for one in group if not isinstance(one, migrations.RunSQL)]
    return list(dict.fromkeys(models))


def _is_of_a_key(operation: Operation) -> bool:
    if not isinstance(operation, migrations.AlterField):
        return False
    return bool(operation.field.primary_key or operation.field.unique)


def _drawn_again(
    drawn: StateApps, state: ProjectState, keys: Sequence[tuple[str, str]]
) -> StateApps:
    """What was drawn before, with these models as the state has them now."""
    if not keys:
        return drawn
    apps = drawn.clone()
    for key in keys:
        apps.unregister_model(*key)
    apps.render_multiple([state.models[key] for key in keys])
    return apps


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
