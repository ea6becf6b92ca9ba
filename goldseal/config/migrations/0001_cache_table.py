"""The cache's table: rate limits and short-lived copies, shared by every process."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE config_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX config_cache_expires ON config_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(CREATE, "DROP TABLE config_cache")]
