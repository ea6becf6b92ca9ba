"""The sheet of a site's day, which a report can be about."""

import django.db.models.deletion
from django.db import migrations, models

import goldseal.kit.ids


class Migration(migrations.Migration):
    dependencies = [("inspections", "0011_drawn_signatures")]
    operations = [
        migrations.CreateModel(
            name="DaySheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("created_at", models.DateTimeField()),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.site"
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "site", "day"), name="inspections_day_once")
                ],
            },
        ),
    ]
