"""Buyers' packs, which buyer uses which, and the pack that shaped a sealed version."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids

KEY = (
    "id",
    models.UUIDField(default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
)
WORKSPACE = (
    "workspace",
    models.ForeignKey(
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="workspaces.workspace",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0004_seals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="ReportPack",
            fields=[
                KEY,
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("version", models.PositiveSmallIntegerField()),
                ("is_current", models.BooleanField(default=True)),
                ("source", models.TextField(max_length=200_000)),
                ("logo", models.BinaryField(default=bytes)),
                ("logo_name", models.CharField(blank=True, max_length=10)),
                ("digest", models.CharField(max_length=64)),
                ("edited_at", models.DateTimeField()),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                WORKSPACE,
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "code", "version"), name="reports_pack_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("workspace", "code"),
                        name="reports_pack_current",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PackChoice",
            fields=[
                KEY,
                ("compartment_id", models.UUIDField()),
                ("code", models.CharField(max_length=40)),
                WORKSPACE,
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "compartment_id"), name="reports_pack_of_buyer"
                    )
                ],
            },
        ),
        migrations.AddField(
            "reportversion", "pack_code", models.CharField(blank=True, max_length=40, default="")
        ),
        migrations.AddField("reportversion", "pack_version", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "reportversion", "pack_hash", models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AlterField("reportversion", "pack_code", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("reportversion", "pack_hash", models.CharField(blank=True, max_length=64)),
    ]
