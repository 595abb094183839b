"""Score sheets on paper have a name of their own, and may say 弃权 instead of figures."""

from django.db import migrations, models

from accounts.migrating import WholeMigration


class Migration(WholeMigration):
    dependencies = [("ventures", "0018_paper_sheets")]

    operations = [
        migrations.RenameModel(old_name="PaperSheet", new_name="PaperScoreSheet"),
        migrations.AddField(
            model_name="paperscoresheet",
            name="is_abstention",
            field=models.BooleanField(db_default=False, default=False, verbose_name="弃权"),
        ),
    ]
