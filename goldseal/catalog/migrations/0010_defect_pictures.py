"""What the defects of the library look like."""

import django.db.models.deletion
from django.db import migrations, models

import goldseal.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0009_import_held"),
        ("files", "0003_looks"),
        ("workspaces", "0002_isolate"),
    ]

    operations = [
        migrations.CreateModel(
            name="DefectPicture",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.attachment"
                    ),
                ),
                (
                    "defect",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="catalog.defect",
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
                    models.UniqueConstraint(fields=("workspace", "defect"), name="catalog_defectpicture_once")
                ]
            },
        ),
    ]
