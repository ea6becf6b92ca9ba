"""Tokens of the Floor app, each tied to its device."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_staffpin")]

    operations = [
        migrations.AddField("apitoken", "device_id", models.UUIDField(null=True)),
        migrations.AlterField(
            "apitoken",
            "scopes",
            models.CharField(
                choices=[
                    ("read", "read only"),
                    ("write", "read and write"),
                    ("floor", "inspect, with the Floor app"),
                ],
                max_length=10,
                verbose_name="may",
            ),
        ),
    ]
