"""A returned proposal whose day has passed has a state of its own, and can be answered again."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("ventures", "0003_reviews_and_decisions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
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
        migrations.RemoveConstraint(model_name="screening", name="version_screened_once"),
        migrations.AddConstraint(
            model_name="screening",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "returned"), _negated=True),
                fields=("version",),
                name="version_accepted_or_refused_once",
            ),
        ),
    ]
