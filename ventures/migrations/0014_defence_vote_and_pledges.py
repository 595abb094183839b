"""A defence in the hall, a public vote whose ballots nobody can trace, pledges, a composite."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ventures
from accounts.append_only import revoke_rewriting
from accounts.migrating import WholeMigration

BALLOT_BOX = Path(ventures.__file__).parent / "sql" / "ballot_box.sql"
WEB = settings.WEB_DATABASE_ROLE
PUT = "ventures_put_ballots(bigint, bigint[])"
COUNT = "ventures_count_ballots(bigint)"


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0002_database_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("ventures", "0013_a_reviewers_evening"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompositeTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="composite_terms",
                        to="ventures.round",
                    ),
                ),
                ("paper_percent", models.PositiveSmallIntegerField(verbose_name="书面评审占（%）")),
                (
                    "defence_percent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="路演答辩占（%）"),
                ),
                (
                    "vote_percent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="公众投票占（%）"),
                ),
                (
                    "pledge_percent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="配资承诺占（%）"),
                ),
                (
                    "defence_rubric",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ventures.rubric",
                    ),
                ),
                (
                    "least_judges",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="每个项目至少几名评委打分"
                    ),
                ),
                (
                    "shortlist",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="前几名入围答辩"
                    ),
                ),
                (
                    "choices",
                    models.PositiveSmallIntegerField(default=1, verbose_name="每人最多选几个项目"),
                ),
                (
                    "vote_rule",
                    models.CharField(
                        choices=[
                            ("top", "得票最多的 100 分，其余按得票比例"),
                            ("share", "投给它的人占投票人数的百分之几，就得几分"),
                        ],
                        default="top",
                        max_length=6,
                        verbose_name="得票怎么折成分",
                    ),
                ),
                (
                    "pledge_rule",
                    models.CharField(
                        choices=[
                            ("capped", "占满分金额的百分之几就得几分，最多 100 分"),
                            ("log", "按金额的对数折算，越往上加分越慢，最多 100 分"),
                        ],
                        default="capped",
                        max_length=6,
                        verbose_name="承诺金额怎么折成分",
                    ),
                ),
                (
                    "pledge_full_fen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="承诺到多少得满分"),
                ),
                (
                    "pledges_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="承诺书交到什么时候"),
                ),
            ],
            options={
                "verbose_name": "综合得分办法",
                "verbose_name_plural": "综合得分办法",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "paper_percent",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(100), "-", models.F("defence_percent")
                                        ),
                                        "-",
                                        models.F("vote_percent"),
                                    ),
                                    "-",
                                    models.F("pledge_percent"),
                                ),
                            )
                        ),
                        name="shares_make_a_hundred",
                        violation_error_message="几部分的占比加起来要等于 100%。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("defence_percent", 0),
                            ("defence_rubric__isnull", False),
                            _connector="OR",
                        ),
                        name="defence_has_its_criteria",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pledge_percent", 0),
                            models.Q(("pledge_full_fen__gt", 0), ("pledges_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="pledges_have_their_measure",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("choices__gte", 1),
                            ("least_judges__gte", 1),
                            models.Q(
                                ("shortlist__isnull", True), ("shortlist__gte", 1), _connector="OR"
                            ),
                        ),
                        name="composite_counts_from_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DefenceSession",
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
                            models.Value("LY"),
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
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defence",
                        to="ventures.round",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "已排场次，还没抽签"),
                            ("sealed", "已备签，等见证人抽签"),
                            ("drawn", "顺序已抽定"),
                        ],
                        default="planned",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="地点")),
                ("begins_at", models.DateTimeField(verbose_name="开始时间")),
                (
                    "present_minutes",
                    models.PositiveSmallIntegerField(default=6, verbose_name="陈述几分钟"),
                ),
                (
                    "answer_minutes",
                    models.PositiveSmallIntegerField(default=4, verbose_name="提问几分钟"),
                ),
                (
                    "change_minutes",
                    models.PositiveSmallIntegerField(default=2, verbose_name="换场几分钟"),
                ),
                (
                    "warn_seconds",
                    models.PositiveSmallIntegerField(default=60, verbose_name="剩几秒时提醒"),
                ),
                ("pool", models.JSONField(default=dict)),
                ("pool_hash", models.CharField(blank=True, max_length=64)),
                ("secret", models.CharField(blank=True, max_length=64)),
                ("secret_hash", models.CharField(blank=True, max_length=64)),
                ("witness", models.CharField(blank=True, max_length=40, verbose_name="见证人")),
                ("word", models.CharField(blank=True, max_length=40, verbose_name="见证人说的话")),
                ("drawn", models.JSONField(default=list)),
                ("drawn_at", models.DateTimeField(blank=True, null=True, verbose_name="抽签时间")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="通知时间")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name": "答辩场次",
                "verbose_name_plural": "答辩场次",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("present_minutes__gte", 1),
                            ("present_minutes__lte", 60),
                            ("answer_minutes__lte", 60),
                            ("change_minutes__lte", 60),
                        ),
                        name="defence_of_sound_length",
                        violation_error_message="陈述至少 1 分钟，每段不超过 60 分钟。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pool_hash", ""), ("secret", ""), ("state", "planned")),
                            models.Q(
                                models.Q(("state", "planned"), _negated=True),
                                models.Q(("pool_hash", ""), _negated=True),
                                models.Q(("secret", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sealed_lot_has_its_hashes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "drawn"), _negated=True),
                            models.Q(
                                models.Q(("word", ""), _negated=True), ("drawn_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="drawn_order_has_a_witness",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DefenceSlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="ventures.defencesession",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defence_slot",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="出场次序"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "候场"),
                            ("open", "正在答辩"),
                            ("revealed", "已亮分"),
                            ("absent", "缺席"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revealed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="亮分时间"),
                ),
                (
                    "revealed_by",
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
                "verbose_name": "答辩席次",
                "verbose_name_plural": "答辩席次",
                "ordering": ["session", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("session", "position"),
                        name="defence_position_taken_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("session",),
                        name="one_team_on_the_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("revealed_at__isnull", False),
                                ("revealed_by__isnull", False),
                                ("state", "revealed"),
                            ),
                            models.Q(
                                models.Q(("state", "revealed"), _negated=True),
                                ("revealed_at__isnull", True),
                                ("revealed_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="revealed_slot_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "waiting"), ("position__isnull", False), _connector="OR"
                        ),
                        name="slot_begins_in_its_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DefenceSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="ventures.defenceslot",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="defence_sheets",
                        to="ventures.panelmember",
                    ),
                ),
                (
                    "half_points",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), verbose_name="得分（半分）"
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="交分时间",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场评分表",
                "verbose_name_plural": "现场评分表",
                "ordering": ["slot", "member"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slot", "member"), name="team_scored_once_by_a_reviewer"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_vote",
                        to="ventures.round",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("set", "已安排"), ("counted", "已计票")],
                        default="set",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("opens_at", models.DateTimeField(verbose_name="开始投票")),
                ("closes_at", models.DateTimeField(verbose_name="截止投票")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="投票说明")),
                ("counts", models.JSONField(default=dict)),
                (
                    "turnout",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="投票人数"),
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
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "counted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "counted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="计票时间"),
                ),
            ],
            options={
                "verbose_name": "公众投票",
                "verbose_name_plural": "公众投票",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="vote_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "counted"),
                                ("turnout__isnull", False),
                                ("counted_at__gte", models.F("closes_at")),
                                ("counted_by__isnull", False),
                            ),
                            models.Q(
                                ("counted_at__isnull", True),
                                ("counts", {}),
                                ("state", "set"),
                                ("turnout__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="vote_counted_after_its_close",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Voter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "vote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voters",
                        to="ventures.publicvote",
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
                "verbose_name": "投票人",
                "verbose_name_plural": "投票人",
                "constraints": [
                    models.UniqueConstraint(fields=("vote", "user"), name="one_person_votes_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "vote",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ventures.publicvote",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ventures.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "选票",
                "verbose_name_plural": "选票",
            },
        ),
        migrations.CreateModel(
            name="Pledge",
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
                            models.Value("CN"),
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
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="ventures.proposal",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "等待核实"),
                            ("confirmed", "已核实"),
                            ("refused", "不予认定"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "pledger_kind",
                    models.CharField(
                        choices=[("organisation", "单位（盖章）"), ("person", "个人（签名）")],
                        max_length=12,
                        verbose_name="谁承诺",
                    ),
                ),
                ("pledger_name", models.CharField(max_length=80, verbose_name="单位名称或姓名")),
                ("amount_fen", models.BigIntegerField(verbose_name="承诺金额")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.attachment",
                        verbose_name="签章的承诺书",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="提交时间",
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
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "refused_for",
                    models.CharField(blank=True, max_length=300, verbose_name="不予认定的理由"),
                ),
            ],
            options={
                "verbose_name": "配资承诺",
                "verbose_name_plural": "配资承诺",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="pledge_of_something"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["offered", "confirmed"])),
                        fields=("proposal", "pledger_name"),
                        name="pledger_promises_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="pledge_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["offered", "withdrawn"]),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="decided_pledge_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refused_for", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_pledge_says_why",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="defencesheet",
            trigger=pgtrigger.compiler.Trigger(
                name="sheets_of_the_hall_stand",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF (SELECT state FROM ventures_defenceslot\n         WHERE id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.slot_id ELSE NEW.slot_id END)\n       ) <> 'open' THEN\n        RAISE EXCEPTION 'a sheet of the hall is written while its slot is open'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                    hash="2fe6703a13648b036ac86e58fca7578b1d9e953b",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_sheets_of_the_hall_stand_1df67",
                    table="ventures_defencesheet",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="defencesheet",
            trigger=pgtrigger.compiler.Trigger(
                name="points_of_the_hall_within_criteria",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE most int[];",
                    func="\n    SELECT array_agg(criterion.max_half_points::int ORDER BY criterion.position) INTO most\n      FROM ventures_defenceslot slot\n      JOIN ventures_defencesession session ON session.id = slot.session_id\n      JOIN ventures_compositeterms terms ON terms.round_id = session.round_id\n      JOIN ventures_criterion criterion ON criterion.rubric_id = terms.defence_rubric_id\n     WHERE slot.id = NEW.slot_id;\n    IF cardinality(NEW.half_points) IS DISTINCT FROM cardinality(most) OR EXISTS (\n        SELECT 1 FROM unnest(NEW.half_points::int[], most) AS item(given, most)\n         WHERE item.given IS NULL OR item.given > item.most\n    ) THEN\n        RAISE EXCEPTION 'every criterion has its points, none above its maximum'\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="37a26ac1d8eaa3758667f125bd532165320f4fb2",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_points_of_the_hall_within_criteria_9e3f0",
                    table="ventures_defencesheet",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voter",
            trigger=pgtrigger.compiler.Trigger(
                name="voters_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="6cac2450734dbbf813deddb87801d25a9d85d9e6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_voters_append_only_2449c",
                    table="ventures_voter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voter",
            trigger=pgtrigger.compiler.Trigger(
                name="voters_append_only_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
                    hash="706613f8f63997f83f66ef61ee94c3e9e94eb90e",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_voters_append_only_whole_9dcdb",
                    table="ventures_voter",
                    when="BEFORE",
                ),
            ),
        ),
        revoke_rewriting("ventures_voter"),
        migrations.RunSQL(
            BALLOT_BOX.read_text(encoding="utf-8"),
            f"DROP FUNCTION {PUT}; DROP FUNCTION {COUNT}",
        ),
        migrations.RunSQL(
            f"""
            REVOKE ALL ON ventures_ballot FROM "{WEB}";
            REVOKE ALL ON FUNCTION {PUT}, {COUNT} FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION {PUT}, {COUNT} TO "{WEB}";
            """,
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON ventures_ballot TO "{WEB}"',
        ),
    ]
