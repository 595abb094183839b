"""Who came and went, on what paper, by which card."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import timebank.models.records
from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0006_calendar_years_and_data_words"),
        ("timebank", "0008_orders_say_when_they_lapse"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kept_by", models.CharField(max_length=40, verbose_name="记录人")),
                ("checked_by", models.CharField(max_length=40, verbose_name="审核人")),
                (
                    "entered_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="录入时间",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
                (
                    "scans",
                    models.ManyToManyField(
                        related_name="paper_sheets", to="accounts.attachment", verbose_name="扫描件"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="timebank.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "纸质签到表",
                "verbose_name_plural": "纸质签到表",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kept_by", ""), _negated=True),
                            models.Q(("checked_by", ""), _negated=True),
                        ),
                        name="sheet_names_keeper_and_checker",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
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
                            ("present", "已签到"),
                            ("left", "已签退，待核实"),
                            ("counted", "已记时长"),
                            ("short", "在场时间不够，不计"),
                            ("noted", "已到场，不计入志愿服务时间"),
                            ("absent", "未到"),
                            ("contested", "未到，本人有异议"),
                            ("cleared", "未到已撤销"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "arrived_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="签到时间"),
                ),
                (
                    "arrived_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("code", "扫动态二维码"),
                            ("digits", "输入六位数字"),
                            ("badge", "工作人员扫志愿者码"),
                            ("staff", "工作人员登记"),
                            ("paper", "纸质签到表"),
                            ("offline", "离线扫码"),
                        ],
                        max_length=8,
                        verbose_name="签到方式",
                    ),
                ),
                ("arrived_window", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="签退时间")),
                (
                    "left_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("code", "扫动态二维码"),
                            ("digits", "输入六位数字"),
                            ("badge", "工作人员扫志愿者码"),
                            ("staff", "工作人员登记"),
                            ("paper", "纸质签到表"),
                            ("offline", "离线扫码"),
                        ],
                        max_length=8,
                        verbose_name="签退方式",
                    ),
                ),
                ("left_window", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="登记原因")),
                (
                    "device",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=16,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{16}$")],
                    ),
                ),
                (
                    "device_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="设备时间"
                    ),
                ),
                (
                    "in_range",
                    models.BooleanField(blank=True, null=True, verbose_name="在活动地点附近"),
                ),
                (
                    "distance_metres",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="相距（米）"),
                ),
                ("shift_minutes", models.PositiveIntegerField(editable=False)),
                ("share_percent", models.PositiveSmallIntegerField(editable=False)),
                (
                    "minutes",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="在场时长"),
                ),
                (
                    "hindrance",
                    models.CharField(blank=True, max_length=200, verbose_name="没有记时长的原因"),
                ),
                (
                    "absent_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="登记未到的时间"),
                ),
                (
                    "contested_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提出异议的时间"),
                ),
                (
                    "contested_for",
                    models.CharField(blank=True, max_length=200, verbose_name="本人说明"),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "absent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "arrived_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "left_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="timebank.servicerecord",
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="timebank.shift",
                    ),
                ),
                (
                    "signup",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="timebank.signup",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="timebank.papersheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "到场记录",
                "verbose_name_plural": "到场记录",
                "ordering": ["signup__seat", "id"],
                "indexes": [
                    models.Index(fields=["volunteer", "-id"], name="presence_by_volunteer")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shift", "volunteer"), name="presence_once_per_person_and_shift"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("arrived_at__isnull", False),
                                ("arrived_by__isnull", False),
                                models.Q(("arrived_how", ""), _negated=True),
                            ),
                            models.Q(
                                ("arrived_at__isnull", True),
                                ("arrived_by__isnull", True),
                                ("arrived_how", ""),
                            ),
                            _connector="OR",
                        ),
                        name="arrival_says_how_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("left_at__isnull", False),
                                ("left_by__isnull", False),
                                models.Q(("left_how", ""), _negated=True),
                            ),
                            models.Q(
                                ("left_at__isnull", True),
                                ("left_by__isnull", True),
                                ("left_how", ""),
                            ),
                            _connector="OR",
                        ),
                        name="leaving_says_how_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True),
                            ("left_at__gte", models.F("arrived_at")),
                            _connector="OR",
                        ),
                        name="nobody_leaves_before_arriving",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("arrived_at__isnull", False),
                                ("left_at__isnull", False),
                                ("state__in", ["left", "counted", "short", "noted"]),
                            ),
                            models.Q(
                                ("arrived_at__isnull", False),
                                ("left_at__isnull", True),
                                ("state", "present"),
                            ),
                            models.Q(
                                ("arrived_at__isnull", True),
                                ("state__in", ["absent", "contested", "cleared"]),
                            ),
                            _connector="OR",
                        ),
                        name="presence_times_fit_its_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("minutes__isnull", False),
                                ("record__isnull", False),
                                ("state", "counted"),
                            ),
                            models.Q(
                                models.Q(("state", "counted"), _negated=True),
                                ("record__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="counted_presence_has_its_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes__isnull", True),
                            models.Q(
                                ("minutes__lte", models.F("shift_minutes")),
                                (
                                    "left_at__gte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("arrived_at"),
                                        "+",
                                        timebank.models.records.MinutesAsInterval("minutes"),
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="presence_minutes_within_shift_and_span",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "counted"), _negated=True),
                            (
                                "minutes__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("shift_minutes"),
                                            "*",
                                            models.F("share_percent"),
                                        ),
                                        "+",
                                        models.Value(99),
                                    ),
                                    "/",
                                    models.Value(100),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="counted_presence_reaches_the_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share_percent__gte", 1),
                            ("share_percent__lte", 100),
                            ("shift_minutes__gte", 1),
                        ),
                        name="presence_terms_make_sense",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("arrived_how__in", ("badge", "staff", "paper", "offline")),
                                _negated=True,
                            ),
                            models.Q(("arrived_by", models.F("volunteer")), _negated=True),
                            _connector="OR",
                        ),
                        name="arrival_marked_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("left_how__in", ("badge", "staff", "paper", "offline")),
                                _negated=True,
                            ),
                            models.Q(("left_by", models.F("volunteer")), _negated=True),
                            _connector="OR",
                        ),
                        name="leaving_marked_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("arrived_how", "staff"), _negated=True),
                                models.Q(("left_how", "staff"), _negated=True),
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="marking_by_staff_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_window__isnull", True),
                            ("arrived_window__isnull", True),
                            ("left_window__gt", models.F("arrived_window")),
                            _connector="OR",
                        ),
                        name="code_used_once_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("distance_metres__isnull", True), ("in_range__isnull", True)),
                            models.Q(
                                ("distance_metres__isnull", False), ("in_range__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="range_comes_with_its_distance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("absent_at__isnull", True),
                                ("absent_by__isnull", True),
                                models.Q(("state__in", ["absent", "contested"]), _negated=True),
                            ),
                            models.Q(
                                ("absent_at__isnull", False),
                                ("absent_by__isnull", False),
                                models.Q(("absent_by", models.F("volunteer")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="absence_says_who_marked_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "contested"), _negated=True),
                            models.Q(
                                ("contested_at__isnull", False),
                                models.Q(("contested_for", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contested_absence_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("device", ""), ("device__regex", "^[0-9a-f]{16}$"), _connector="OR"
                        ),
                        name="device_is_a_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nonce", models.UUIDField(editable=False, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="制作时间",
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="停用时间"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_cards",
                        to="accounts.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "服务卡",
                "verbose_name_plural": "服务卡",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("person",),
                        name="service_card_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Badge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nonce", models.UUIDField(editable=False, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="制作时间",
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="停用时间"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="badges",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿者码",
                "verbose_name_plural": "志愿者码",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("user",),
                        name="badge_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeTries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                (
                    "last_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="code_tries",
                        to="timebank.shift",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "输码次数",
                "verbose_name_plural": "输码次数",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shift", "volunteer"), name="code_tries_once_per_person_and_shift"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wrong__lte", 5)), name="digits_tried_5_times_at_most"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                (
                    "metres",
                    models.PositiveSmallIntegerField(default=300, verbose_name="范围（米）"),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shift",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_point",
                        to="timebank.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "集合点",
                "verbose_name_plural": "集合点",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("latitude__gte", -90),
                            ("latitude__lte", 90),
                            ("longitude__gte", -180),
                            ("longitude__lte", 180),
                        ),
                        name="meeting_point_on_earth",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("metres__gte", 50), ("metres__lte", 5000)),
                        name="meeting_point_has_a_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfflineScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.UUIDField(editable=False, unique=True)),
                (
                    "verb",
                    models.CharField(choices=[("arrive", "签到"), ("leave", "签退")], max_length=8),
                ),
                ("device_at", models.DateTimeField(verbose_name="设备时间")),
                ("device", models.CharField(blank=True, editable=False, max_length=16)),
                (
                    "received_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="收到时间",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("taken", "已生效"),
                            ("conflict", "待处理"),
                            ("dismissed", "不予采用"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=200, verbose_name="问题")),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="处理时间"),
                ),
                (
                    "scanned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offline_scans",
                        to="timebank.shift",
                    ),
                ),
                (
                    "volunteer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "离线扫码",
                "verbose_name_plural": "离线扫码",
                "ordering": ["device_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "conflict"), _negated=True),
                            models.Q(("problem", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="scan_in_conflict_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="settled_scan_says_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dismissed"), _negated=True),
                            ("settled_by__isnull", False),
                            _connector="OR",
                        ),
                        name="scan_dismissed_by_somebody",
                    ),
                ],
            },
        ),
    ]
