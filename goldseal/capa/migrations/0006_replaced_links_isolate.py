"""Row-level security of replaced links: who holds one sees that one row."""

from django.db import migrations

from goldseal.kit.isolation import IsolateTable


class Migration(migrations.Migration):
    dependencies = [("capa", "0005_replaced_links")]
    operations = [IsolateTable("replacedlink", also_readable="token_digest = app_capability()")]
