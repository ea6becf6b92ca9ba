"""Tables of nonconformities."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("catalog", "0009_import_held"),
        ("files", "0003_looks"),
        ("inspections", "0011_drawn_signatures"),
        ("workspaces", "0009_floor_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="InspectionCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("counted_on", models.DateField()),
                ("operation", models.CharField(blank=True, max_length=80)),
                ("shift", models.CharField(max_length=7)),
                ("pieces", models.PositiveIntegerField()),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.buyer"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="inspections.inspection",
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
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.stage"
                    ),
                ),
                (
                    "style",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.style"
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
            name="DefectCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=10)),
                ("found", models.PositiveIntegerField()),
                (
                    "workspace",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="defects",
                        to="capa.inspectioncount",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Nonconformity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("inspection", "Failed inspection"),
                            ("red_lights", "Repeated red lights"),
                            ("dhu", "DHU above the limit"),
                            ("audit", "Audit"),
                            ("complaint", "Complaint"),
                            ("supplier", "Supplier"),
                            ("by_hand", "Seen at work"),
                        ],
                        default="by_hand",
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_progress", "In progress"),
                            ("submitted", "Submitted"),
                            ("in_review", "In review"),
                            ("declined", "Declined"),
                            ("approved", "Approved"),
                            ("verified", "Verified"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                        ],
                        default="open",
                        max_length=11,
                        verbose_name="state",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor")],
                        default="major",
                        max_length=8,
                        verbose_name="severity",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("problem", models.TextField(blank=True, max_length=4000, verbose_name="what is wrong")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="where")),
                ("found_on", models.DateField(verbose_name="found on")),
                (
                    "quantity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="pieces concerned"),
                ),
                ("lot_size", models.PositiveIntegerField(blank=True, null=True)),
                ("sample_size", models.PositiveIntegerField(blank=True, null=True)),
                ("operation", models.CharField(blank=True, max_length=80, verbose_name="operation")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("team", models.CharField(blank=True, max_length=300, verbose_name="team")),
                (
                    "root_made",
                    models.TextField(blank=True, max_length=2000, verbose_name="root cause: why it was made"),
                ),
                (
                    "root_detected",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="root cause: why it was not detected"
                    ),
                ),
                ("is_is_not", models.JSONField(blank=True, default=dict)),
                ("decision", models.CharField(blank=True, max_length=500)),
                (
                    "buyer_approval",
                    models.CharField(blank=True, max_length=200, verbose_name="approved at the buyer by"),
                ),
                ("buyer_approved_on", models.DateField(blank=True, null=True, verbose_name="approved on")),
                (
                    "cost_minutes",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="minutes of repair",
                    ),
                ),
                (
                    "cost_per_minute",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="cost of a minute",
                    ),
                ),
                (
                    "cost_rejects",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="pieces rejected"),
                ),
                (
                    "cost_per_reject",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="value of a piece",
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="currency")),
                ("opened_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "buyer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.buyer",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.line",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.order",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.site",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.stage",
                    ),
                ),
                (
                    "style",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.style",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.supplier",
                    ),
                ),
                (
                    "verifier",
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
        ),
        migrations.CreateModel(
            name="FishboneCause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "bone",
                    models.CharField(
                        choices=[
                            ("man", "Man"),
                            ("machine", "Machine"),
                            ("material", "Material"),
                            ("method", "Method"),
                            ("measurement", "Measurement"),
                            ("environment", "Environment"),
                            ("management", "Management"),
                        ],
                        max_length=11,
                        verbose_name="bone",
                    ),
                ),
                ("words", models.CharField(max_length=200, verbose_name="possible cause")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("suspected", "Suspected"),
                            ("confirmed", "Confirmed"),
                            ("ruled_out", "Ruled out"),
                        ],
                        default="suspected",
                        max_length=9,
                        verbose_name="what is known",
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
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="causes",
                        to="capa.nonconformity",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EffectCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("rate", "A defect's rate in new inspections"),
                            ("observed", "Seen at the place by the verifier"),
                        ],
                        default="rate",
                        max_length=8,
                        verbose_name="measured by",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="defect")),
                ("operation", models.CharField(blank=True, max_length=80, verbose_name="operation")),
                (
                    "target",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="at most, per 100 pieces",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                (
                    "window",
                    models.CharField(
                        choices=[("days", "Days"), ("inspections", "Inspections"), ("pieces", "Pieces")],
                        default="inspections",
                        max_length=11,
                        verbose_name="window in",
                    ),
                ),
                ("window_size", models.PositiveIntegerField(default=3, verbose_name="how many")),
                (
                    "min_pieces",
                    models.PositiveIntegerField(default=100, verbose_name="pieces needed at least"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for numbers"),
                            ("met", "Met"),
                            ("not_met", "Not met"),
                            ("recurred", "Came back"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("inspections", models.PositiveIntegerField(default=0)),
                ("pieces", models.PositiveIntegerField(default=0)),
                ("found", models.PositiveIntegerField(default=0)),
                ("rate", models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ("observation", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                ("watch_until", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "buyer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.buyer",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.line",
                    ),
                ),
                (
                    "observed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.stage",
                    ),
                ),
                (
                    "style",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.style",
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
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="capa.nonconformity",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Containment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("sort", "Sort"), ("hold_lot", "Hold the lot"), ("recheck", "Recheck")],
                        max_length=8,
                        verbose_name="what is done",
                    ),
                ),
                ("place", models.CharField(max_length=200, verbose_name="where the goods are")),
                ("in_lot", models.PositiveIntegerField(verbose_name="pieces in the lot")),
                ("sorted", models.PositiveIntegerField(default=0, verbose_name="sorted")),
                ("found_bad", models.PositiveIntegerField(default=0, verbose_name="found bad")),
                (
                    "rechecked",
                    models.PositiveIntegerField(default=0, verbose_name="mended and rechecked good"),
                ),
                ("released", models.PositiveIntegerField(default=0, verbose_name="released")),
                ("held", models.PositiveIntegerField(default=0, verbose_name="held")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("done_on", models.DateField(verbose_name="done on")),
                ("at", models.DateTimeField()),
                (
                    "done_by",
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
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="containments",
                        to="capa.nonconformity",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("corrective", "Corrective"), ("preventive", "Preventive")],
                        default="corrective",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("method", "Method or work instruction"),
                            ("machine", "Machine, setting or maintenance"),
                            ("tool", "Tool, jig or template"),
                            ("material", "Material or supplier"),
                            ("check", "Check added or changed"),
                            ("layout", "Layout or workplace"),
                            ("training", "Training"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                        verbose_name="what it changes",
                    ),
                ),
                ("words", models.TextField(max_length=2000, verbose_name="action")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_progress", "In progress"),
                            ("submitted", "Submitted"),
                            ("in_review", "In review"),
                            ("declined", "Declined"),
                            ("approved", "Approved"),
                            ("verified", "Verified"),
                            ("closed", "Closed"),
                            ("reopened", "Reopened"),
                        ],
                        default="open",
                        max_length=11,
                    ),
                ),
                ("result", models.TextField(blank=True, max_length=2000, verbose_name="what was done")),
                ("decision", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verifier",
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
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="capa.nonconformity",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NonconformityCounter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("series", models.CharField(max_length=4)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
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
            name="NonconformityDefect",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=10, verbose_name="code")),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("name_bn", models.CharField(blank=True, max_length=120)),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor")],
                        max_length=8,
                        verbose_name="severity",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="pieces")),
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="defects",
                        to="capa.nonconformity",
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
    ]
