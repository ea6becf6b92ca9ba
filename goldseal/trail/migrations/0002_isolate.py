"""Row-level security on the trail, and triggers that refuse to change or remove what was recorded."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

GUARD = """
CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only an erasure may remove entries, and it runs as the tables' owner inside a checked function.
    IF TG_OP = 'DELETE'
       AND current_setting('app.erasing', true) = OLD.workspace_id::text
       AND current_user = (SELECT tableowner FROM pg_tables WHERE schemaname = 'public' AND tablename = TG_TABLE_NAME)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION trail_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only: TRUNCATE on % is refused', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail_entry FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail_payload FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON trail_anchor FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON trail_entry EXECUTE FUNCTION trail_refuse_truncate();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON trail_payload EXECUTE FUNCTION trail_refuse_truncate();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON trail_anchor EXECUTE FUNCTION trail_refuse_truncate();
"""

UNGUARD = """
DROP TRIGGER never_truncated ON trail_anchor;
DROP TRIGGER never_truncated ON trail_payload;
DROP TRIGGER never_truncated ON trail_entry;
DROP TRIGGER append_only ON trail_anchor;
DROP TRIGGER append_only ON trail_payload;
DROP TRIGGER append_only ON trail_entry;
DROP FUNCTION trail_refuse_truncate();
DROP FUNCTION trail_refuse();
"""

MODELS = ("chain", "entry", "payload", "anchor")


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial"), ("kit", "0001_scope_settings")]
    operations = [
        # A buyer guest's own acts are recorded too, so the chain is open inside a compartment.
        *(IsolateTable(model, compartment="true") for model in MODELS),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
