"""Row-level security on what photos look like."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_bands"), ("files", "0003_looks")]
    operations = [
        IsolateTable(
            "evidenceband",
            compartment="evidence_id IN (SELECT id FROM inspections_evidence WHERE inspection_id IN "
            "(SELECT id FROM inspections_inspection WHERE buyer_id = app_compartment()))",
        ),
    ]
