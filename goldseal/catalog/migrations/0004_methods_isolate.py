"""Row-level security on checklists, charts, suppliers and stage rules; stages that exist get their method."""

from django.db import migrations

from goldseal.kit.isolation import ALL_COMPARTMENTS, NO_COMPARTMENT, IsolateTable

# The owner of a table does not see its rows while row-level security is forced.
METHODS = """
ALTER TABLE catalog_stage NO FORCE ROW LEVEL SECURITY;
UPDATE catalog_stage SET method_code = CASE code
    WHEN 'YRN' THEN 'aql' WHEN 'PRE' THEN 'aql' WHEN 'FIN' THEN 'aql'
    WHEN 'FAB' THEN 'four_point' WHEN 'WSH' THEN 'measurement' WHEN 'MTL' THEN 'metal' WHEN 'PKG' THEN 'packing'
    WHEN 'KNT' THEN 'roving' WHEN 'LNK' THEN 'roving' WHEN 'SEW' THEN 'roving'
    WHEN 'MND' THEN 'endline' WHEN 'END' THEN 'endline' WHEN 'IRN' THEN 'endline'
    ELSE method_code END;
ALTER TABLE catalog_stage FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_methods"), ("workspaces", "0002_isolate")]
    operations = [
        IsolateTable("checklisttemplate", compartment=ALL_COMPARTMENTS),
        IsolateTable("checklistversion", compartment=ALL_COMPARTMENTS),
        IsolateTable(
            "measurementchart",
            compartment="style_id IN (SELECT id FROM catalog_style WHERE buyer_id = app_compartment())",
        ),
        IsolateTable("supplier", compartment=NO_COMPARTMENT),
        IsolateTable("buyerstagerule", compartment="buyer_id = app_compartment()"),
        migrations.RunSQL(METHODS, migrations.RunSQL.noop),
    ]
