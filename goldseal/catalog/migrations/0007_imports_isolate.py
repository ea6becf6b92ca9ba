"""Row-level security on imports: buyer guests never see them."""

from django.db import migrations

from goldseal.kit.isolation import NO_COMPARTMENT, IsolateTable


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_imports"), ("workspaces", "0002_isolate")]
    operations = [
        IsolateTable("importmapping", compartment=NO_COMPARTMENT),
        IsolateTable("importrun", compartment=NO_COMPARTMENT),
    ]
