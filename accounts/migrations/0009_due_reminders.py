from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_struck_from_rosters"),
    ]

    operations = [
        migrations.AddField(
            model_name="noticesettings",
            name="remind_due_days",
            field=models.PositiveSmallIntegerField(blank=True, default=3, null=True),
        ),
    ]
