"""Which steps of a migration are taken together, and that a table made in two ways is one."""

import pytest
from django.db import connections, migrations, models
from django.db.migrations.state import ProjectState

from accounts.migrating import WholeMigration, together


def making(name: str, **fields: models.Field) -> migrations.CreateModel:
    return migrations.CreateModel(
        name, [("id", models.BigAutoField(primary_key=True)), *fields.items()]
    )


def text() -> models.Field:
    return models.CharField(max_length=5, default="")


def shape(operations: list) -> list[int]:
    return [len(group) for group in together(operations)]


def test_tables_are_made_together_and_parted_from_what_changes_them():
    one, other = making("One"), making("Other")
    grown = migrations.AddField("one", "word", text())

    assert shape([one, other, migrations.RunSQL("SELECT 1")]) == [3]
    assert shape([one, other, grown]) == [2, 1]
    assert shape([grown, other]) == [2]


def test_the_same_field_is_not_changed_twice_in_one_group():
    grown = migrations.AddField("one", "word", text())
    changed = migrations.AlterField("one", "word", text())
    elsewhere = migrations.AlterField("one", "other", text())

    assert shape([grown, changed]) == [1, 1]
    assert shape([grown, elsewhere]) == [2]


def test_what_reads_the_state_in_its_own_way_stands_alone():
    run = migrations.RunPython(migrations.RunPython.noop)
    told = migrations.RunSQL("SELECT 1", state_operations=[making("Told")])

    assert shape([making("One"), run, making("Other"), told]) == [1, 1, 1, 1]
    assert shape([]) == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_table_made_and_then_grown_has_all_its_columns() -> None:
    made = type(
        "Migration",
        (WholeMigration,),
        {
            "operations": [
                making("Leaf", word=text()),
                migrations.AddField("leaf", "more", text()),
                migrations.AlterField("leaf", "more", models.CharField(max_length=9, default="")),
            ]
        },
    )("0001_leaf", "accounts")
    owner = connections["owner"]

    with owner.schema_editor() as editor:
        state = made.apply(ProjectState(), editor)
    with owner.cursor() as cursor:
        columns = {
            column.name: column.display_size
            for column in owner.introspection.get_table_description(cursor, "accounts_leaf")
        }
    with owner.schema_editor() as editor:
        editor.delete_model(state.apps.get_model("accounts", "leaf"))

    assert columns == {"id": 8, "word": 5, "more": 9}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_steps_after_a_growth_see_the_table_as_it_is_now() -> None:
    def write(apps, editor):
        tree = apps.get_model("accounts", "tree").objects.using("owner").create(more="oak")
        leaf = apps.get_model("accounts", "leaf").objects.using("owner").create(tree=tree)
        read.append((leaf.tree.more, tree.leaf_set.using("owner").count()))

    read: list[tuple[str, int]] = []
    tree = models.ForeignKey("accounts.Tree", models.CASCADE)
    made = type(
        "Migration",
        (WholeMigration,),
        {
            "operations": [
                making("Tree"),
                migrations.AddField("tree", "more", text()),
                making("Leaf", tree=tree),
                migrations.AlterField("tree", "more", models.CharField(max_length=9, default="")),
                migrations.AddIndex("leaf", models.Index(fields=["tree"], name="leaf_tree_again")),
                migrations.RunPython(write),
            ]
        },
    )("0001_tree", "accounts")
    owner = connections["owner"]

    with owner.schema_editor() as editor:
        state = made.apply(ProjectState(), editor)
    with owner.schema_editor() as editor:
        editor.delete_model(state.apps.get_model("accounts", "leaf"))
        editor.delete_model(state.apps.get_model("accounts", "tree"))

    assert read == [("oak", 1)]
