"""Row-level security: buyer guests see nothing here; a supplier with a link sees that one request."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

GUARD = """
CREATE FUNCTION capa_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only the erasure of the whole workspace removes these; a gap in the numbers would raise questions.
    IF coalesce(current_setting('app.erasing', true), '') = OLD.workspace_id::text THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'nonconformities are kept: DELETE on % is refused', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION capa_guard_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.number) IS DISTINCT FROM (OLD.id, OLD.workspace_id, OLD.number) THEN
        RAISE EXCEPTION 'a number never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION capa_guard_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last <> OLD.last + 1
       OR (NEW.series, NEW.year, NEW.workspace_id) IS DISTINCT FROM (OLD.series, OLD.year, OLD.workspace_id) THEN
        RAISE EXCEPTION 'numbers go up by one' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION capa_guard_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.scar_id, NEW.version, NEW.name, NEW.containment, NEW.cause_made,
        NEW.cause_detected, NEW.actions, NEW.at)
       IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.scar_id, OLD.version, OLD.name, OLD.containment, OLD.cause_made,
        OLD.cause_detected, OLD.actions, OLD.at)
    THEN
        RAISE EXCEPTION 'what a supplier answered never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER numbered BEFORE UPDATE ON capa_nonconformity FOR EACH ROW EXECUTE FUNCTION capa_guard_number();
CREATE TRIGGER numbered BEFORE UPDATE ON capa_scar FOR EACH ROW EXECUTE FUNCTION capa_guard_number();
CREATE TRIGGER upwards BEFORE UPDATE ON capa_nonconformitycounter
    FOR EACH ROW EXECUTE FUNCTION capa_guard_counter();
CREATE TRIGGER immutable BEFORE UPDATE ON capa_scaranswer FOR EACH ROW EXECUTE FUNCTION capa_guard_answer();
"""

KEPT = ("nonconformity", "nonconformitycounter", "scar", "scaranswer")

KEEP = "".join(
    f"CREATE TRIGGER kept BEFORE DELETE ON capa_{name} FOR EACH ROW EXECUTE FUNCTION capa_refuse_delete();\n"
    for name in KEPT
)

UNGUARD = (
    "".join(f"DROP TRIGGER kept ON capa_{name};\n" for name in KEPT)
    + """
DROP TRIGGER immutable ON capa_scaranswer;
DROP TRIGGER upwards ON capa_nonconformitycounter;
DROP TRIGGER numbered ON capa_scar;
DROP TRIGGER numbered ON capa_nonconformity;
DROP FUNCTION capa_guard_answer();
DROP FUNCTION capa_guard_counter();
DROP FUNCTION capa_guard_number();
DROP FUNCTION capa_refuse_delete();
"""
)

CLOSED_TO_GUESTS = (
    "capasettings",
    "nonconformitycounter",
    "nonconformity",
    "nonconformitydefect",
    "containment",
    "whystep",
    "fishbonecause",
    "action",
    "readacross",
    "reminder",
    "effectcheck",
    "inspectioncount",
    "defectcount",
    "scaranswer",
    "proof",
)


class Migration(migrations.Migration):
    dependencies = [
        ("capa", "0002_tables"),
        ("kit", "0001_scope_settings"),
        ("workspaces", "0002_isolate"),
        ("files", "0002_isolate"),
        ("catalog", "0007_imports_isolate"),
        ("inspections", "0007_bands_isolate"),
    ]
    operations = [
        IsolateTable("scar", also_readable="token_digest = app_capability()"),
        *(IsolateTable(name) for name in CLOSED_TO_GUESTS),
        migrations.RunSQL(GUARD + KEEP, UNGUARD),
    ]
