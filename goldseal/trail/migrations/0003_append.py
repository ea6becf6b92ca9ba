"""Appending in one statement: the head is locked, the entries hashed and stored, and the head moved on.

Everybody who writes in a workspace waits for that lock, so nothing may go to and fro while it is held.
"""

from django.db import migrations

APPEND = """
CREATE FUNCTION trail_append(place uuid, moment timestamptz, entries jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head trail_chain;
    one record;
BEGIN
    SELECT * INTO head FROM trail_chain WHERE workspace_id = place FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO trail_chain (workspace_id, sequence, hash, updated_at) VALUES (place, 0, repeat('0', 64), moment)
        ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT head FROM trail_chain WHERE workspace_id = place FOR UPDATE;
    END IF;
    FOR one IN
        SELECT r.* FROM jsonb_array_elements(entries) WITH ORDINALITY AS given(entry, position),
            jsonb_to_record(given.entry) AS r(id uuid, event text, object_type text, object_id uuid, actor_id uuid,
                grant_id uuid, via text, at timestamptz, commitment text, actor_name text, device text, data jsonb,
                salt text, hashed_before text, hashed_after text)
        ORDER BY given.position
    LOOP
        INSERT INTO trail_entry (id, workspace_id, sequence, event, object_type, object_id, actor_id, grant_id, via,
            at, commitment, previous, hash)
        VALUES (one.id, place, head.sequence + 1, one.event, one.object_type, one.object_id, one.actor_id,
            one.grant_id, one.via, one.at, one.commitment, head.hash,
            encode(sha256(convert_to(one.hashed_before || '"previous":"' || head.hash || '","sequence":'
                || (head.sequence + 1) || one.hashed_after, 'UTF8')), 'hex'))
        RETURNING sequence, hash INTO head.sequence, head.hash;
        INSERT INTO trail_payload (entry_id, workspace_id, actor_id, actor_name, device, data, salt)
        VALUES (one.id, place, one.actor_id, one.actor_name, one.device, one.data, decode(one.salt, 'hex'));
    END LOOP;
    UPDATE trail_chain SET sequence = head.sequence, hash = head.hash, updated_at = moment
    WHERE workspace_id = place;
    RETURN head.sequence;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("trail", "0002_isolate")]
    operations = [migrations.RunSQL(APPEND, "DROP FUNCTION trail_append(uuid, timestamptz, jsonb)")]
