"""Row-level security on devices and their holders; a device finds its own row by the secret in its hand."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0006_devices")]
    operations = [
        IsolateTable("device", also_readable="secret_digest = app_capability()"),
        IsolateTable("deviceholder"),
    ]
