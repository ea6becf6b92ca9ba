"""Links with a password, a letter and a log; buyers' answers that stay; a fifth point of the check before sharing."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids
from goldseal.kit.isolation import IsolateTable

GUARD = """
CREATE FUNCTION reports_guard_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A person who is erased is taken out; nothing else of an answer ever changes.
    IF (NEW.id, NEW.workspace_id, NEW.version_id, NEW.share_id, NEW.compartment_id, NEW.kind, NEW.text, NEW.at)
       IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.version_id, OLD.share_id, OLD.compartment_id, OLD.kind, OLD.text, OLD.at)
       OR (NEW.person_id IS DISTINCT FROM OLD.person_id AND NEW.person_id IS NOT NULL)
       OR (NEW.name <> OLD.name AND NEW.name <> '')
    THEN
        RAISE EXCEPTION 'a buyer''s answer never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER immutable BEFORE UPDATE ON reports_buyerresponse FOR EACH ROW
    EXECUTE FUNCTION reports_guard_response();
CREATE TRIGGER kept BEFORE DELETE ON reports_buyerresponse FOR EACH ROW EXECUTE FUNCTION reports_refuse_delete();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON reports_buyerresponse EXECUTE FUNCTION reports_refuse_truncate();

CREATE OR REPLACE FUNCTION reports_guard_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.version_id, NEW.counts, NEW.photos, NEW.measurements, NEW.aql_result,
        NEW.authorised, NEW.at)
       IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.version_id, OLD.counts, OLD.photos, OLD.measurements, OLD.aql_result,
        OLD.authorised, OLD.at)
       OR (NEW.reviewer_id IS DISTINCT FROM OLD.reviewer_id AND NEW.reviewer_id IS NOT NULL)
       OR (NEW.reviewer_name <> OLD.reviewer_name AND NEW.reviewer_name <> '')
    THEN
        RAISE EXCEPTION 'a completed check never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
"""

UNGUARD = """
DROP TRIGGER never_truncated ON reports_buyerresponse;
DROP TRIGGER kept ON reports_buyerresponse;
DROP TRIGGER immutable ON reports_buyerresponse;
DROP FUNCTION reports_guard_response();
"""

TABLES = ("reports_reportshare", "reports_reportversion", "reports_report")

# What was acknowledged under a link before becomes an answer. The owner of the tables sees every workspace for
# these statements only.
COPY = (
    "".join(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY;\n" for name in TABLES)
    + """
INSERT INTO reports_buyerresponse (id, workspace_id, version_id, share_id, person_id, compartment_id, kind, name, text, at)
SELECT gen_random_uuid(), s.workspace_id, s.version_id, s.id, NULL, r.compartment_id, 'acknowledge',
       s.acknowledged_by, '', s.acknowledged_at
FROM reports_reportshare s
JOIN reports_reportversion v ON v.id = s.version_id
JOIN reports_report r ON r.id = v.report_id
WHERE s.acknowledged_at IS NOT NULL;
"""
    + "".join(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY;\n" for name in TABLES)
)

KEY = (
    "id",
    models.UUIDField(default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
)
RESPONSES = [
    ("acknowledge", "Acknowledged"),
    ("concession", "Accepted with a deviation"),
    ("reject", "Rejected"),
    ("comment", "Comment"),
]
VISITS = [
    ("opened", "opened the page"),
    ("downloaded", "downloaded the PDF"),
    ("refused", "gave a wrong password"),
]


def _to(model: str, related: str = "+", *, null: bool = False, on_delete=django.db.models.deletion.PROTECT):
    return models.ForeignKey(null=null, on_delete=on_delete, related_name=related, to=model)


def _workspace() -> models.ForeignKey:
    return models.ForeignKey(
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="workspaces.workspace",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_isolate"),
        ("workspaces", "0009_floor_policy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="BuyerResponse",
            fields=[
                KEY,
                ("compartment_id", models.UUIDField(null=True)),
                ("kind", models.CharField(choices=RESPONSES, max_length=12)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("text", models.TextField(blank=True, max_length=2000)),
                ("at", models.DateTimeField()),
                ("person", _to(settings.AUTH_USER_MODEL, null=True)),
                ("share", _to("reports.reportshare", "responses", null=True)),
                ("version", _to("reports.reportversion", "responses")),
                ("workspace", _workspace()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace", "version", "at"], name="reports_response_recent")
                ]
            },
        ),
        migrations.CreateModel(
            name="ShareVisit",
            fields=[
                KEY,
                ("at", models.DateTimeField()),
                ("kind", models.CharField(choices=VISITS, max_length=10)),
                ("browser", models.CharField(blank=True, max_length=40)),
                (
                    "share",
                    _to("reports.reportshare", "visits", on_delete=django.db.models.deletion.CASCADE),
                ),
                ("workspace", _workspace()),
            ],
            options={
                "indexes": [models.Index(fields=["workspace", "share", "at"], name="reports_visit_recent")]
            },
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="presharecheck", name="reports_check_complete"),
        migrations.RemoveField(model_name="reportshare", name="acknowledged_at"),
        migrations.RemoveField(model_name="reportshare", name="acknowledged_by"),
        migrations.AddField("presharecheck", "authorised", models.BooleanField(null=True)),
        migrations.AddField("reportshare", "email", models.EmailField(blank=True, max_length=254)),
        migrations.AddField("reportshare", "message", models.TextField(blank=True, max_length=1000)),
        migrations.AddField("reportshare", "password", models.CharField(blank=True, max_length=128)),
        migrations.AddConstraint(
            model_name="presharecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("aql_result", True),
                    ("counts", True),
                    ("measurements", True),
                    ("photos", True),
                    models.Q(("authorised", True), ("authorised__isnull", True), _connector="OR"),
                ),
                name="reports_check_complete",
            ),
        ),
        IsolateTable("buyerresponse", compartment="compartment_id = app_compartment()"),
        IsolateTable("sharevisit"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
