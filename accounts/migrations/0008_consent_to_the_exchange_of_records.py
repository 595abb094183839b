"""People may allow their records to be given to the national system."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0007_verified_groups_have_their_hosts_word"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("location", "使用位置核对是否在服务地点"),
                    ("photo", "公开展示照片"),
                    ("honour", "在光荣榜展示姓名"),
                    ("proxy", "由他人代为申请服务"),
                    ("exchange", "把志愿服务记录报送给全国和省志愿服务系统"),
                ],
                max_length=10,
                verbose_name="用途",
            ),
        ),
    ]
