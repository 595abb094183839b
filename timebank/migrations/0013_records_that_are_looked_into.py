"""Records that are looked into: relatives, flags, queries, inspections, bars."""

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
        ("accounts", "0007_verified_groups_have_their_hosts_word"),
        ("timebank", "0012_served_and_credited_minutes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=20)),
                ("facts", models.JSONField(default=dict)),
                ("terms", models.CharField(max_length=32)),
                (
                    "found_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="发现时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "疑点",
                "verbose_name_plural": "疑点",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
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
                            models.Value("CJ"),
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
                ("since", models.DateField(verbose_name="从")),
                ("until", models.DateField(verbose_name="到")),
                ("per_mille", models.PositiveSmallIntegerField(verbose_name="抽取比例（千分之）")),
                ("at_least", models.PositiveSmallIntegerField(verbose_name="每个镇街至少")),
                ("pool", models.JSONField(default=dict)),
                ("pool_hash", models.CharField(max_length=64)),
                ("inspectors", models.JSONField(default=dict)),
                ("secret", models.CharField(max_length=64)),
                ("secret_hash", models.CharField(max_length=64)),
                ("witness", models.CharField(blank=True, max_length=40, verbose_name="见证人")),
                ("word", models.CharField(blank=True, max_length=40, verbose_name="见证人说的话")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "已备库，待抽取"),
                            ("drawn", "检查中"),
                            ("published", "结果已公开"),
                        ],
                        default="prepared",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "prepared_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="备库时间",
                    ),
                ),
                ("drawn_at", models.DateTimeField(blank=True, null=True, verbose_name="抽取时间")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="公开时间"),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="timebank.timebank",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "双随机抽查",
                "verbose_name_plural": "双随机抽查",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bank", "since", "until"), name="one_draw_for_a_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="inspection_period_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("drawn_at__isnull", True), ("state", "prepared"), ("word", "")
                            ),
                            models.Q(
                                models.Q(("state", "prepared"), _negated=True),
                                models.Q(("word", ""), _negated=True),
                                ("drawn_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="draw_has_a_witness",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_inspection_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionItem",
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
                            ("assigned", "待检查"),
                            ("passed", "检查通过"),
                            ("notified", "已发整改通知"),
                            ("replied", "已回复，待复查"),
                            ("closed", "整改完成"),
                            ("false", "记录不实"),
                        ],
                        default="assigned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("remarks", models.CharField(blank=True, max_length=400, verbose_name="检查情况")),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="检查时间"),
                ),
                ("demand", models.CharField(blank=True, max_length=400, verbose_name="整改要求")),
                ("reply_by", models.DateField(blank=True, null=True, verbose_name="整改期限")),
                ("reply", models.CharField(blank=True, max_length=400, verbose_name="整改回复")),
                (
                    "replied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="回复时间"),
                ),
                ("outcome", models.CharField(blank=True, max_length=400, verbose_name="复查意见")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="复查时间")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="timebank.inspection",
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="timebank.servicerecord",
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.region",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽查件",
                "verbose_name_plural": "抽查件",
                "ordering": ["inspection", "town__code", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspection", "record"), name="record_drawn_once_in_a_draw"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["notified", "replied", "closed"]), _negated=True
                            ),
                            models.Q(
                                models.Q(("demand", ""), _negated=True), ("reply_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="notice_says_what_and_until_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "replied"), _negated=True),
                            models.Q(
                                models.Q(("reply", ""), _negated=True),
                                ("replied_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reply_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoPrint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("bits", models.BigIntegerField(blank=True, null=True)),
                (
                    "photo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="print",
                        to="accounts.attachment",
                    ),
                ),
            ],
            options={
                "verbose_name": "照片指纹",
                "verbose_name_plural": "照片指纹",
            },
        ),
        migrations.CreateModel(
            name="RecordQuery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "raised_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提出时间",
                    ),
                ),
                (
                    "wrong",
                    models.CharField(
                        choices=[
                            ("time", "服务时间不对"),
                            ("what", "服务内容或地点不对"),
                            ("reversed", "不该冲正或不该不予认定"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="哪里不对",
                    ),
                ),
                ("words", models.CharField(max_length=400, verbose_name="说明")),
                ("answer_by", models.DateField(verbose_name="最迟答复")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等站点核对"),
                            ("proposed", "已提出更正，等另一人复核"),
                            ("kept", "核对后维持原记录"),
                            ("escalated", "不服站点答复，等经办人复核"),
                            ("corrected", "已更正"),
                            ("withdrawn", "本人已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=400, verbose_name="答复")),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="服务内容")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="服务地点")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="开始时间"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="办结时间"),
                ),
                (
                    "corrected",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_of",
                        to="timebank.servicerecord",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="record_queries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queries",
                        to="timebank.servicerecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "记录异议",
                "verbose_name_plural": "记录异议",
                "ordering": ["-raised_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "proposed", "escalated"])),
                        fields=("record",),
                        name="one_query_at_a_time_about_a_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="query_says_what_is_wrong",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "proposed"), _negated=True),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("proposed_by__isnull", False),
                                ("started_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposed_correction_says_what_is_right",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "corrected"), _negated=True),
                            models.Q(
                                ("corrected__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="correction_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("raised_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="query_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spouse", "配偶"),
                            ("child", "父母或子女"),
                            ("kin", "其他亲属"),
                            ("household", "同住，合用手机"),
                        ],
                        max_length=10,
                        verbose_name="关系",
                    ),
                ),
                (
                    "declared_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="申报时间",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "relative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations_declared_by_others",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "亲属申报",
                "verbose_name_plural": "亲属申报",
                "ordering": ["declared_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("declared_by", models.F("relative")), _negated=True),
                        name="relation_between_two_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("declared_by", "relative"),
                        name="relation_declared_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Screening",
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
                            ("held", "待核查"),
                            ("cleared", "已核查，属实"),
                            ("false", "已核查，不实"),
                        ],
                        default="held",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "looks",
                    models.CharField(
                        choices=[("station", "站点核查"), ("town", "镇街社工站或经办人核查")],
                        default="station",
                        max_length=8,
                    ),
                ),
                (
                    "held_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="筛出时间",
                    ),
                ),
                ("looked_at", models.DateTimeField(blank=True, null=True, verbose_name="核查时间")),
                ("finding", models.CharField(blank=True, max_length=200, verbose_name="核查情况")),
                (
                    "looked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screening",
                        to="timebank.servicerecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "筛查",
                "verbose_name_plural": "筛查",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["state"],
                        name="screening_held",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("looked_at__isnull", True),
                                ("looked_by__isnull", True),
                                ("state", "held"),
                            ),
                            models.Q(
                                models.Q(("state", "held"), _negated=True),
                                ("looked_at__isnull", False),
                                ("looked_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="screening_looked_at_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "held"),
                            models.Q(("finding", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="screening_ends_with_a_finding",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfReportBar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("starts_on", models.DateField(verbose_name="从")),
                ("ends_on", models.DateField(verbose_name="到")),
                ("minutes_needed", models.PositiveIntegerField(verbose_name="需要的新时长")),
                (
                    "imposed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="作出时间",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_force", "限制中"),
                            ("appealed", "限制中，已申诉"),
                            ("upheld", "申诉未成立，限制中"),
                            ("lifted", "已撤销"),
                        ],
                        default="in_force",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("appeal", models.CharField(blank=True, max_length=400, verbose_name="申诉理由")),
                (
                    "appealed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="申诉时间"),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="复核时间"),
                ),
                ("decision", models.CharField(blank=True, max_length=400, verbose_name="复核意见")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.timebank",
                    ),
                ),
                (
                    "cause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bars",
                        to="timebank.servicerecord",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "imposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bars",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="志愿者",
                    ),
                ),
            ],
            options={
                "verbose_name": "限制自报",
                "verbose_name_plural": "限制自报",
                "ordering": ["-imposed_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "lifted"), _negated=True),
                        fields=("cause",),
                        name="one_bar_for_a_false_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="bar_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="bar_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("imposed_by", models.F("volunteer")), _negated=True),
                        name="bar_imposed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(
                                models.Q(("decided_by", models.F("imposed_by")), _negated=True),
                                models.Q(("decided_by", models.F("volunteer")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="appeal_decided_by_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["upheld", "lifted"]), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="appeal_decided_with_its_reason",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="servicerecord",
            name="returned_record_says_why",
        ),
        migrations.RemoveConstraint(
            model_name="servicerecord",
            name="record_confirmed_with_confirmer_and_credit",
        ),
        migrations.AlterField(
            model_name="servicerecord",
            name="state",
            field=models.CharField(
                choices=[
                    ("submitted", "待确认"),
                    ("returned", "已退回"),
                    ("withdrawn", "已撤回"),
                    ("confirmed", "已确认"),
                    ("reversed", "已冲正"),
                    ("refused", "不予认定"),
                ],
                default="submitted",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("credit__isnull", False), ("credit_minutes", 0), _connector="OR"),
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("state__in", ["confirmed", "reversed"]),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", True),
                        ("confirmed_by__isnull", True),
                        ("credit__isnull", True),
                        ("state__in", ["submitted", "returned", "withdrawn", "refused"]),
                    ),
                    _connector="OR",
                ),
                name="record_confirmed_with_confirmer_and_credit",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["returned", "refused"]), _negated=True),
                    models.Q(("returned_for", ""), _negated=True),
                    _connector="OR",
                ),
                name="returned_record_says_why",
            ),
        ),
        migrations.AddField(
            model_name="flag",
            name="screening",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="flags",
                to="timebank.screening",
            ),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.UniqueConstraint(
                fields=("screening", "rule"), name="flag_once_per_rule"
            ),
        ),
    ]
