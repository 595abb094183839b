"""A ceiling for each organisation counts who applies and who carries it out."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0022_supplements_to_announcements")]

    operations = [
        migrations.AlterField(
            model_name="awardlimit",
            name="over",
            field=models.CharField(
                choices=[
                    ("kind", "项目类型"),
                    ("track", "服务人群"),
                    ("tier", "档次"),
                    ("team", "每个组织（申报或执行）"),
                    ("town", "每个镇（街道）"),
                ],
                max_length=8,
                verbose_name="对谁",
            ),
        ),
    ]
