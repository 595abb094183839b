"""What offline scans tell and who settles them; sheets compared by another; closed positions."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [
        ("accounts", "0007_verified_groups_have_their_hosts_word"),
        ("timebank", "0013_records_that_are_looked_into"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="offlinescan",
            name="settled_scan_says_who_and_when",
        ),
        migrations.AddField(
            model_name="offlinescan",
            name="clock_off_seconds",
            field=models.IntegerField(default=0, verbose_name="手机时间相差（秒）"),
        ),
        migrations.AddField(
            model_name="offlinescan",
            name="listed_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="名单下载时间"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="offlinescan",
            name="settled_for",
            field=models.CharField(blank=True, max_length=120, verbose_name="处理理由"),
        ),
        migrations.AddField(
            model_name="papersheet",
            name="compared_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="核对时间"),
        ),
        migrations.AddField(
            model_name="papersheet",
            name="compared_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="核对人",
            ),
        ),
        migrations.AddField(
            model_name="position",
            name="is_open",
            field=models.BooleanField(default=True, verbose_name="还招人"),
        ),
        migrations.AlterField(
            model_name="offlinescan",
            name="device_at",
            field=models.DateTimeField(verbose_name="手机上的时间"),
        ),
        migrations.AlterField(
            model_name="offlinescan",
            name="problem",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_seat", "没有报名这一场"),
                    ("badge_unknown", "志愿者码无效或已停用"),
                    ("not_their_own_presence", "扫的是登记人自己的码"),
                    ("arrived_before", "已经签到过，重复扫码"),
                    ("left_before", "已经签退过，重复扫码"),
                    ("not_arrived", "没有签到，只有签退"),
                    ("presence_decided", "已登记为未到"),
                    ("too_early_to_arrive", "早于签到时间"),
                    ("too_late_to_arrive", "晚于签到时间"),
                    ("too_late_to_leave", "晚于签退时间"),
                    ("presence_times_wrong", "签退早于签到"),
                    ("shift_called_off", "这一场已经取消"),
                    ("clock_off", "手机时间不准"),
                    ("before_list", "扫码时间早于下载名单的时间"),
                    ("brought_late", "上传得太晚"),
                    ("other", "没有收下，请核对"),
                ],
                max_length=24,
                verbose_name="问题",
            ),
        ),
        migrations.AlterField(
            model_name="offlinescan",
            name="verb",
            field=models.CharField(
                choices=[("arrive", "签到"), ("leave", "签退")],
                max_length=8,
                verbose_name="签到或签退",
            ),
        ),
        migrations.AddIndex(
            model_name="offlinescan",
            index=models.Index(
                condition=models.Q(("state", "conflict")),
                fields=["shift"],
                name="scan_to_look_at_by_shift",
            ),
        ),
        migrations.AddConstraint(
            model_name="offlinescan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_at__isnull", True),
                        ("settled_by__isnull", True),
                        ("settled_for", ""),
                    ),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        models.Q(("settled_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="settled_scan_says_who_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="offlinescan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled_by__isnull", True),
                    ("volunteer__isnull", True),
                    models.Q(("settled_by", models.F("volunteer")), _negated=True),
                    _connector="OR",
                ),
                name="scan_settled_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("compared_at__isnull", True), ("compared_by__isnull", True)),
                    models.Q(
                        ("compared_at__isnull", False),
                        ("compared_by__isnull", False),
                        models.Q(("compared_by", models.F("entered_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sheet_compared_by_another",
            ),
        ),
    ]
