"""Events without the checks and indexes that their composite key with the workspace makes needless."""

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("inspections_inspectionevent", "inspections_inspection", "workspaces_workspace")
# Taking the step back adds foreign keys, which PostgreSQL checks by a query of the owner over every workspace.
LIFT = "".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;" for table in TABLES)
FORCE = "".join(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;" for table in TABLES)
NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):
    dependencies = [("inspections", "0009_wide_counts"), ("workspaces", "0004_answers_isolate")]

    operations = [
        migrations.RunSQL(NOTHING, FORCE),
        migrations.AlterField(
            model_name="inspectionevent",
            name="inspection",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="inspections.inspection",
            ),
        ),
        migrations.AlterField(
            model_name="inspectionevent",
            name="workspace",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workspaces.workspace",
            ),
        ),
        migrations.RunSQL(NOTHING, LIFT),
    ]
