"""An office that was accepted for a later day may be taken back, or lapse, before it begins."""

from django.db import migrations, models
from django.db.models import Q

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("accounts", "0009_office_documents")]

    operations = [
        migrations.RemoveConstraint(
            model_name="invitation", name="invitation_answered_by_somebody"
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=Q(
                    state__in=["accepted", "declined"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                )
                | Q(state="open", answered_by__isnull=True)
                | Q(state__in=["withdrawn", "expired"]),
                name="invitation_answered_by_somebody",
            ),
        ),
    ]
