"""Devices with the Floor app, and who may open it on them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("workspaces", "0005_door"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("secret_digest", models.CharField(max_length=64)),
                ("sealed_key", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_contact_at", models.DateTimeField(null=True)),
                ("version", models.CharField(blank=True, max_length=40)),
                ("events_waiting", models.PositiveIntegerField(default=0)),
                ("photos_waiting", models.PositiveIntegerField(default=0)),
                ("inspections_waiting", models.PositiveIntegerField(default=0)),
                ("storage_used", models.BigIntegerField(null=True)),
                ("storage_quota", models.BigIntegerField(null=True)),
                ("clock_ahead_seconds", models.IntegerField(null=True)),
                (
                    "enrolled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
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
                "indexes": [models.Index(fields=["workspace", "revoked_at"], name="workspaces_device_live")],
            },
        ),
        migrations.CreateModel(
            name="DeviceHolder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed_key", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holders",
                        to="workspaces.device",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "device", "user"), name="workspaces_holder_once"
                    )
                ],
            },
        ),
    ]
