"""Row-level security on files; buyer guests reach them only through the records that refer to them."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

# PostgreSQL checks a new foreign key by a query that the policies apply to; they need some workspace to be
# open, and these tables are empty. Local to the migration's transaction.
NOBODYS_SCOPE = "SELECT set_config('app.workspace_id', '00000000-0000-0000-0000-000000000000', true)"


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("workspaces", "0002_isolate")]
    operations = [
        migrations.RunSQL(NOBODYS_SCOPE, migrations.RunSQL.noop),
        IsolateTable("attachment"),
        IsolateTable("upload"),
        IsolateTable("uploadattestation"),
        migrations.RunSQL("SELECT set_config('app.workspace_id', '', true)", migrations.RunSQL.noop),
    ]
