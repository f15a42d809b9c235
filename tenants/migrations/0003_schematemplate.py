from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_queue_search_path")]

    operations = [
        migrations.CreateModel(
            name="SchemaTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=32, unique=True)),
                ("sql", models.TextField()),
            ],
        ),
    ]
