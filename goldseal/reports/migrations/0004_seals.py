"""Each workspace has a seal of its own: certificates, kept for what they sealed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids
from goldseal.kit.isolation import IsolateTable

GUARD = """
CREATE FUNCTION reports_guard_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.workspace_id, NEW.fingerprint, NEW.certificate, NEW.holder, NEW.origin, NEW.key_address,
        NEW.made_at, NEW.not_before, NEW.not_after)
       IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.fingerprint, OLD.certificate, OLD.holder, OLD.origin, OLD.key_address,
        OLD.made_at, OLD.not_before, OLD.not_after)
       OR (NEW.made_by_id IS DISTINCT FROM OLD.made_by_id AND NEW.made_by_id IS NOT NULL)
       OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at)
       OR (OLD.revoked_at IS NOT NULL
           AND (NEW.revoked_at, NEW.revoked_reason) IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_reason))
    THEN
        RAISE EXCEPTION 'a certificate of a seal never changes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER immutable BEFORE UPDATE ON reports_sealcertificate FOR EACH ROW EXECUTE FUNCTION reports_guard_seal();
CREATE TRIGGER kept BEFORE DELETE ON reports_sealcertificate FOR EACH ROW EXECUTE FUNCTION reports_refuse_delete();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON reports_sealcertificate EXECUTE FUNCTION reports_refuse_truncate();
"""

UNGUARD = """
DROP TRIGGER never_truncated ON reports_sealcertificate;
DROP TRIGGER kept ON reports_sealcertificate;
DROP TRIGGER immutable ON reports_sealcertificate;
DROP FUNCTION reports_guard_seal();
"""

KEY = (
    "id",
    models.UUIDField(default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
)
ORIGINS = [("made", "made here"), ("imported", "the customer's own")]
IN_USE = models.Q(retired_at__isnull=True, revoked_at__isnull=True)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_sharing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="SealCertificate",
            fields=[
                KEY,
                ("fingerprint", models.CharField(max_length=64)),
                ("certificate", models.TextField()),
                ("holder", models.CharField(max_length=200, verbose_name="holder")),
                ("origin", models.CharField(choices=ORIGINS, max_length=10)),
                ("key_address", models.CharField(blank=True, max_length=64)),
                ("made_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_reason", models.CharField(blank=True, max_length=500)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["fingerprint"], name="reports_seal_fingerprint")],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "fingerprint"), name="reports_seal_once"),
                    models.UniqueConstraint(
                        condition=IN_USE, fields=("workspace",), name="reports_seal_in_use"
                    ),
                ],
            },
        ),
        IsolateTable("sealcertificate", also_readable="fingerprint = app_capability()"),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
