"""Row-level security on sheets of a day: the factory's own, no buyer's."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable


class Migration(migrations.Migration):
    dependencies = [("inspections", "0012_day_sheet")]
    operations = [IsolateTable("daysheet")]
