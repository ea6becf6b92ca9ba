"""Row-level security on the pictures of defects: the factory's own, a buyer's guest sees none."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable


class Migration(migrations.Migration):
    dependencies = [("catalog", "0010_defect_pictures"), ("files", "0002_isolate")]
    operations = [IsolateTable("defectpicture")]
