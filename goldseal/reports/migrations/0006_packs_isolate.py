"""Row-level security on packs, and triggers that refuse to change a version of one or what a sealed report names."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

GUARD = """
CREATE FUNCTION reports_guard_pack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.code, NEW.version, NEW.source, NEW.logo, NEW.digest)
       IS DISTINCT FROM (OLD.id, OLD.workspace_id, OLD.code, OLD.version, OLD.source, OLD.logo, OLD.digest)
    THEN
        RAISE EXCEPTION 'a version of a pack never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER immutable BEFORE UPDATE ON reports_reportpack FOR EACH ROW EXECUTE FUNCTION reports_guard_pack();

CREATE FUNCTION reports_guard_version_pack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed_at IS NOT NULL
       AND (NEW.pack_code, NEW.pack_version, NEW.pack_hash)
       IS DISTINCT FROM (OLD.pack_code, OLD.pack_version, OLD.pack_hash)
    THEN
        RAISE EXCEPTION 'a sealed report never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER immutable_pack BEFORE UPDATE ON reports_reportversion
    FOR EACH ROW EXECUTE FUNCTION reports_guard_version_pack();
"""

UNGUARD = """
DROP TRIGGER immutable_pack ON reports_reportversion;
DROP FUNCTION reports_guard_version_pack();
DROP TRIGGER immutable ON reports_reportpack;
DROP FUNCTION reports_guard_pack();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_packs")]
    operations = [
        IsolateTable("reportpack"),
        IsolateTable("packchoice"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
