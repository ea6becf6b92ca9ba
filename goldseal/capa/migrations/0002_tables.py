"""Tables of actions, requests and counts; keys of both."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import goldseal.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("capa", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadAcross",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=300, verbose_name="what is to be done there"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("done_on", models.DateField(null=True)),
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
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_across",
                        to="capa.nonconformity",
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
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("due_on", models.DateField()),
                ("sent_at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="capa.action",
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
            name="Scar",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("bn", "বাংলা")], max_length=2, verbose_name="language"
                    ),
                ),
                ("asked", models.TextField(max_length=4000, verbose_name="what is asked")),
                ("due_on", models.DateField(verbose_name="answer due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Sent"),
                            ("answered", "Answered"),
                            ("declined", "Declined, asked again"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="sent",
                        max_length=9,
                    ),
                ),
                ("token_digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("viewed_count", models.PositiveIntegerField(default=0)),
                ("last_viewed_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scars",
                        to="capa.nonconformity",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.supplier"
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
            name="ScarAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="your name")),
                ("containment", models.TextField(max_length=4000, verbose_name="what was done at once")),
                ("cause_made", models.TextField(max_length=4000, verbose_name="why it was made")),
                ("cause_detected", models.TextField(max_length=4000, verbose_name="why it was not detected")),
                ("actions", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "To be looked at"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                        ],
                        default="given",
                        max_length=8,
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="capa.scar"
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
            name="WhyStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "chain",
                    models.CharField(
                        choices=[("made", "Why was it made?"), ("detected", "Why was it not detected?")],
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("answer", models.CharField(max_length=500, verbose_name="because")),
                ("proof", models.CharField(blank=True, max_length=500, verbose_name="what proves it")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="whys",
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
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("found", "What was found"),
                            ("containment", "Containment"),
                            ("cause", "Cause"),
                            ("before", "Before the action"),
                            ("after", "After the action"),
                        ],
                        default="found",
                        max_length=11,
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="capa.action",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.attachment"
                    ),
                ),
                (
                    "nonconformity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
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
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="capa.scaranswer",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proofs",
                        to="capa.whystep",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CapaSettings",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=goldseal.kit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "opens_on_fail",
                    models.BooleanField(
                        default=True, verbose_name="a failed inspection opens a nonconformity"
                    ),
                ),
                (
                    "red_lights_max",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=3,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="red lights of a line in a day that open one",
                    ),
                ),
                (
                    "dhu_max",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=5,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="defects per hundred units of a day at a line, above which one opens",
                    ),
                ),
                (
                    "due_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="days until a nonconformity is due",
                    ),
                ),
                (
                    "remind_before_days",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[django.core.validators.MaxValueValidator(30)],
                        verbose_name="days before the due date on which the owner is reminded",
                    ),
                ),
                (
                    "escalate_after_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="days overdue after which the QA managers are told",
                    ),
                ),
                (
                    "watch_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days after closing in which a return reopens it",
                    ),
                ),
                (
                    "min_pieces",
                    models.PositiveIntegerField(
                        default=100,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000000),
                        ],
                        verbose_name="pieces that an effect check needs at least",
                    ),
                ),
                ("currency", models.CharField(default="BDT", max_length=3, verbose_name="currency of costs")),
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
                "constraints": [models.UniqueConstraint(fields=("workspace",), name="capa_settings_once")],
            },
        ),
        migrations.AddIndex(
            model_name="inspectioncount",
            index=models.Index(fields=["workspace", "counted_on"], name="capa_count_day"),
        ),
        migrations.AddConstraint(
            model_name="inspectioncount",
            constraint=models.UniqueConstraint(
                fields=("workspace", "inspection", "operation", "shift"), name="capa_count_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="defectcount",
            constraint=models.UniqueConstraint(
                fields=("workspace", "count", "code"), name="capa_defectcount_once"
            ),
        ),
        migrations.AddIndex(
            model_name="nonconformity",
            index=models.Index(fields=["workspace", "id"], name="capa_nc_newest"),
        ),
        migrations.AddIndex(
            model_name="nonconformity",
            index=models.Index(fields=["workspace", "state", "id"], name="capa_nc_state"),
        ),
        migrations.AddIndex(
            model_name="nonconformity",
            index=models.Index(fields=["workspace", "due_on", "id"], name="capa_nc_due"),
        ),
        migrations.AddIndex(
            model_name="nonconformity",
            index=models.Index(fields=["workspace", "owner", "state"], name="capa_nc_owner"),
        ),
        migrations.AddIndex(
            model_name="nonconformity",
            index=models.Index(fields=["workspace", "inspection"], name="capa_nc_inspection"),
        ),
        migrations.AddConstraint(
            model_name="nonconformity",
            constraint=models.UniqueConstraint(
                fields=("workspace", "number"), name="capa_nonconformity_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", ""), _negated=True),
                fields=("workspace", "origin"),
                name="capa_nonconformity_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verifier__isnull", True),
                    ("owner__isnull", True),
                    models.Q(("verifier", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="capa_nonconformity_two_people",
            ),
        ),
        migrations.AddIndex(
            model_name="effectcheck",
            index=models.Index(fields=["workspace", "state"], name="capa_check_state"),
        ),
        migrations.AddConstraint(
            model_name="effectcheck",
            constraint=models.UniqueConstraint(
                fields=("workspace", "nonconformity", "round"), name="capa_check_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="containment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sorted__lte", models.F("in_lot")),
                    ("found_bad__lte", models.F("sorted")),
                    ("rechecked__lte", models.F("found_bad")),
                    (
                        "in_lot",
                        django.db.models.expressions.CombinedExpression(
                            models.F("released"), "+", models.F("held")
                        ),
                    ),
                ),
                name="capa_containment_adds_up",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["workspace", "owner", "state"], name="capa_action_owner"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["workspace", "state", "due_on"], name="capa_action_due"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(
                fields=("workspace", "nonconformity", "number"), name="capa_action_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verifier__isnull", True),
                    ("owner__isnull", True),
                    models.Q(("verifier", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="capa_action_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformitycounter",
            constraint=models.UniqueConstraint(
                fields=("workspace", "series", "year"), name="capa_counter_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformitydefect",
            constraint=models.UniqueConstraint(
                fields=("workspace", "nonconformity", "code", "severity"), name="capa_defect_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="readacross",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("line__isnull", False),
                    ("style__isnull", False),
                    ("stage__isnull", False),
                    _connector="OR",
                ),
                name="capa_readacross_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("workspace", "action", "kind", "due_on"), name="capa_reminder_once"
            ),
        ),
        migrations.AddIndex(
            model_name="scar",
            index=models.Index(fields=["token_digest"], name="capa_scar_token"),
        ),
        migrations.AddConstraint(
            model_name="scar",
            constraint=models.UniqueConstraint(fields=("workspace", "number"), name="capa_scar_number"),
        ),
        migrations.AddConstraint(
            model_name="scaranswer",
            constraint=models.UniqueConstraint(
                fields=("workspace", "scar", "version"), name="capa_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="whystep",
            constraint=models.UniqueConstraint(
                fields=("workspace", "nonconformity", "chain", "position"), name="capa_why_once"
            ),
        ),
        migrations.AddIndex(
            model_name="proof",
            index=models.Index(fields=["workspace", "nonconformity"], name="capa_proof_case"),
        ),
    ]
