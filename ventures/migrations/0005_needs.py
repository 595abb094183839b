"""Needs of communities: with evidence, voices and the home visits they come from."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0002_database_roles"),
        ("ventures", "0004_lapsed_completions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="缺什么")),
                ("description", models.TextField(max_length=800, verbose_name="具体情况")),
                (
                    "kind",
                    models.CharField(
                        choices=[("governance", "治理型"), ("service", "服务型")],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "一般"), (2, "比较急"), (3, "很急")],
                        default=2,
                        verbose_name="急不急",
                    ),
                ),
                ("people", models.PositiveIntegerField(verbose_name="大约多少人需要")),
                (
                    "is_personal",
                    models.BooleanField(default=False, verbose_name="只关系到一户人家，不公开"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("resident", "居民提出"),
                            ("visit", "社工走访"),
                            ("organisation", "社会组织提出"),
                            ("meeting", "议事会"),
                        ],
                        max_length=12,
                        verbose_name="怎么来的",
                    ),
                ),
                ("met_on", models.DateField(blank=True, null=True, verbose_name="议事会日期")),
                (
                    "met_by",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="到会人数"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "待预审"),
                            ("returned", "请补充"),
                            ("listed", "等待答复"),
                            ("in_menu", "列入时间银行菜单"),
                            ("in_call", "列入征集指引"),
                            ("referred", "转办部门"),
                            ("settled", "社区协商解决"),
                            ("market", "市场服务"),
                            ("refused", "不予采纳"),
                            ("merged", "已合并"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="raised",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=800, verbose_name="答复")),
                (
                    "department",
                    models.CharField(blank=True, max_length=60, verbose_name="转办到哪里"),
                ),
                (
                    "listing",
                    models.BigIntegerField(blank=True, null=True, verbose_name="时间银行菜单项"),
                ),
                (
                    "raised_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提出时间",
                    ),
                ),
                (
                    "listed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="列入清单时间"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "days_taken",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="用了几个工作日"
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="ventures.need",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="accounts.organisation",
                        verbose_name="提出的组织",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs_raised",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="accounts.region",
                        verbose_name="在哪里",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="ventures.round",
                        verbose_name="列入哪一轮征集",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="needs",
                        to="ventures.track",
                        verbose_name="谁的需要",
                    ),
                ),
            ],
            options={
                "verbose_name": "社区需求",
                "verbose_name_plural": "社区需求",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "-id"], name="need_by_state"),
                    models.Index(fields=["region", "state"], name="need_by_region"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("people__gte", 1)), name="need_is_somebodys"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("met_by__gte", 1), ("met_on__isnull", False), ("origin", "meeting")
                            ),
                            models.Q(
                                models.Q(("origin", "meeting"), _negated=True),
                                ("met_by__isnull", True),
                                ("met_on__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="need_of_meeting_says_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "organisation"), _negated=True),
                            ("organisation__isnull", False),
                            _connector="OR",
                        ),
                        name="need_of_organisation_says_whose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("days_taken__isnull", False),
                                (
                                    "state__in",
                                    [
                                        "in_menu",
                                        "in_call",
                                        "referred",
                                        "settled",
                                        "market",
                                        "refused",
                                    ],
                                ),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            models.Q(
                                ("answered_at__isnull", True),
                                ("days_taken__isnull", True),
                                (
                                    "state__in",
                                    ["raised", "returned", "listed", "merged", "withdrawn"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="need_with_fate_has_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("round__isnull", False), ("state", "in_call")),
                            models.Q(
                                models.Q(("state", "in_call"), _negated=True),
                                ("round__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="need_in_call_says_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("listing__isnull", False), ("state", "in_menu")),
                            models.Q(
                                models.Q(("state", "in_menu"), _negated=True),
                                ("listing__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="need_in_menu_says_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "referred"), models.Q(("department", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "referred"), _negated=True), ("department", "")
                            ),
                            _connector="OR",
                        ),
                        name="need_referred_says_where",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True),
                                ("merged_into__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="need_merged_says_into_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="need_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "listed"), _negated=True),
                            ("listed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="listed_need_says_since_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeedFile",
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
                        choices=[("evidence", "佐证材料"), ("minutes", "会议纪要")],
                        default="evidence",
                        max_length=10,
                        verbose_name="材料",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="ventures.need",
                    ),
                ),
            ],
            options={
                "verbose_name": "需求佐证",
                "verbose_name_plural": "需求佐证",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="NeedSupport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "given_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "moved_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.need",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supports",
                        to="ventures.need",
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
                "verbose_name": "居民支持",
                "verbose_name_plural": "居民支持",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("need", "user"),
                        name="one_person_one_voice",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visited_on", models.DateField(verbose_name="走访日期")),
                ("household", models.CharField(blank=True, max_length=60, verbose_name="走访了谁")),
                ("note", models.TextField(max_length=1000, verbose_name="走访笔记")),
                ("lack", models.CharField(blank=True, max_length=60, verbose_name="缺什么")),
                ("details", models.TextField(blank=True, max_length=800, verbose_name="具体情况")),
                (
                    "kind",
                    models.CharField(
                        choices=[("governance", "治理型"), ("service", "服务型")],
                        default="service",
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "一般"), (2, "比较急"), (3, "很急")],
                        default=2,
                        verbose_name="急不急",
                    ),
                ),
                ("people", models.PositiveIntegerField(default=1, verbose_name="大约多少人需要")),
                (
                    "written_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "need",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit",
                        to="ventures.need",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="accounts.region",
                        verbose_name="社区（村）",
                    ),
                ),
                (
                    "track",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.track",
                        verbose_name="谁的需要",
                    ),
                ),
                (
                    "visited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "走访记录",
                "verbose_name_plural": "走访记录",
                "ordering": ["-visited_on", "-id"],
                "indexes": [models.Index(fields=["region", "-visited_on"], name="visit_by_region")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("people__gte", 1)), name="visit_counts_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("need__isnull", True),
                            models.Q(
                                models.Q(("lack", ""), _negated=True), ("track__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="visit_with_need_says_lack",
                    ),
                ],
            },
        ),
    ]
