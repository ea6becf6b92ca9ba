"""The door of an API token as a function: asked at every call, its plan is made once for each connection.

It runs with the rights of who asks: the token opens itself (the capability), the token's person opens their
membership, and the row-level policies hold as for any other statement.
"""

from django.db import migrations

DOOR = """
CREATE FUNCTION door_of_token(secret_digest text, moment timestamptz) RETURNS TABLE (
    place workspaces_workspace, user_id uuid, user_name text, email text, scopes text, role text, compartment_id uuid
) LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    PERFORM set_config('app.capability', secret_digest, true);
    PERFORM set_config('app.actor_id', t.user_id::text, true) FROM accounts_apitoken t WHERE t.digest = secret_digest;
    SELECT w AS place, u.id AS user_id, u.name, u.email, t.scopes, m.role, m.compartment_id
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
        found.role::text, found.compartment_id;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0004_answers_isolate"), ("accounts", "0002_isolate")]
    operations = [migrations.RunSQL(DOOR, "DROP FUNCTION door_of_token(text, timestamptz)")]
