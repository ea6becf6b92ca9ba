"""The door of an API token also says which device holds it: the signing key is the device's and the person's."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("goldseal.workspaces.migrations.0005_door").DOOR
GONE = "DROP FUNCTION door_of_token(text, timestamptz);"
DOOR = """
CREATE FUNCTION door_of_token(secret_digest text, moment timestamptz) RETURNS TABLE (
    place workspaces_workspace, user_id uuid, user_name text, email text, scopes text, role text, compartment_id uuid,
    device_id uuid
) LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    PERFORM set_config('app.capability', secret_digest, true);
    PERFORM set_config('app.actor_id', t.user_id::text, true) FROM accounts_apitoken t WHERE t.digest = secret_digest;
    SELECT w AS place, u.id AS user_id, u.name, u.email, t.scopes, m.role, m.compartment_id, t.device_id
    INTO found
    FROM accounts_apitoken t
    JOIN accounts_user u ON u.id = t.user_id AND u.is_active
    JOIN workspaces_membership m ON m.workspace_id = t.workspace_id AND m.user_id = t.user_id AND m.is_active
    JOIN workspaces_workspace w ON w.id = t.workspace_id
    WHERE t.digest = secret_digest AND t.revoked_at IS NULL AND t.expires_at > moment;
    PERFORM set_config('app.capability', '', true);
    IF found.user_id IS NULL THEN
        PERFORM set_config('app.actor_id', '', true);
        RETURN;
    END IF;
    PERFORM set_config('app.workspace_id', (found.place).id::text, true),
        set_config('app.compartment_id', coalesce(found.compartment_id::text, ''), true);
    RETURN QUERY SELECT found.place, found.user_id, found.name::text, found.email::text, found.scopes::text,
        found.role::text, found.compartment_id, found.device_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0007_devices_isolate"), ("accounts", "0004_floor_tokens")]
    operations = [migrations.RunSQL(GONE + DOOR, GONE + BEFORE)]
