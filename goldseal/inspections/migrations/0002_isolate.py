"""Row-level security on inspections; a buyer guest sees those of the own buyer. Recorded events are append-only."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

OF_BUYER = "inspection_id IN (SELECT id FROM inspections_inspection WHERE buyer_id = app_compartment())"

GUARD = """
CREATE FUNCTION inspections_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('app.erasing', true) = OLD.workspace_id::text THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'recorded events are append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
CREATE TRIGGER append_only BEFORE DELETE ON inspections_inspectionevent
    FOR EACH ROW EXECUTE FUNCTION inspections_refuse();
CREATE TRIGGER body_stands BEFORE UPDATE OF event_id, kind, body, supersedes, digest, at, inspection_id
    ON inspections_inspectionevent FOR EACH ROW
    WHEN (OLD.digest IS DISTINCT FROM NEW.digest OR OLD.body IS DISTINCT FROM NEW.body
          AND coalesce(current_setting('app.erasing', true), '') = '')
    EXECUTE FUNCTION inspections_refuse();
"""

UNGUARD = """
DROP TRIGGER body_stands ON inspections_inspectionevent;
DROP TRIGGER append_only ON inspections_inspectionevent;
DROP FUNCTION inspections_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0001_initial"),
        ("kit", "0001_scope_settings"),
        ("catalog", "0002_isolate"),
        ("files", "0002_isolate"),
    ]
    operations = [
        IsolateTable("inspection", compartment="buyer_id = app_compartment()"),
        IsolateTable("inspectionevent", compartment=OF_BUYER),
        IsolateTable("evidence", compartment=OF_BUYER),
        IsolateTable("signature", compartment=OF_BUYER),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
