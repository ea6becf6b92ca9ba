"""The name drawn by finger beside a signature."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0010_lean_events")]
    operations = [
        migrations.AddField(
            "signature", "drawn", models.TextField(blank=True, default="", max_length=20_000)
        ),
        migrations.AlterField("signature", "drawn", models.TextField(blank=True, max_length=20_000)),
    ]
