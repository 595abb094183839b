"""Attachments may be Office documents, too."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0008_consent_to_the_exchange_of_records"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("image", "图片"),
                    ("pdf", "PDF 文件"),
                    ("document", "Office 文件"),
                ],
                max_length=8,
            ),
        ),
    ]
