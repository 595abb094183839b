"""Who came to a deciding meeting and how they voted; whether a round asks for it."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0025_grounds_of_recusal_as_of_conflict")]

    operations = [
        migrations.CreateModel(
            name="MeetingVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "vote",
                    models.CharField(
                        choices=[("favour", "赞成"), ("against", "反对"), ("abstain", "弃权")],
                        max_length=7,
                        verbose_name="表决",
                    ),
                ),
            ],
            options={
                "verbose_name": "记名表决",
                "verbose_name_plural": "记名表决",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="awardterms",
            name="meeting_vote",
            field=models.CharField(
                choices=[
                    ("free", "不要求，想记可以记"),
                    ("counted", "要记，人数和票数不够的不算通过"),
                    ("named", "要记，而且记名表决"),
                ],
                default="free",
                max_length=7,
                verbose_name="会议的到会人数和表决",
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="abstained",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="弃权票"),
        ),
        migrations.AddField(
            model_name="resolution",
            name="against",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="反对票"),
        ),
        migrations.AddField(
            model_name="resolution",
            name="expected",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="应到人数"),
        ),
        migrations.AddField(
            model_name="resolution",
            name="in_favour",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="赞成票"),
        ),
        migrations.AddField(
            model_name="resolution",
            name="present",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="实到人数"),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("expected__isnull", True),
                        ("present__isnull", True),
                        ("abstained__isnull", True),
                        ("against__isnull", True),
                        ("in_favour__isnull", True),
                    ),
                    models.Q(
                        ("expected__isnull", False),
                        ("present__isnull", False),
                        ("abstained__isnull", False),
                        ("against__isnull", False),
                        ("in_favour__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="meeting_counted_whole_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expected__isnull", True),
                    models.Q(("expected__gte", 1), ("present__lte", models.F("expected"))),
                    _connector="OR",
                ),
                name="no_more_came_than_belong",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("present__isnull", True),
                    (
                        "present",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("in_favour"), "+", models.F("against")
                            ),
                            "+",
                            models.F("abstained"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="everybody_present_votes_once",
            ),
        ),
        migrations.AddField(
            model_name="meetingvote",
            name="resolution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="votes",
                to="ventures.resolution",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingvote",
            constraint=models.UniqueConstraint(
                fields=("resolution", "name"), name="member_votes_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingvote",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="named_vote_has_its_name"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingvote",
            trigger=pgtrigger.compiler.Trigger(
                name="meeting_votes_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="b6f0cc0a563e5955225d8bb1ab6d03443bbb3a88",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_meeting_votes_append_only_af470",
                    table="ventures_meetingvote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meetingvote",
            trigger=pgtrigger.compiler.Trigger(
                name="meeting_votes_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="e2a14b43bf80369a83d3cc10ff4e5530e99b2d50",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_meeting_votes_append_only_whole_88616",
                    table="ventures_meetingvote",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_meetingvote"),
    ]
