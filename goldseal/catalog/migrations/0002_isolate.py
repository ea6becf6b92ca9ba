"""Row-level security on the catalog: a buyer guest sees the rows of its buyer, and what all buyers share."""

from django.db import migrations

from goldseal.kit.isolation import ALL_COMPARTMENTS, IsolateTable

OF_THE_BUYER = "buyer_id = app_compartment()"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("workspaces", "0002_isolate")]
    operations = [
        IsolateTable("buyer", compartment="id = app_compartment()"),
        IsolateTable("site", compartment=ALL_COMPARTMENTS),
        IsolateTable("line", compartment=ALL_COMPARTMENTS),
        IsolateTable("style", compartment=OF_THE_BUYER),
        IsolateTable("order", compartment=OF_THE_BUYER),
        IsolateTable(
            "orderline",
            compartment="order_id IN (SELECT id FROM catalog_order WHERE buyer_id = app_compartment())",
        ),
        IsolateTable("stage", compartment=ALL_COMPARTMENTS),
        IsolateTable("defect", compartment=ALL_COMPARTMENTS),
        IsolateTable("severityoverride", compartment=OF_THE_BUYER),
    ]
