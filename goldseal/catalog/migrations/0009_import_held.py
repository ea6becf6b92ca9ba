"""The rows of an import that stay out with what they belong to."""

import django.core.serializers.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_chart_sizes"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="held",
            field=models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
    ]
