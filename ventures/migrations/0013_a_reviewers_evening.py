"""A reviewer's evening: sheets that count their saves and keep them, criteria of some groups only,
packs to print, discussion, and the applicant's answer."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ventures.models.review_packs
from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _now() -> models.DateTimeField:
    return models.DateTimeField(db_default=django.db.models.functions.datetime.Now())


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0009_office_documents"),
        ("ventures", "0012_review_phases_and_blind_copies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Sheets and rubrics.
        migrations.AddField(
            model_name="rubric",
            name="needs_comment",
            field=models.BooleanField(default=True, verbose_name="每份都要写评审意见"),
        ),
        migrations.AddField(
            model_name="criterion",
            name="needs_words",
            field=models.BooleanField(default=False, verbose_name="必须写理由"),
        ),
        migrations.AddField(
            model_name="criterion",
            name="only_tracks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=8),
                blank=True,
                default=list,
                size=None,
                verbose_name="只问这些人群",
            ),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="wants_reminders",
            field=models.BooleanField(default=True, verbose_name="交表前提醒我"),
        ),
        migrations.AddField(
            model_name="review",
            name="revision",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="reviewversion",
            name="kind",
            field=models.CharField(
                choices=[("saved", "保存"), ("submitted", "交表"), ("abstained", "弃权")],
                default="submitted",
                max_length=10,
            ),
        ),
        migrations.RenameField(
            model_name="reviewversion", old_name="submitted_at", new_name="kept_at"
        ),
        migrations.RenameField(
            model_name="reviewversion", old_name="total_half_points", new_name="total_hundredths"
        ),
        migrations.AlterField(
            model_name="reviewversion",
            name="total_hundredths",
            field=models.PositiveIntegerField(),
        ),
        # Changing the type rewrites the rows without asking their append-only triggers.
        migrations.RunSQL(
            "ALTER TABLE ventures_reviewversion"
            " ALTER COLUMN total_hundredths TYPE integer USING total_hundredths * 50",
            "ALTER TABLE ventures_reviewversion"
            " ALTER COLUMN total_hundredths TYPE integer USING total_hundredths / 50",
        ),
        # The pack.
        migrations.CreateModel(
            name="ReviewPack",
            fields=[
                ("id", ID.clone()),
                ("contents", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待生成"),
                            ("running", "正在生成"),
                            ("ready", "可以下载"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        upload_to=ventures.models.review_packs.stored_under,
                    ),
                ),
                ("size_bytes", models.BigIntegerField(default=0)),
                ("asked_at", _now()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_packs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "评审材料包",
                "verbose_name_plural": "评审材料包",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("reviewer",),
                        name="one_review_pack_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(
                                models.Q(("file", ""), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ready_review_pack_has_its_file",
                    ),
                ],
            },
        ),
        # Discussion and answer.
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", ID.clone()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("reviewers", "本项目评委和经办人"),
                            ("office", "只给经办人"),
                            ("applicant", "也给申报方看（不显示姓名）"),
                        ],
                        max_length=10,
                        verbose_name="给谁看",
                    ),
                ),
                ("said_at", _now()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="ventures.panelmember",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "讨论发言",
                "verbose_name_plural": "讨论发言",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["proposal", "id"], name="remark_by_proposal")],
            },
        ),
        migrations.CreateModel(
            name="RemarkText",
            fields=[
                ("id", ID.clone()),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=1000, verbose_name="发言")),
                ("written_at", _now()),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="ventures.remark",
                    ),
                ),
            ],
            options={
                "verbose_name": "发言文字",
                "verbose_name_plural": "发言文字",
                "ordering": ["remark", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("remark", "number"), name="remark_text_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="remark_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DiscussionMute",
            fields=[
                ("id", ID.clone()),
                ("muted_at", _now()),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "不再提醒",
                "verbose_name_plural": "不再提醒",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "user"), name="discussion_muted_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicantAnswer",
            fields=[
                ("id", ID.clone()),
                ("text", models.TextField(max_length=2000, verbose_name="答复")),
                ("answered_at", _now()),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_to_reviewers",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报方答复",
                "verbose_name_plural": "申报方答复",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="applicant_answer_not_empty",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicantanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="applicant_answers_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="18da9f86c1cc3d61fe6e1859e0763175c4c93195",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_applicant_answers_append_only_7e131",
                    table="ventures_applicantanswer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicantanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="applicant_answers_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="fa63416d15d227c2ba1343984ed2ab330d7aa392",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_applicant_answers_append_only_whole_228a1",
                    table="ventures_applicantanswer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="remark",
            trigger=pgtrigger.compiler.Trigger(
                name="remark_keeps_its_audience",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."proposal_id" IS DISTINCT FROM (NEW."proposal_id"))',
                    func="RAISE EXCEPTION 'a remark keeps its audience, proposal and author' USING ERRCODE = 'check_violation';",
                    hash="2a17919c632b439cce1596782ffa966296d86ad6",
                    operation="UPDATE",
                    pgid="pgtrigger_remark_keeps_its_audience_ebe10",
                    table="ventures_remark",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="remarktext",
            trigger=pgtrigger.compiler.Trigger(
                name="remark_texts_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="1b994c98b5a3dbd1e9e4cab426ad0d69d0697630",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_remark_texts_append_only_88c60",
                    table="ventures_remarktext",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="remarktext",
            trigger=pgtrigger.compiler.Trigger(
                name="remark_texts_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="0f8e13c573c2407e269895723b12c80b49b819e1",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_remark_texts_append_only_whole_29f8b",
                    table="ventures_remarktext",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_remarktext"),
        revoke_rewriting("ventures_applicantanswer"),
    ]
