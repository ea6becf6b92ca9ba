"""Which PostgreSQL to use and as whom: the application's role by default, the owner for migrations only."""

import os
from typing import Any

import dj_database_url

from goldseal.config.postgres import APP, OWNER, Cluster


def database_url(*, role: str = APP) -> str:
    """The address for a role: on the embedded cluster, or on the server `DATABASE_URL` names.

    On a named server the owner is the user in `DATABASE_URL`; the application signs in as
    `goldseal_app`, whose password `goldseal migrate` makes and keeps with the keys.
    """
    named = os.environ.get("DATABASE_URL", "")
    if not named:
        return Cluster().url(role=role, database=os.environ.get("GOLDSEAL_DATABASE", "goldseal"))
    return named


def database_settings(*, role: str = APP) -> dict[str, Any]:
    """Django's settings for one connection."""
    named = os.environ.get("DATABASE_URL", "")
    if named:
        found: dict[str, Any] = dict(dj_database_url.parse(named))
        if role == APP:
            from goldseal.kit.secrets import app_password

            found["USER"], found["PASSWORD"] = APP, app_password()
    else:
        cluster = Cluster()
        found = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("GOLDSEAL_DATABASE", "goldseal"),
            "USER": role,
            "HOST": str(cluster.socket),
        }
    # A pool per process; safe because every setting of ours is local to a transaction.
    # Statements are prepared where `kit.rows.run_prepared` says so; Django's own never are.
    options = (
        {
            **found.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
            "prepare_threshold": 5,
        }
        if role == APP
        else {}
    )
    return {
        **found,
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": False,
        "ATOMIC_REQUESTS": False,
    }


def connection_settings() -> dict[str, dict[str, Any]]:
    """`default` is the application; `owner` exists only in the process that migrates."""
    connections = {"default": database_settings()}
    if os.environ.get("GOLDSEAL_DB_OWNER") == "1":
        connections["owner"] = {**database_settings(role=OWNER), "TEST": {"MIRROR": "default"}}
    return connections
