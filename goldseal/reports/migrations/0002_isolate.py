"""Row-level security on reports, and triggers that refuse to change or remove what was sealed."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

GUARD = """
CREATE FUNCTION reports_being_erased(workspace uuid) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('app.erasing', true), '') = workspace::text $$;

CREATE FUNCTION reports_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only the erasure of the whole workspace removes reports; a gap in the numbers would raise questions.
    IF reports_being_erased(OLD.workspace_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'reports are kept: DELETE on % is refused', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION reports_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reports are kept: TRUNCATE on % is refused', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION reports_guard_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last <> OLD.last + 1 OR NEW.year <> OLD.year OR NEW.workspace_id <> OLD.workspace_id THEN
        RAISE EXCEPTION 'report numbers go up by one' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reports_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.number, NEW.year, NEW.sequence, NEW.kind, NEW.subject_id, NEW.created_at)
       IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.number, OLD.year, OLD.sequence, OLD.kind, OLD.subject_id, OLD.created_at)
    THEN
        RAISE EXCEPTION 'the number and subject of a report never change' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reports_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.report_id, NEW.version, NEW.token, NEW.token_digest)
       IS DISTINCT FROM (OLD.id, OLD.workspace_id, OLD.report_id, OLD.version, OLD.token, OLD.token_digest)
    THEN
        RAISE EXCEPTION 'the identity of a report version never changes' USING ERRCODE = '42501';
    END IF;
    IF OLD.sealed_at IS NULL THEN
        RETURN NEW;
    END IF;
    IF (NEW.language, NEW.requested_at, NEW.sealed_at, NEW.supersedes_id, NEW.changes, NEW.verdict, NEW.summary,
        NEW.content_hash, NEW.file_hash, NEW.file_size, NEW.file_address, NEW.record_address, NEW.certificate)
       IS DISTINCT FROM
       (OLD.language, OLD.requested_at, OLD.sealed_at, OLD.supersedes_id, OLD.changes, OLD.verdict, OLD.summary,
        OLD.content_hash, OLD.file_hash, OLD.file_size, OLD.file_address, OLD.record_address, OLD.certificate)
       -- A person who is erased is taken out; nobody is ever put in the place.
       OR (NEW.sealed_by_id IS DISTINCT FROM OLD.sealed_by_id AND NEW.sealed_by_id IS NOT NULL)
       OR (OLD.shared_at IS NOT NULL AND NEW.shared_at IS DISTINCT FROM OLD.shared_at)
       OR (OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at)
       OR (OLD.withdrawn_at IS NOT NULL
           AND (NEW.withdrawn_at, NEW.withdrawn_reason) IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_reason))
    THEN
        RAISE EXCEPTION 'a sealed report never changes' USING ERRCODE = '42501';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
       (('sealed', 'superseded'), ('sealed', 'withdrawn'), ('superseded', 'withdrawn'))
    THEN
        RAISE EXCEPTION 'a report that is % cannot become %', OLD.state, NEW.state USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reports_guard_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.version_id, NEW.counts, NEW.photos, NEW.measurements, NEW.aql_result, NEW.at)
       IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.version_id, OLD.counts, OLD.photos, OLD.measurements, OLD.aql_result, OLD.at)
       OR (NEW.reviewer_id IS DISTINCT FROM OLD.reviewer_id AND NEW.reviewer_id IS NOT NULL)
       OR (NEW.reviewer_name <> OLD.reviewer_name AND NEW.reviewer_name <> '')
    THEN
        RAISE EXCEPTION 'a completed check never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER immutable BEFORE UPDATE ON reports_reportcounter FOR EACH ROW EXECUTE FUNCTION reports_guard_counter();
CREATE TRIGGER immutable BEFORE UPDATE ON reports_report FOR EACH ROW EXECUTE FUNCTION reports_guard_report();
CREATE TRIGGER immutable BEFORE UPDATE ON reports_reportversion FOR EACH ROW EXECUTE FUNCTION reports_guard_version();
CREATE TRIGGER immutable BEFORE UPDATE ON reports_presharecheck FOR EACH ROW EXECUTE FUNCTION reports_guard_check();
"""

KEPT = ("reportcounter", "report", "reportversion", "presharecheck")

KEEP = "".join(
    f"CREATE TRIGGER kept BEFORE DELETE ON reports_{name} FOR EACH ROW EXECUTE FUNCTION reports_refuse_delete();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON reports_{name} EXECUTE FUNCTION reports_refuse_truncate();\n"
    for name in KEPT
)

UNGUARD = (
    "".join(
        f"DROP TRIGGER never_truncated ON reports_{name};\nDROP TRIGGER kept ON reports_{name};\n"
        f"DROP TRIGGER immutable ON reports_{name};\n"
        for name in KEPT
    )
    + """
DROP FUNCTION reports_guard_check();
DROP FUNCTION reports_guard_version();
DROP FUNCTION reports_guard_report();
DROP FUNCTION reports_guard_counter();
DROP FUNCTION reports_refuse_truncate();
DROP FUNCTION reports_refuse_delete();
DROP FUNCTION reports_being_erased(uuid);
"""
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("workspaces", "0002_isolate")]
    operations = [
        IsolateTable("reportcounter"),
        # A guest of a buyer sees what was shared with that buyer.
        IsolateTable("report", compartment="shown_to_id = app_compartment()"),
        # Whoever holds the paper's token or the file's very bytes may ask about that one version.
        IsolateTable(
            "reportversion",
            compartment="shown_to_id = app_compartment()",
            also_readable="token_digest = app_capability() OR file_hash = app_capability()",
        ),
        IsolateTable("presharecheck"),
        IsolateTable("reportshare", also_readable="token_digest = app_capability()"),
        migrations.RunSQL(GUARD + KEEP, UNGUARD),
    ]
