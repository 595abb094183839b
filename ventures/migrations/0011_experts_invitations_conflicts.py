"""Experts, what a round does beyond the plain meeting, invitations, conflicts, draws, plans."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0002_database_roles"),
        ("ventures", "0010_award_rules_walks_and_objections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="panelmember",
            name="least",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="至少几份"),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="left_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="退出时间"),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="left_for",
            field=models.CharField(blank=True, max_length=300, verbose_name="退出原因"),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="most",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="至多几份"),
        ),
        migrations.CreateModel(
            name="Expert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Concat(
                            models.Value("ZJ"),
                            django.db.models.functions.comparison.Cast(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("id"), "+", models.Value(1000)
                                ),
                                models.CharField(),
                            ),
                        ),
                        output_field=models.CharField(max_length=24),
                        verbose_name="编号",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "phone",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+[0-9]{8,15}$", "请填写手机号，如 10012345678。"
                            )
                        ],
                        verbose_name="手机号",
                    ),
                ),
                ("employer", models.CharField(max_length=80, verbose_name="工作单位")),
                (
                    "credit_code",
                    models.CharField(
                        blank=True, max_length=18, verbose_name="单位统一社会信用代码"
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="职称或资格")),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("city", "市级"),
                                ("town", "镇（街道）级"),
                                ("community", "村（社区）级"),
                            ],
                            max_length=10,
                        ),
                        verbose_name="可评哪一级",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="聘期从")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="聘期到")),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="一届最多评几份"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="experts",
                        to="accounts.region",
                        verbose_name="哪里的专家库",
                    ),
                ),
                (
                    "tracks",
                    models.ManyToManyField(
                        related_name="experts", to="ventures.track", verbose_name="熟悉的领域"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expert_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "评审专家",
                "verbose_name_plural": "评审专家",
                "ordering": ["region", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "phone"),
                        name="expert_once_in_a_pool",
                        violation_error_message="这个手机号已经在本地专家库里。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="expert_mandate_runs_forward",
                        violation_error_message="聘期结束不能早于开始。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most__isnull", True), ("most__gte", 1), _connector="OR"
                        ),
                        name="expert_reads_at_least_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewerDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Concat(
                            models.Value("PW"),
                            django.db.models.functions.comparison.Cast(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("id"), "+", models.Value(1000)
                                ),
                                models.CharField(),
                            ),
                        ),
                        output_field=models.CharField(max_length=24),
                        verbose_name="编号",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "已备库，待抽取"),
                            ("drawn", "已抽取"),
                            ("void", "已作废"),
                        ],
                        default="prepared",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("pool", models.JSONField(default=dict)),
                ("pool_hash", models.CharField(max_length=64)),
                ("secret", models.CharField(max_length=64)),
                ("secret_hash", models.CharField(max_length=64)),
                ("witness", models.CharField(blank=True, max_length=40, verbose_name="见证人")),
                ("word", models.CharField(blank=True, max_length=40, verbose_name="见证人说的话")),
                ("drawn", models.JSONField(default=list)),
                ("void_for", models.CharField(blank=True, max_length=300, verbose_name="作废理由")),
                (
                    "prepared_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="备库时间",
                    ),
                ),
                ("drawn_at", models.DateTimeField(blank=True, null=True, verbose_name="抽取时间")),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviewer_draws",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽取评委",
                "verbose_name_plural": "抽取评委",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "prepared")),
                        fields=("round",),
                        name="one_reviewer_draw_prepared_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "drawn"), _negated=True),
                            models.Q(
                                models.Q(("word", ""), _negated=True), ("drawn_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="reviewer_draw_has_a_witness",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), _negated=True),
                            models.Q(("void_for", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="void_draw_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewInvitation",
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
                            ("open", "待答复"),
                            ("accepted", "已接受"),
                            ("declined", "已谢绝"),
                            ("withdrawn", "已收回"),
                            ("lapsed", "逾期未答复"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("least", models.PositiveSmallIntegerField(default=0, verbose_name="至少几份")),
                ("most", models.PositiveSmallIntegerField(verbose_name="至多几份")),
                ("answer_by", models.DateTimeField(verbose_name="请在此前答复")),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "declined_for",
                    models.CharField(blank=True, max_length=300, verbose_name="谢绝的原因"),
                ),
                ("off_list_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="ventures.expert",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_invitations",
                        to="ventures.round",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "评审邀请",
                "verbose_name_plural": "评审邀请",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["user", "state"], name="invitation_by_user")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "accepted"])),
                        fields=("round", "user"),
                        name="asked_once_to_review_a_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("declined_for", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declined_invitation_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "declined"]), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="answered_invitation_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least__lte", models.F("most")), ("most__gte", 1)),
                        name="invitation_load_makes_sense",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("off_list_at__isnull", True),
                            models.Q(("state__in", ["open", "accepted"]), _negated=True),
                            _connector="OR",
                        ),
                        name="only_ended_invitations_leave_the_list",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by_invitation",
                    models.BooleanField(default=False, verbose_name="先发邀请，接受的才任评委"),
                ),
                ("by_draw", models.BooleanField(default=False, verbose_name="从专家库随机抽取")),
                (
                    "divides",
                    models.BooleanField(default=False, verbose_name="项目分给评委，不是人人全评"),
                ),
                (
                    "readers",
                    models.PositiveSmallIntegerField(default=5, verbose_name="每个项目几人评"),
                ),
                ("least", models.PositiveSmallIntegerField(default=0, verbose_name="每人至少几份")),
                ("most", models.PositiveSmallIntegerField(default=30, verbose_name="每人至多几份")),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="邀请几天内答复"),
                ),
                (
                    "field_weight",
                    models.PositiveSmallIntegerField(default=60, verbose_name="领域不对口"),
                ),
                (
                    "place_weight",
                    models.PositiveSmallIntegerField(default=20, verbose_name="不熟悉当地"),
                ),
                (
                    "again_weight",
                    models.PositiveSmallIntegerField(default=30, verbose_name="以前评过这家"),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_plan",
                        to="ventures.round",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "评审办法",
                "verbose_name_plural": "评审办法",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("least__lte", models.F("most"))),
                        name="review_plan_least_below_most",
                        violation_error_message="至少的份数不能多于至多的份数。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__gte", 1), ("most__gte", 1), ("readers__gte", 1)
                        ),
                        name="review_plan_counts_from_one",
                        violation_error_message="人数、份数和天数都要从 1 起。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssignmentPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("ensure", "补到每个项目都有这么多人"),
                            ("top_up", "每个项目再加这么多人"),
                        ],
                        default="ensure",
                        max_length=8,
                        verbose_name="怎么分",
                    ),
                ),
                ("readers", models.PositiveSmallIntegerField(verbose_name="每个项目几人")),
                ("least", models.PositiveSmallIntegerField(default=0, verbose_name="每人至少")),
                ("most", models.PositiveSmallIntegerField(verbose_name="每人至多")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "正在计算"),
                            ("ready", "待采用"),
                            ("failed", "排不出来"),
                            ("applied", "已采用"),
                            ("dropped", "未采用"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("pairs", models.JSONField(default=list)),
                ("short", models.JSONField(default=dict)),
                ("cost", models.BigIntegerField(blank=True, null=True)),
                ("bound", models.FloatField(blank=True, null=True)),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="ventures.panel",
                    ),
                ),
            ],
            options={
                "verbose_name": "分派方案",
                "verbose_name_plural": "分派方案",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "ready"])),
                        fields=("panel",),
                        name="one_assignment_plan_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("least__lte", models.F("most")), ("most__gte", 1), ("readers__gte", 1)
                        ),
                        name="assignment_plan_loads_make_sense",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["ready", "applied"]), _negated=True),
                            models.Q(
                                ("bound__isnull", False),
                                ("cost__isnull", False),
                                ("made_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="made_plan_says_its_cost",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "person_unit",
                    models.CharField(blank=True, max_length=80, verbose_name="单位或身份"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interest", "与申报方有利害关系"),
                            ("worked_there", "曾在申报方任职，离职不满两年"),
                            ("same_unit", "与申报方同一单位"),
                            ("relative", "亲属"),
                            ("coached", "辅导过这个项目"),
                            ("other", "其他可能影响公正的关系"),
                        ],
                        max_length=12,
                        verbose_name="什么关系",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("applicant", "申报方提出"),
                            ("reviewer", "本人申明"),
                            ("organiser", "组织方认定"),
                            ("detected", "系统发现"),
                        ],
                        max_length=10,
                        verbose_name="怎么知道的",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "declared_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lifted_for",
                    models.CharField(blank=True, max_length=300, verbose_name="解除理由"),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "利害关系",
                "verbose_name_plural": "利害关系",
                "ordering": ["proposal", "id"],
                "indexes": [
                    models.Index(fields=["person", "lifted_at"], name="conflict_by_person")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True), ("person__isnull", False)),
                        fields=("proposal", "person", "source", "kind"),
                        name="conflict_told_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("source__in", ["applicant", "organiser"]), _negated=True),
                                models.Q(("kind", "other"), _negated=True),
                            ),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="conflict_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "applicant"), ("person__isnull", False), _connector="OR"
                        ),
                        name="conflict_knows_its_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("lifted_at__isnull", True),
                                ("lifted_by__isnull", True),
                                ("lifted_for", ""),
                            ),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lifted_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="conflict_lifted_by_somebody_and_why",
                    ),
                ],
            },
        ),
    ]
