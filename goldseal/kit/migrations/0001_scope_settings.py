"""The functions through which row-level policies read the scope of the running transaction."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION app_workspace_or_null() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.workspace_id', true), '')::uuid $$;

CREATE FUNCTION app_workspace() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE found text := current_setting('app.workspace_id', true);
BEGIN
    IF found IS NULL OR found = '' THEN
        RAISE EXCEPTION 'no workspace scope is set for this transaction' USING ERRCODE = '42501';
    END IF;
    RETURN found::uuid;
END $$;

CREATE FUNCTION app_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.actor_id', true), '')::uuid $$;

CREATE FUNCTION app_compartment() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.compartment_id', true), '')::uuid $$;

CREATE FUNCTION app_capability() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.capability', true), '') $$;

CREATE FUNCTION app_operator() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(current_setting('app.operator', true), '') = 'on' $$;
"""

DROP = """
DROP FUNCTION app_operator();
DROP FUNCTION app_capability();
DROP FUNCTION app_compartment();
DROP FUNCTION app_actor();
DROP FUNCTION app_workspace();
DROP FUNCTION app_workspace_or_null();
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(FUNCTIONS, DROP)]
