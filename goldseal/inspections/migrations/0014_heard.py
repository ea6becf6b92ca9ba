"""When something was last heard of an inspection, found by when it arrived."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0013_day_sheet_isolate")]

    operations = [
        migrations.AddIndex(
            model_name="inspectionevent",
            index=models.Index(
                fields=["workspace", "inspection", "received_at"], name="inspections_event_heard"
            ),
        ),
    ]
