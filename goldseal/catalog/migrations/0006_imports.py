import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids

DATE_ORDERS = [
    ("dmy", "The day: 03/04/2026 is the third of April"),
    ("mdy", "The month: 03/04/2026 is the fourth of March"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_switching_points"),
        ("workspaces", "0002_isolate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("source", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=dict)),
                ("date_order", models.CharField(blank=True, choices=DATE_ORDERS, max_length=3)),
                ("used_at", models.DateTimeField()),
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
                    models.UniqueConstraint(
                        fields=("workspace", "kind", "source"), name="catalog_importmapping_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Columns to be matched"),
                            ("checking", "Being checked"),
                            ("checked", "Checked, not imported yet"),
                            ("applying", "Being imported"),
                            ("done", "Imported"),
                            ("failed", "Failed, nothing imported"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("sheet", models.CharField(blank=True, max_length=100)),
                ("heading_row", models.PositiveIntegerField(default=1)),
                ("columns", models.JSONField(default=list)),
                ("date_order", models.CharField(blank=True, choices=DATE_ORDERS, max_length=3)),
                ("existing", models.CharField(blank=True, max_length=10)),
                ("is_filled_down", models.BooleanField(default=False)),
                ("is_only_good", models.BooleanField(default=False)),
                ("language", models.CharField(default="en", max_length=5)),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_bad", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                (
                    "problems",
                    models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                ("counts", models.JSONField(default=dict)),
                ("failure", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "indexes": [
                    models.Index(fields=["workspace", "-created_at"], name="catalog_importrun_newest")
                ],
            },
        ),
    ]
