"""Row-level security on API tokens: the workspace's rows, or the one row whose secret is in hand."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("kit", "0001_scope_settings")]
    operations = [IsolateTable("apitoken", compartment="true", also_readable="digest = app_capability()")]
