"""Row-level security on exports, and the two checked functions through which an erasure reaches the trail.

SECURITY DEFINER, because the application's role may not delete from the trail: each function works only
inside the workspace's scope, while `app.erasing` names it, and while an erasure of just that subject is open.
"""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

FUNCTIONS = """
CREATE FUNCTION privacy_erase_trail(target uuid) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE removed bigint;
BEGIN
    IF app_workspace() <> target OR current_setting('app.erasing', true) IS DISTINCT FROM target::text
       OR NOT EXISTS (SELECT 1 FROM privacy_erasure WHERE subject_id = target AND subject_kind = 'workspace' AND state <> 'done')
    THEN
        RAISE EXCEPTION 'no open erasure of this workspace' USING ERRCODE = '42501';
    END IF;
    SELECT count(*) INTO removed FROM trail_entry WHERE workspace_id = target;
    DELETE FROM trail_payload WHERE workspace_id = target;
    DELETE FROM trail_anchor WHERE workspace_id = target;
    DELETE FROM trail_entry WHERE workspace_id = target;
    DELETE FROM trail_chain WHERE workspace_id = target;
    RETURN removed;
END $$;

CREATE FUNCTION privacy_erase_payloads(target uuid, person uuid, address text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE removed bigint;
BEGIN
    IF app_workspace() <> target OR current_setting('app.erasing', true) IS DISTINCT FROM target::text
       OR NOT EXISTS (SELECT 1 FROM privacy_erasure WHERE subject_id = person AND subject_kind = 'person' AND state <> 'done')
    THEN
        RAISE EXCEPTION 'no open erasure of this person' USING ERRCODE = '42501';
    END IF;
    WITH gone AS (
        DELETE FROM trail_payload
        WHERE workspace_id = target AND (actor_id = person OR position(lower(address) IN lower(data::text)) > 0)
        RETURNING 1
    )
    SELECT count(*) INTO removed FROM gone;
    RETURN removed;
END $$;

REVOKE ALL ON FUNCTION privacy_erase_trail(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION privacy_erase_payloads(uuid, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION privacy_erase_trail(uuid) TO goldseal_app;
GRANT EXECUTE ON FUNCTION privacy_erase_payloads(uuid, uuid, text) TO goldseal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON trail_entry, trail_payload, trail_anchor FROM goldseal_app;
"""

DROP = """
DROP FUNCTION privacy_erase_payloads(uuid, uuid, text);
DROP FUNCTION privacy_erase_trail(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
        ("kit", "0001_scope_settings"),
        ("trail", "0002_isolate"),
        ("workspaces", "0002_isolate"),
    ]
    operations = [IsolateTable("export"), migrations.RunSQL(FUNCTIONS, DROP)]
