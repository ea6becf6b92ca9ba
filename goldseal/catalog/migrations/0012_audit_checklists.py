"""Checklists without a stage: they ask about a system, and audits begin with them."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_defect_pictures_isolate")]
    operations = [
        # Django would check the relation again as the owner, whom row-level security shows no row.
        migrations.RunSQL(
            "ALTER TABLE catalog_checklisttemplate ALTER COLUMN stage_id DROP NOT NULL",
            "ALTER TABLE catalog_checklisttemplate ALTER COLUMN stage_id SET NOT NULL",
            state_operations=[
                migrations.AlterField(
                    model_name="checklisttemplate",
                    name="stage",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="catalog.stage",
                        verbose_name="stage",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="checklisttemplate",
            name="pass_at_pct",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="passes from, per cent",
            ),
        ),
        migrations.AddConstraint(
            model_name="checklisttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__isnull", False), ("pass_at_pct__isnull", False), _connector="OR"),
                name="catalog_template_about",
            ),
        ),
    ]
