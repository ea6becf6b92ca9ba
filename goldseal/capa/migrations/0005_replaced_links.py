"""Digests of links to suppliers that a newer link replaced."""

import django.db.models.deletion
from django.db import migrations, models

import goldseal.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("capa", "0004_submitted_by"),
        ("workspaces", "0009_floor_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplacedLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token_digest", models.CharField(max_length=64)),
                ("replaced_at", models.DateTimeField()),
                (
                    "scar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replaced_links",
                        to="capa.scar",
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
                "indexes": [models.Index(fields=["token_digest"], name="capa_replacedlink_token")],
            },
        ),
    ]
