"""What is certified, and who was granted how many stars since when."""

from datetime import date
from typing import Any

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import timebank.models.certificates
from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration


def lay_thresholds(apps: Any, schema_editor: Any) -> None:
    """What the ministry's draft of 2012 asked for, and cities have used since."""
    thresholds = apps.get_model("timebank", "StarThreshold")
    alias = schema_editor.connection.alias
    for level, hours in ((1, 100), (2, 300), (3, 600), (4, 1000), (5, 1500)):
        thresholds.objects.using(alias).create(
            level=level,
            minutes=hours * 60,
            starts_on=date(2012, 10, 23),
            basis="志愿服务记录办法（民函〔2012〕340号）",
        )


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0006_calendar_years_and_data_words"),
        ("timebank", "0009_presence_sheets_and_cards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="从")),
                ("until", models.DateField(blank=True, null=True, verbose_name="到")),
                ("people", models.JSONField(default=list)),
                ("left_out", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "正在生成"),
                            ("ready", "已生成"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        upload_to=timebank.models.certificates.batch_under,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="申请时间",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "批量开具",
                "verbose_name_plural": "批量开具",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", False), ("station__isnull", True)),
                            models.Q(("organisation__isnull", True), ("station__isnull", False)),
                            _connector="OR",
                        ),
                        name="certificate_batch_for_one_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("file", ""), _negated=True),
                            ("done", 0),
                            _connector="OR",
                        ),
                        name="certificate_batch_ready_with_its_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="证明编号")),
                ("token", models.CharField(max_length=48, unique=True)),
                ("check_code", models.CharField(max_length=8, verbose_name="校验码")),
                ("minutes", models.BigIntegerField(verbose_name="服务时长")),
                ("services", models.PositiveIntegerField(verbose_name="服务次数")),
                ("first_on", models.DateField(verbose_name="最早服务日期")),
                ("last_on", models.DateField(verbose_name="最近服务日期")),
                ("snapshot", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField(verbose_name="出具时间")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="timebank.timebank",
                    ),
                ),
                (
                    "issued_by",
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
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="志愿者",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="timebank.certificatebatch",
                    ),
                ),
            ],
            options={
                "verbose_name": "志愿服务记录证明",
                "verbose_name_plural": "志愿服务记录证明",
                "ordering": ["-issued_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="certificate_says_some_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="certificate_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        fields=("batch", "volunteer"),
                        name="certificate_once_per_batch_and_volunteer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="timebank.certificate",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate_lines",
                        to="timebank.servicerecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "证明所依据的记录",
                "verbose_name_plural": "证明所依据的记录",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("certificate", "record"), name="certificate_names_a_record_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificatePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("recorder", "志愿服务记录证明"),
                            ("platform", "平台志愿服务记录"),
                        ],
                        max_length=8,
                        verbose_name="出具什么",
                    ),
                ),
                ("issuer", models.CharField(max_length=80, verbose_name="记录单位")),
                ("responsible", models.CharField(blank=True, max_length=40, verbose_name="负责人")),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="联系方式")),
                (
                    "left_out",
                    models.JSONField(blank=True, default=list, verbose_name="不开具的来源"),
                ),
                ("marked", models.JSONField(blank=True, default=list, verbose_name="注明的来源")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate_policies",
                        to="timebank.timebank",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
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
                "verbose_name": "证明出具办法",
                "verbose_name_plural": "证明出具办法",
                "ordering": ["-starts_on", "-id"],
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="timebank.certificatepolicy",
            ),
        ),
        migrations.CreateModel(
            name="CertificateRevocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="作废原因")),
                (
                    "revoked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="作废时间",
                    ),
                ),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="timebank.certificate",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.servicerecord",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "证明作废",
                "verbose_name_plural": "证明作废",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="revocation_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StarThreshold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="星级")),
                ("minutes", models.BigIntegerField(verbose_name="需要的服务时长")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="依据")),
            ],
            options={
                "verbose_name": "星级标准",
                "verbose_name_plural": "星级标准",
                "ordering": ["level", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 5)),
                        name="star_level_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)), name="star_asks_for_some_time"
                    ),
                    models.UniqueConstraint(
                        fields=("level", "starts_on"), name="star_level_set_once_a_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StarGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="星级")),
                ("minutes", models.BigIntegerField(verbose_name="服务时长")),
                ("quality", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待评定"),
                            ("granted", "已评定"),
                            ("declined", "暂不评定"),
                            ("withdrawn", "已撤销"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "proposed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提出时间",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="评定时间"),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("again_from", models.DateField(blank=True, null=True, verbose_name="再次提出")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="star_grants",
                        to="timebank.timebank",
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
                    "volunteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="star_grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="志愿者",
                    ),
                ),
                (
                    "threshold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="timebank.starthreshold",
                    ),
                ),
            ],
            options={
                "verbose_name": "星级评定",
                "verbose_name_plural": "星级评定",
                "ordering": ["proposed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "granted"])),
                        fields=("bank", "volunteer", "level"),
                        name="star_level_once_per_volunteer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("state", "proposed"),
                            ),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="star_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("volunteer")), _negated=True),
                            _connector="OR",
                        ),
                        name="star_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "granted"]),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="star_refused_with_its_reason",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificateline",
            trigger=pgtrigger.compiler.Trigger(
                name="certificate_lines_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="ed6c6ffc5c8504315fc40711843df7d27400d866",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_certificate_lines_append_only_3a858",
                    table="timebank_certificateline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificateline",
            trigger=pgtrigger.compiler.Trigger(
                name="certificate_lines_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="e5b70a49a02e10417b0b95a0c2abe3e38302334c",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_certificate_lines_append_only_whole_561d3",
                    table="timebank_certificateline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificatepolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="certificate_policies_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="7e7420e629431b01e17477d53df27b0de67e1008",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_certificate_policies_append_only_c69ae",
                    table="timebank_certificatepolicy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificatepolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="certificate_policies_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="3fd38df6a7bcdac16bc00e386d1f6ee1561b360b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_certificate_policies_append_only_whole_d4108",
                    table="timebank_certificatepolicy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="certificates_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="cc1956b13ce09090e1584a37acdc0dc3c1be5d19",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_certificates_append_only_47b3d",
                    table="timebank_certificate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificate",
            trigger=pgtrigger.compiler.Trigger(
                name="certificates_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="d4f4c6e2e3dc780ffc18dd9a523685890cbb605f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_certificates_append_only_whole_72d49",
                    table="timebank_certificate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificaterevocation",
            trigger=pgtrigger.compiler.Trigger(
                name="certificate_revocations_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="222a8045e951690038213386e7053bb5173bc20e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_certificate_revocations_append_only_dcb70",
                    table="timebank_certificaterevocation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="certificaterevocation",
            trigger=pgtrigger.compiler.Trigger(
                name="certificate_revocations_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="e89d65b89ccea7b12ce9a37402f5e4a9a98cd646",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_certificate_revocations_append_only_whole_cf369",
                    table="timebank_certificaterevocation",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("timebank_certificatepolicy"),
        revoke_rewriting("timebank_certificate"),
        revoke_rewriting("timebank_certificateline"),
        revoke_rewriting("timebank_certificaterevocation"),
        migrations.RunPython(lay_thresholds, migrations.RunPython.noop),
    ]
