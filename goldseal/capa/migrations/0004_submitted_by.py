"""Who submitted a nonconformity or an action: that person does not verify it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("capa", "0003_isolate"),
        ("catalog", "0011_defect_pictures_isolate"),
        ("inspections", "0014_heard"),
        ("workspaces", "0009_floor_policy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="action",
            name="submitted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="nonconformity",
            name="submitted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verifier__isnull", True),
                    ("submitted_by__isnull", True),
                    models.Q(("verifier", models.F("submitted_by")), _negated=True),
                    _connector="OR",
                ),
                name="capa_action_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verifier__isnull", True),
                    ("submitted_by__isnull", True),
                    models.Q(("verifier", models.F("submitted_by")), _negated=True),
                    _connector="OR",
                ),
                name="capa_nonconformity_another",
            ),
        ),
    ]
