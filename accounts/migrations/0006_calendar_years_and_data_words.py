"""Years whose official arrangement is entered; words kept as rows, with their English."""

from typing import ClassVar

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies: ClassVar = [
        ("accounts", "0005_hosting_by_consent"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="年份")),
                ("document_number", models.CharField(max_length=60, verbose_name="发文字号")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="发布日期")),
            ],
            options={
                "verbose_name": "年度放假安排",
                "verbose_name_plural": "年度放假安排",
                "ordering": ["year"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document_number", ""), _negated=True),
                        name="calendar_year_names_its_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 1949), ("year__lte", 2200)),
                        name="calendar_year_plausible",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chinese", models.CharField(max_length=300, unique=True, verbose_name="中文")),
                ("english", models.CharField(max_length=600, verbose_name="英文")),
            ],
            options={
                "verbose_name": "数据用词",
                "verbose_name_plural": "数据用词",
                "ordering": ["chinese"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("chinese", ""), _negated=True),
                            models.Q(("english", ""), _negated=True),
                        ),
                        name="data_word_says_something",
                    )
                ],
            },
        ),
    ]
