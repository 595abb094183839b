"""Make the ledger: its schema, tables, functions, triggers and grants, from one readable file."""

from hashlib import sha256
from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import timebank
from accounts.migrating import WholeMigration

LEDGER_SQL = Path(timebank.__file__).parent / "sql" / "ledger.sql"
LEDGER_HASH = sha256(LEDGER_SQL.read_bytes()).hexdigest()


class Migration(WholeMigration):
    initial = True
    dependencies: ClassVar = [
        ("accounts", "0002_database_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.RunSQL(LEDGER_SQL.read_text(encoding="utf-8"), "DROP SCHEMA ledger CASCADE"),
        migrations.RunSQL(
            [("INSERT INTO ledger.version (file_hash) VALUES (%s)", [LEDGER_HASH])],
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("owner_key", models.TextField(verbose_name="归属")),
                ("name", models.TextField(verbose_name="名称")),
                (
                    "unit",
                    models.TextField(
                        choices=[("minute", "分钟"), ("point", "积分"), ("fen", "分（人民币）")],
                        verbose_name="单位",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="开立时间")),
            ],
            options={
                "verbose_name": "账簿",
                "verbose_name_plural": "账簿",
                "db_table": '"ledger"."book"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="accounts",
                        to="timebank.book",
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("person", "个人"),
                            ("team", "志愿服务队"),
                            ("organisation", "组织"),
                            ("station", "服务站点"),
                            ("pool", "爱心时间库"),
                            ("issuance", "发放账户"),
                            ("clearing", "清算账户"),
                            ("opening", "期初账户"),
                            ("source", "资金来源"),
                            ("fund", "创投资金"),
                            ("commitment", "已立项待拨"),
                            ("payee", "收款方"),
                        ],
                        verbose_name="类型",
                    ),
                ),
                ("owner_key", models.TextField(verbose_name="归属")),
                ("label", models.TextField(verbose_name="户名")),
                ("floor", models.BigIntegerField(null=True, verbose_name="下限")),
                ("ceiling", models.BigIntegerField(null=True, verbose_name="上限")),
                ("posted", models.BigIntegerField(verbose_name="结余")),
                ("held", models.BigIntegerField(verbose_name="预留")),
                ("debt", models.BigIntegerField(verbose_name="冲正欠额")),
                ("seq", models.BigIntegerField(verbose_name="账目数")),
                ("is_counted", models.BooleanField(verbose_name="计结余")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("open", "正常"),
                            ("suspended", "停用（只进不出）"),
                            ("frozen", "冻结"),
                            ("closed", "已销户"),
                        ],
                        verbose_name="状态",
                    ),
                ),
                ("stripes", models.SmallIntegerField(verbose_name="分户数")),
                (
                    "whole",
                    models.ForeignKey(
                        db_column="stripe_of",
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.ledgeraccount",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="开立时间")),
            ],
            options={
                "verbose_name": "账户",
                "verbose_name_plural": "账户",
                "db_table": '"ledger"."account"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="holds",
                        to="timebank.book",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="holds",
                        to="timebank.ledgeraccount",
                    ),
                ),
                (
                    "to_account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.ledgeraccount",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="预留")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("opening", "期初结转"),
                            ("reward", "服务所得"),
                            ("use", "使用服务"),
                            ("gift", "捐赠转赠"),
                            ("grant", "爱心时间库拨付"),
                            ("expiry", "到期归库"),
                            ("adjustment", "调账"),
                            ("reversal", "冲正"),
                            ("funding", "资金到位"),
                            ("award", "立项资助"),
                            ("disbursement", "拨付"),
                            ("return", "结余退回"),
                            ("closing", "销户结转"),
                            ("outward", "通兑转出"),
                            ("inward", "通兑转入"),
                            ("sent_back", "通兑退回"),
                        ],
                        verbose_name="事由",
                    ),
                ),
                ("reason", models.TextField(verbose_name="说明")),
                ("source", models.TextField(verbose_name="来源")),
                ("policy_version", models.TextField(verbose_name="规则版本")),
                ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="到期时间")),
                ("recorded_at", models.DateTimeField(verbose_name="入账时间")),
                (
                    "acting_user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "预留",
                "verbose_name_plural": "预留",
                "db_table": '"ledger"."hold"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="transfers",
                        to="timebank.book",
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("opening", "期初结转"),
                            ("reward", "服务所得"),
                            ("use", "使用服务"),
                            ("gift", "捐赠转赠"),
                            ("grant", "爱心时间库拨付"),
                            ("expiry", "到期归库"),
                            ("adjustment", "调账"),
                            ("reversal", "冲正"),
                            ("funding", "资金到位"),
                            ("award", "立项资助"),
                            ("disbursement", "拨付"),
                            ("return", "结余退回"),
                            ("closing", "销户结转"),
                            ("outward", "通兑转出"),
                            ("inward", "通兑转入"),
                            ("sent_back", "通兑退回"),
                        ],
                        verbose_name="事由",
                    ),
                ),
                ("reason", models.TextField(verbose_name="说明")),
                ("source", models.TextField(verbose_name="来源")),
                ("policy_version", models.TextField(verbose_name="规则版本")),
                ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                ("recorded_at", models.DateTimeField(verbose_name="入账时间")),
                (
                    "acting_user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="reversed_by",
                        to="timebank.transfer",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.hold",
                    ),
                ),
                ("reason_hash", models.BinaryField(null=True, verbose_name="说明的指纹")),
            ],
            options={
                "verbose_name": "划转",
                "verbose_name_plural": "划转",
                "db_table": '"ledger"."transfer"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entries",
                        to="timebank.book",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entries",
                        to="timebank.transfer",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entries",
                        to="timebank.ledgeraccount",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="变动")),
                ("balance_after", models.BigIntegerField(null=True, verbose_name="变动后结余")),
                ("seq", models.BigIntegerField(null=True, verbose_name="序号")),
            ],
            options={
                "verbose_name": "账目",
                "verbose_name_plural": "账目",
                "db_table": '"ledger"."entry"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="HoldResolution",
            fields=[
                (
                    "hold",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="timebank.hold",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.book",
                    ),
                ),
                (
                    "how",
                    models.TextField(
                        choices=[
                            ("settled", "已结算"),
                            ("released", "已退回"),
                            ("expired", "已到期失效"),
                        ],
                        verbose_name="方式",
                    ),
                ),
                ("settled_amount", models.BigIntegerField(verbose_name="结算")),
                (
                    "transfer",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="ended_hold",
                        to="timebank.transfer",
                    ),
                ),
                ("reason", models.TextField(verbose_name="说明")),
                ("recorded_at", models.DateTimeField(verbose_name="入账时间")),
                (
                    "acting_user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "预留的了结",
                "verbose_name_plural": "预留的了结",
                "db_table": '"ledger"."hold_resolution"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.book",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="changes",
                        to="timebank.ledgeraccount",
                    ),
                ),
                (
                    "what",
                    models.TextField(
                        choices=[("state", "状态"), ("limits", "限额")], verbose_name="内容"
                    ),
                ),
                ("before", models.TextField(verbose_name="原来")),
                ("after", models.TextField(verbose_name="现在")),
                ("reason", models.TextField(verbose_name="说明")),
                (
                    "acting_user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="入账时间")),
            ],
            options={
                "verbose_name": "账户变更记录",
                "verbose_name_plural": "账户变更记录",
                "db_table": '"ledger"."account_change"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="LimitPolicy",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="limit_policies",
                        to="timebank.book",
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("person", "个人"),
                            ("team", "志愿服务队"),
                            ("organisation", "组织"),
                            ("station", "服务站点"),
                            ("pool", "爱心时间库"),
                            ("issuance", "发放账户"),
                            ("clearing", "清算账户"),
                            ("opening", "期初账户"),
                            ("source", "资金来源"),
                            ("fund", "创投资金"),
                            ("commitment", "已立项待拨"),
                            ("payee", "收款方"),
                        ],
                        verbose_name="类型",
                    ),
                ),
                ("floor", models.BigIntegerField(null=True, verbose_name="下限")),
                ("ceiling", models.BigIntegerField(null=True, verbose_name="上限")),
                ("version", models.TextField(verbose_name="规则版本")),
                ("reason", models.TextField(verbose_name="说明")),
                (
                    "acting_user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="入账时间")),
            ],
            options={
                "verbose_name": "限额规则",
                "verbose_name_plural": "限额规则",
                "db_table": '"ledger"."limit_policy"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "hash",
                    models.BinaryField(primary_key=True, serialize=False, verbose_name="区块指纹"),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="blocks",
                        to="timebank.book",
                    ),
                ),
                ("number", models.BigIntegerField(verbose_name="区块号")),
                (
                    "transfers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), verbose_name="划转"
                    ),
                ),
                ("leaves", models.BinaryField(verbose_name="划转指纹")),
                ("previous_hash", models.BinaryField(verbose_name="上一区块指纹")),
                ("sealed_at", models.DateTimeField(verbose_name="封存时间")),
            ],
            options={
                "verbose_name": "封存区块",
                "verbose_name_plural": "封存区块",
                "db_table": '"ledger"."block"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "book",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="head",
                        serialize=False,
                        to="timebank.book",
                    ),
                ),
                ("number", models.BigIntegerField(verbose_name="区块号")),
                ("hash", models.BinaryField(verbose_name="区块指纹")),
                ("transfers", models.BigIntegerField(verbose_name="已封存划转")),
                ("sealed_at", models.DateTimeField(verbose_name="封存时间")),
            ],
            options={
                "verbose_name": "封存位置",
                "verbose_name_plural": "封存位置",
                "db_table": '"ledger"."head"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "transfer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="erasure",
                        serialize=False,
                        to="timebank.transfer",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="timebank.book",
                    ),
                ),
                ("why", models.TextField(verbose_name="原因")),
                (
                    "acting_user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="入账时间")),
            ],
            options={
                "verbose_name": "说明清除记录",
                "verbose_name_plural": "说明清除记录",
                "db_table": '"ledger"."erasure"',
                "managed": False,
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
