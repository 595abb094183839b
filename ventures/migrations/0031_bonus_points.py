"""Points above the hundred: what a call offers, and what two people gave."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0030_amounts_put_right"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bonus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等另一人同意"),
                            ("agreed", "已同意"),
                            ("refused", "不同意"),
                            ("taken_back", "已收回"),
                            ("replaced", "已改"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("half_points", models.PositiveSmallIntegerField(verbose_name="加分")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "加分",
                "verbose_name_plural": "加分",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="BonusKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=30, verbose_name="加分项")),
                ("least_points", models.PositiveSmallIntegerField(verbose_name="最少加几分")),
                ("most_points", models.PositiveSmallIntegerField(verbose_name="最多加几分")),
            ],
            options={
                "verbose_name": "加分项",
                "verbose_name_plural": "加分项",
                "ordering": ["round", "position"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="compositeterms",
            name="pledges_have_their_measure",
        ),
        migrations.AddField(
            model_name="compositeterms",
            name="pledge_bonus",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="配资承诺最多加几分"),
        ),
        migrations.AddConstraint(
            model_name="compositeterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pledge_bonus", 0), ("pledge_percent", 0)),
                    models.Q(("pledge_full_fen__gt", 0), ("pledges_until__isnull", False)),
                    _connector="OR",
                ),
                name="pledges_have_their_measure",
            ),
        ),
        migrations.AddConstraint(
            model_name="compositeterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("pledge_percent", 0), ("pledge_bonus", 0), _connector="OR"),
                name="pledges_count_once",
                violation_error_message="配资承诺要么占一份，要么另外加分，不能算两次。",
            ),
        ),
        migrations.AddField(
            model_name="bonus",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bonus",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bonuses",
                to="ventures.proposal",
            ),
        ),
        migrations.AddField(
            model_name="bonus",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bonuskind",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bonus_kinds",
                to="ventures.round",
            ),
        ),
        migrations.AddField(
            model_name="bonus",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bonuses",
                to="ventures.bonuskind",
            ),
        ),
        migrations.AddConstraint(
            model_name="bonuskind",
            constraint=models.UniqueConstraint(
                fields=("round", "position"), name="one_bonus_kind_at_a_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="bonuskind",
            constraint=models.UniqueConstraint(
                fields=("round", "name"), name="bonus_kind_named_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bonuskind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("least_points__gte", 1), ("most_points__gte", models.F("least_points"))
                ),
                name="bonus_kind_from_least_to_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="bonus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("kind", "proposal"),
                name="one_bonus_of_a_kind_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="bonus",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "agreed")),
                fields=("kind", "proposal"),
                name="one_bonus_of_a_kind_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="bonus",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="bonus_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="bonus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="bonus_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="bonus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["agreed", "refused", "replaced"]), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="bonus_agreed_by_another",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bonus",
            trigger=pgtrigger.compiler.Trigger(
                name="bonus_as_the_call_says",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE least int; most int;",
                    func="\n    SELECT kind.least_points, kind.most_points INTO least, most\n      FROM ventures_bonuskind kind\n      JOIN ventures_proposal proposal ON proposal.round_id = kind.round_id\n     WHERE kind.id = NEW.kind_id AND proposal.id = NEW.proposal_id;\n    IF NOT FOUND OR NOT (NEW.half_points = 0 OR NEW.half_points BETWEEN 2 * least AND 2 * most) THEN\n        RAISE EXCEPTION 'a bonus is of a kind of its round, within what the call allows'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="fcdeb95b553a465ecd8c02fb1ec942ae94a3bd0d",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_bonus_as_the_call_says_6e873",
                    table="ventures_bonus",
                    when="BEFORE",
                ),
            ),
        ),
    ]
