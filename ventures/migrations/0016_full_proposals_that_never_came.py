"""A concept that was selected and never followed by the full proposal has a state of its own."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0015_concepts_and_full_proposals"),
    ]

    operations = [
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
                ],
                default="draft",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.RemoveConstraint(model_name="proposal", name="invited_proposal_says_when"),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["invited", "unfiled"]), _negated=True),
                    ("invited_at__isnull", False),
                    _connector="OR",
                ),
                name="invited_proposal_says_when",
            ),
        ),
    ]
