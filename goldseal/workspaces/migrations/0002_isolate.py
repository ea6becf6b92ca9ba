"""Row-level security on workspaces and on who belongs to them."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

WORKSPACE_WALL = """
ALTER TABLE workspaces_workspace ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspaces_workspace FORCE ROW LEVEL SECURITY;
CREATE POLICY own_row ON workspaces_workspace FOR ALL
    USING (id = (SELECT app_workspace_or_null())) WITH CHECK (id = (SELECT app_workspace_or_null()));
CREATE POLICY also_readable ON workspaces_workspace FOR SELECT USING (
    app_operator()
    OR id IN (SELECT workspace_id FROM workspaces_membership WHERE user_id = app_actor() AND is_active)
    OR id IN (SELECT workspace_id FROM workspaces_accessgrant WHERE staff_id = app_actor() AND ended_at IS NULL)
    OR id IN (SELECT workspace_id FROM workspaces_invitation WHERE digest = app_capability())
);
"""

WORKSPACE_OPEN = """
DROP POLICY also_readable ON workspaces_workspace;
DROP POLICY own_row ON workspaces_workspace;
ALTER TABLE workspaces_workspace NO FORCE ROW LEVEL SECURITY;
ALTER TABLE workspaces_workspace DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0001_initial"), ("kit", "0001_scope_settings"), ("trail", "0002_isolate")]
    operations = [
        IsolateTable(
            "membership", compartment="user_id = app_actor()", also_readable="user_id = app_actor()"
        ),
        IsolateTable("invitation", also_readable="digest = app_capability()"),
        IsolateTable("accessgrant", also_readable="staff_id = app_actor()"),
        migrations.RunSQL(WORKSPACE_WALL, WORKSPACE_OPEN),
    ]
