"""Every order under way says when it ends by itself; settled ones say what really confirmed them."""

from django.db import migrations, models

from accounts.migrating import WholeMigration

# What is under way gets the terms of today, as if its last step were taken now.
SET_LAPSES = """
UPDATE timebank_serviceorder SET lapses_at = CASE state
    WHEN 'placed' THEN (wanted_on + wanted_to) AT TIME ZONE 'Asia/Shanghai'
    WHEN 'accepted' THEN
        greatest((wanted_on + wanted_to) AT TIME ZONE 'Asia/Shanghai', now()) + interval '3 days'
    ELSE now() + CASE WHEN code_matched_at IS NULL
        THEN interval '15 days' ELSE interval '7 days' END
END
WHERE state IN ('placed', 'accepted', 'delivered') AND lapses_at IS NULL
"""

# Records of orders without a code were all called "told a code" until now.
SET_PROVENANCE = """
UPDATE timebank_servicerecord record SET provenance = CASE
    WHEN record.confirmed_by_id = recipient.user_id THEN 'recipient'
    WHEN record.confirmed_by_id = served.requested_by_id AND served.drawn_from = 'own'
        THEN 'requester'
    ELSE 'station'
END
FROM timebank_serviceorder served JOIN accounts_person recipient ON recipient.id = served.recipient_id
WHERE record.source = 'timebank.serviceorder:' || served.id
    AND served.code_matched_at IS NULL AND record.provenance = 'recipient_code'
"""


class Migration(WholeMigration):
    dependencies = [
        ("timebank", "0007_hours_between_banks"),
    ]

    operations = [
        migrations.RunSQL(SET_LAPSES, migrations.RunSQL.noop),
        migrations.RunSQL(SET_PROVENANCE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="serviceorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("lapses_at__isnull", False),
                        ("state__in", ["placed", "accepted", "delivered"]),
                    ),
                    models.Q(
                        models.Q(("state__in", ["placed", "accepted", "delivered"]), _negated=True),
                        ("lapses_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="order_under_way_says_when_it_lapses",
            ),
        ),
    ]
