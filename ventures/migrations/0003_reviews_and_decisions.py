"""Panels, reviews, resolutions, decisions, awards, notices; and which of them are written once."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0002_database_roles"),
        ("ventures", "0002_tracks_and_rubric_presets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Panel",
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
                        choices=[("open", "评审中"), ("closed", "评审结束")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="评审地点")),
                (
                    "meets_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="评审会时间"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="交表截止")),
                (
                    "wide_points",
                    models.PositiveSmallIntegerField(default=20, verbose_name="极差达到几分时提醒"),
                ),
                ("counter", models.CharField(blank=True, max_length=40, verbose_name="计票人")),
                ("supervisor", models.CharField(blank=True, max_length=40, verbose_name="监督人")),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审组",
                "verbose_name_plural": "评审组",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            _connector="OR",
                        ),
                        name="panel_closed_with_its_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PanelMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seat", models.PositiveSmallIntegerField(verbose_name="席位")),
                ("is_chair", models.BooleanField(default=False, verbose_name="评委会主任")),
                (
                    "committed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="签署承诺书的时间"),
                ),
                (
                    "named_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="ventures.panel",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "评委",
                "verbose_name_plural": "评委",
                "ordering": ["panel", "seat"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("panel", "reviewer"), name="reviewer_sits_once_on_a_panel"
                    ),
                    models.UniqueConstraint(fields=("panel", "seat"), name="seat_taken_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_chair", True)),
                        fields=("panel",),
                        name="panel_has_one_chair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seat__gte", 1)), name="seats_count_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                            ("assigned", "已分派"),
                            ("recused", "已回避"),
                            ("removed", "已取消"),
                        ],
                        default="assigned",
                        max_length=8,
                    ),
                ),
                (
                    "assigned_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="ventures.panelmember",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审分派",
                "verbose_name_plural": "评审分派",
                "ordering": ["proposal", "member"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "proposal"), name="proposal_assigned_once_to_a_member"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="公示编号")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "公示中"), ("concluded", "公示结束")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="标题")),
                ("basis", models.CharField(max_length=200, verbose_name="依据（文号）")),
                ("starts_on", models.DateField(verbose_name="公示开始")),
                ("last_day", models.DateField(verbose_name="公示截止日")),
                ("working_days", models.PositiveSmallIntegerField(verbose_name="工作日数")),
                ("closes_at", models.DateTimeField(verbose_name="异议受理截止")),
                ("snapshot", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "published_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("concluded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "published_by",
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
                        related_name="notices",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示",
                "verbose_name_plural": "公示",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("round",),
                        name="one_open_notice_in_a_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("starts_on"))),
                        name="notice_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("working_days__gte", 1)),
                        name="notice_lasts_a_working_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="notice_has_its_fingerprint",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("concluded_at__isnull", True), ("state", "open")),
                            models.Q(("concluded_at__isnull", False), ("state", "concluded")),
                            _connector="OR",
                        ),
                        name="notice_concluded_with_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("snapshot", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "published_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcement",
                        to="ventures.publicnotice",
                    ),
                ),
            ],
            options={
                "verbose_name": "公告",
                "verbose_name_plural": "公告",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="announcement_has_fingerprint",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("interest", "与申报方有利害关系"),
                            ("worked_there", "曾在申报方任职，离职不满两年"),
                            ("coached", "辅导过这个项目"),
                            ("other", "其他可能影响公正的关系"),
                        ],
                        max_length=12,
                        verbose_name="回避事由",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "declared_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recusal",
                        to="ventures.assignment",
                    ),
                ),
            ],
            options={
                "verbose_name": "回避",
                "verbose_name_plural": "回避",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ground", "other"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="other_recusal_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
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
                            ("party_group", "局党组会"),
                            ("bureau", "局长办公会"),
                            ("town", "镇街班子会"),
                            ("committees", "村（社区）两委会议"),
                            ("four_steps", "四议两公开"),
                        ],
                        max_length=12,
                        verbose_name="决策形式",
                    ),
                ),
                ("meeting", models.CharField(max_length=120, verbose_name="会议名称")),
                ("held_on", models.DateField(verbose_name="会议日期")),
                ("number", models.CharField(max_length=60, verbose_name="会议纪要文号")),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
                        verbose_name="会议纪要",
                    ),
                ),
                (
                    "recorded_by",
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
                        related_name="resolutions",
                        to="ventures.round",
                    ),
                ),
            ],
            options={
                "verbose_name": "集体决策",
                "verbose_name_plural": "集体决策",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "number"), name="resolution_recorded_once_in_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("meeting", ""), _negated=True),
                            models.Q(("number", ""), _negated=True),
                        ),
                        name="resolution_names_its_meeting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                            ("prepared", "拟定"),
                            ("resolved", "会议已定"),
                            ("published", "公示中"),
                            ("final", "已公告"),
                        ],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("award", "拟立项"), ("reserve", "候补"), ("decline", "不予立项")],
                        max_length=8,
                        verbose_name="决定",
                    ),
                ),
                ("amount_fen", models.BigIntegerField(default=0, verbose_name="拟资助金额")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("deviates", models.BooleanField(default=False, verbose_name="未按名次")),
                (
                    "rank",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="名次"),
                ),
                (
                    "score_hundredths",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="得分"),
                ),
                (
                    "suggested_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="评委建议金额"),
                ),
                (
                    "prepared_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "prepared_by",
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
                        related_name="decision",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="ventures.resolution",
                    ),
                ),
            ],
            options={
                "verbose_name": "立项决定",
                "verbose_name_plural": "立项决定",
                "ordering": [models.OrderBy(models.F("rank"), nulls_last=True), "proposal"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_fen__gt", 0), ("outcome", "award")),
                            models.Q(
                                models.Q(("outcome", "award"), _negated=True), ("amount_fen", 0)
                            ),
                            _connector="OR",
                        ),
                        name="only_awards_have_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolution__isnull", True), ("state", "prepared")),
                            models.Q(
                                models.Q(("state", "prepared"), _negated=True),
                                ("resolution__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decided_only_by_a_meeting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "decline"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decline_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deviates", False),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="deviation_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="资助金额")),
                ("transfer_id", models.BigIntegerField(verbose_name="入账编号")),
                (
                    "awarded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="award",
                        to="ventures.decision",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="ventures.resolution",
                    ),
                ),
            ],
            options={
                "verbose_name": "立项资助",
                "verbose_name_plural": "立项资助",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="award_gives_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                            ("draft", "填写中"),
                            ("submitted", "已交表"),
                            ("abstained", "弃权"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="评审意见")),
                ("notes", models.TextField(blank=True, max_length=4000, verbose_name="自己的笔记")),
                (
                    "suggested_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="建议资助金额"),
                ),
                (
                    "recommendation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "同意"),
                            ("revise", "修改后同意"),
                            ("decline", "不同意"),
                        ],
                        max_length=8,
                        verbose_name="立项建议",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "saved_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="最近保存",
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="交表时间"),
                ),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review",
                        to="ventures.assignment",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="ventures.proposalversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分表",
                "verbose_name_plural": "评分表",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("suggested_fen__isnull", True),
                            ("suggested_fen__gte", 0),
                            _connector="OR",
                        ),
                        name="suggested_amount_never_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "submitted"), _negated=True),
                            models.Q(
                                ("submitted_at__isnull", False),
                                ("suggested_fen__isnull", False),
                                models.Q(("recommendation", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="submitted_review_says_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "abstained"), _negated=True),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="abstention_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetCut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line_number", models.PositiveSmallIntegerField(verbose_name="预算行")),
                ("line_name", models.CharField(max_length=120, verbose_name="支出内容")),
                ("cut_fen", models.BigIntegerField(verbose_name="核减金额")),
                ("reason", models.CharField(max_length=200, verbose_name="核减理由")),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cuts",
                        to="ventures.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "预算核减意见",
                "verbose_name_plural": "预算核减意见",
                "ordering": ["line_number"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "line_number"), name="line_cut_once"),
                    models.CheckConstraint(
                        condition=models.Q(("cut_fen__gt", 0)), name="cut_takes_something_off"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("total_half_points", models.PositiveSmallIntegerField()),
                (
                    "submitted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="ventures.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分表存档",
                "verbose_name_plural": "评分表存档",
                "ordering": ["review", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "number"), name="review_version_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "half_points",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="得分（半分）"
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="扣分理由")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="ventures.criterion",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="ventures.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "得分",
                "verbose_name_plural": "得分",
                "ordering": ["criterion"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "criterion"), name="criterion_scored_once_on_a_sheet"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="notices_keep_their_words",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."basis" IS DISTINCT FROM (NEW."basis") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_day" IS DISTINCT FROM (NEW."last_day") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."published_by_id" IS DISTINCT FROM (NEW."published_by_id") OR OLD."round_id" IS DISTINCT FROM (NEW."round_id") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."working_days" IS DISTINCT FROM (NEW."working_days"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9ead8c6075363bbf49ffac808892a1ba2be7c4cf",
                    operation="UPDATE",
                    pgid="pgtrigger_notices_keep_their_words_1694e",
                    table="ventures_publicnotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="notices_are_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="5b0fc28f3246525c8afa7e8e9c1e5f1379e2b965",
                    operation="DELETE",
                    pgid="pgtrigger_notices_are_never_deleted_e3af8",
                    table="ventures_publicnotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="announcements_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="c74eb8be723dc4f2c02daa87b199d43b0ab94186",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_announcements_append_only_06b7d",
                    table="ventures_announcement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="announcement",
            trigger=pgtrigger.compiler.Trigger(
                name="announcements_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="d7bb032e2e87114c59c069ce46ec8df5144abdc9",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_announcements_append_only_whole_8cc29",
                    table="ventures_announcement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resolution",
            trigger=pgtrigger.compiler.Trigger(
                name="resolutions_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="90a132f3b88bac0d7cc2f916109e935aa3141177",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_resolutions_append_only_c1c95",
                    table="ventures_resolution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resolution",
            trigger=pgtrigger.compiler.Trigger(
                name="resolutions_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="d9f5f7da1a8a5fbe61e36dc1dd78ac0ae62cb058",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_resolutions_append_only_whole_e25a7",
                    table="ventures_resolution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="awards_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="2a07cda2b4758e8b69aa9d1157eeefbe7ff27557",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_awards_append_only_511d1",
                    table="ventures_award",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="award",
            trigger=pgtrigger.compiler.Trigger(
                name="awards_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="0ec2fa2742620f8a0a9b0c744f1bd632418b8c20",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_awards_append_only_whole_cf1e2",
                    table="ventures_award",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="budgetcut",
            trigger=pgtrigger.compiler.Trigger(
                name="cuts_fixed_once_handed_in",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF (SELECT state FROM ventures_review\n         WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END)\n       ) <> 'draft' THEN\n        RAISE EXCEPTION 'a review that was handed in keeps its scores and cuts'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                    hash="c5ca2acf58d70603f85f8022ad1ea51cd7e54065",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_cuts_fixed_once_handed_in_06073",
                    table="ventures_budgetcut",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewversion",
            trigger=pgtrigger.compiler.Trigger(
                name="review_versions_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="d1c6f87ae7caf8d00b3f2ee4eec07bb0d3683ff1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_review_versions_append_only_f0beb",
                    table="ventures_reviewversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reviewversion",
            trigger=pgtrigger.compiler.Trigger(
                name="review_versions_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="398616014a8f807839be2eedc303eb61a3bfd7c4",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_review_versions_append_only_whole_64f91",
                    table="ventures_reviewversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="score",
            trigger=pgtrigger.compiler.Trigger(
                name="scores_fixed_once_handed_in",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF (SELECT state FROM ventures_review\n         WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.review_id ELSE NEW.review_id END)\n       ) <> 'draft' THEN\n        RAISE EXCEPTION 'a review that was handed in keeps its scores and cuts'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                    hash="ea7d98b17fe697fc4349068bf6adbcdb68e7e59c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_scores_fixed_once_handed_in_d4b4e",
                    table="ventures_score",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="score",
            trigger=pgtrigger.compiler.Trigger(
                name="scores_never_above_maximum",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.half_points > (\n        SELECT max_half_points FROM ventures_criterion WHERE id = NEW.criterion_id\n    ) THEN\n        RAISE EXCEPTION 'a score is never above its own maximum' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="a48334c9fc1beaa957214832f0aecb86424efd95",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_scores_never_above_maximum_17fe1",
                    table="ventures_score",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_reviewversion"),
        revoke_rewriting("ventures_resolution"),
        revoke_rewriting("ventures_award"),
        revoke_rewriting("ventures_announcement"),
        revoke_rewriting("ventures_publicnotice"),
        migrations.RunSQL(
            f'GRANT UPDATE (state, concluded_at) ON ventures_publicnotice TO "{settings.WEB_DATABASE_ROLE}"',
            migrations.RunSQL.noop,
        ),
    ]
