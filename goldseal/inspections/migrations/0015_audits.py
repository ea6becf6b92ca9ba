"""Audits of sites, lines and suppliers: their answers, photos and signatures."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0012_audit_checklists"),
        ("files", "0003_looks"),
        ("inspections", "0014_heard"),
        ("workspaces", "0009_floor_policy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "auditee",
                    models.CharField(blank=True, max_length=120, verbose_name="who answers for the place"),
                ),
                ("scope", models.TextField(blank=True, max_length=1000, verbose_name="scope")),
                ("criteria", models.TextField(blank=True, max_length=1000, verbose_name="criteria")),
                ("planned_on", models.DateField(verbose_name="planned for")),
                ("checklist", models.JSONField()),
                ("begun_with", models.JSONField()),
                ("pass_at_pct", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_progress", "In progress"),
                            ("decided", "Decided"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("pass", "Pass"), ("fail", "Fail"), ("pending", "Pending")],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("conforming", models.PositiveSmallIntegerField(default=0)),
                ("applicable", models.PositiveSmallIntegerField(default=0)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "auditor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.line",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.site",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.supplier",
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
        ),
        migrations.CreateModel(
            name="AuditAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sent_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("item", models.CharField(max_length=40)),
                ("answer", models.CharField(blank=True, max_length=2000)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("major", "Major nonconformity"),
                            ("minor", "Minor nonconformity"),
                            ("observation", "Observation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=5000)),
                ("photos", models.JSONField(default=list)),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="inspections.audit",
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
        ),
        migrations.CreateModel(
            name="AuditEvidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.attachment"
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="inspections.audit",
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
        ),
        migrations.CreateModel(
            name="AuditSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(max_length=30)),
                ("printed_name", models.CharField(max_length=120)),
                ("meaning", models.CharField(max_length=300)),
                ("record_hash", models.CharField(max_length=64)),
                ("statement_hash", models.CharField(max_length=64)),
                ("method", models.CharField(max_length=30)),
                ("signed_at", models.DateTimeField()),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="inspections.audit",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
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
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(fields=["workspace", "state", "planned_on"], name="inspections_audit_due"),
        ),
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(fields=["workspace", "site", "id"], name="inspections_audit_site"),
        ),
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(fields=["workspace", "supplier", "id"], name="inspections_audit_supplier"),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.UniqueConstraint(
                fields=("workspace", "number"), name="inspections_audit_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("site__isnull", False), ("supplier__isnull", True)),
                    models.Q(("line__isnull", True), ("site__isnull", True), ("supplier__isnull", False)),
                    _connector="OR",
                ),
                name="inspections_audit_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditanswer",
            constraint=models.UniqueConstraint(
                fields=("workspace", "audit", "number"), name="inspections_audit_answer_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditanswer",
            constraint=models.UniqueConstraint(
                fields=("workspace", "audit", "sent_id"), name="inspections_audit_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditevidence",
            constraint=models.UniqueConstraint(
                fields=("workspace", "audit", "sha256"), name="inspections_audit_evidence_once"
            ),
        ),
    ]
