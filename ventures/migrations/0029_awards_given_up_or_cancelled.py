"""An award may be given up by its applicant or cancelled by the office, not only taken back.

The withdrawals there are came of objections: the default of the new column says so of them.
"""

import django.db.models.deletion
from django.db import migrations, models

from accounts.migrating import WholeMigration

Q = models.Q


class Migration(WholeMigration):
    dependencies = [("ventures", "0028_until_when_a_budget_is_revised")]

    operations = [
        migrations.AlterModelOptions(
            name="awardwithdrawal",
            options={"verbose_name": "撤销立项", "verbose_name_plural": "撤销立项"},
        ),
        migrations.AddField(
            model_name="awardwithdrawal",
            name="cause",
            field=models.CharField(
                choices=[
                    ("objection", "异议成立"),
                    ("given_up", "放弃立项"),
                    ("cancelled", "取消立项"),
                ],
                default="objection",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="awardwithdrawal",
            name="publishes_reason",
            field=models.BooleanField(default=True, verbose_name="原因可以公开"),
        ),
        migrations.AlterField(
            model_name="awardwithdrawal",
            name="objection",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="ventures.objection",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwithdrawal",
            constraint=models.CheckConstraint(
                condition=Q(cause="objection", objection__isnull=False)
                | ~Q(cause="objection") & Q(objection__isnull=True),
                name="withdrawal_by_objection_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardwithdrawal",
            constraint=models.CheckConstraint(
                condition=Q(cause="given_up") | Q(publishes_reason=True),
                name="only_who_gives_up_keeps_the_reason",
            ),
        ),
        migrations.AlterField(
            model_name="awardwalk",
            name="occasion",
            field=models.CharField(
                choices=[
                    ("meeting", "提交集体决策"),
                    ("objection", "异议成立后重算"),
                    ("ended", "放弃或取消立项后重算"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("concept", "概要已提交"),
                    ("invited", "概要入围"),
                    ("unfiled", "未交完整申报书"),
                    ("not_selected", "概要未入围"),
                    ("submitted", "已提交"),
                    ("returned", "退回补正"),
                    ("lapsed", "逾期未补正"),
                    ("withdrawn", "已撤回"),
                    ("screened", "通过形式审查"),
                    ("refused", "未通过形式审查"),
                    ("under_review", "评审中"),
                    ("awarded", "立项"),
                    ("reserved", "候补"),
                    ("declined", "未立项"),
                    ("given_up", "已放弃立项"),
                    ("cancelled", "已取消立项"),
                    ("stopped", "随轮终止"),
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.RemoveConstraint(model_name="dossier", name="one_dossier_an_occasion"),
        migrations.AddField(
            model_name="dossier",
            name="number",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.UniqueConstraint(
                fields=("round", "occasion", "number"),
                name="dossier_of_an_occasion_numbered_once",
            ),
        ),
    ]
