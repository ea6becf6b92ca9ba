"""Row-level security on kept answers."""

from django.db import migrations

from goldseal.kit.isolation import ALL_COMPARTMENTS, IsolateTable


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0003_answers")]
    operations = [IsolateTable("writeanswer", compartment=ALL_COMPARTMENTS)]
