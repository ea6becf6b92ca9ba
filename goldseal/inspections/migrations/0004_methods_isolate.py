"""Row-level security on what the methods of inspection add; relations added to inspections are tied."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable, TieRelations

OF_BUYER = "inspection_id IN (SELECT id FROM inspections_inspection WHERE buyer_id = app_compartment())"


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_methods"), ("catalog", "0004_methods_isolate")]
    operations = [
        TieRelations("inspection", columns=("line_id", "supplier_id", "reinspection_of_id")),
        IsolateTable("inspectionorder", compartment=OF_BUYER),
        IsolateTable(
            "inspectionrequest",
            compartment="order_id IN (SELECT id FROM catalog_order WHERE buyer_id = app_compartment())",
        ),
        IsolateTable("switchingscore"),
        IsolateTable("hourtally", compartment=OF_BUYER),
    ]
