"""Row-level security on audits: the factory's own, no buyer's. Answers are append-only in the database as well."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable

GUARD = """
CREATE TRIGGER append_only BEFORE DELETE ON inspections_auditanswer
    FOR EACH ROW EXECUTE FUNCTION inspections_refuse();
CREATE TRIGGER body_stands BEFORE UPDATE OF audit_id, sent_id, number, item, answer, grade, note, photos, answered_at
    ON inspections_auditanswer FOR EACH ROW
    WHEN (coalesce(current_setting('app.erasing', true), '') = '')
    EXECUTE FUNCTION inspections_refuse();
"""

UNGUARD = """
DROP TRIGGER body_stands ON inspections_auditanswer;
DROP TRIGGER append_only ON inspections_auditanswer;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0015_audits"),
        ("catalog", "0012_audit_checklists"),
        ("files", "0002_isolate"),
    ]
    operations = [
        IsolateTable("audit"),
        IsolateTable("auditanswer"),
        IsolateTable("auditevidence"),
        IsolateTable("auditsignature"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
