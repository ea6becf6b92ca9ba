"""Where tests run: a fast embedded PostgreSQL (or `DATABASE_URL`), a migrated template, a copy for each process.

Loaded before Django's settings, so that every path of the installation lies in a temporary folder.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
PROJECT = Path(__file__).resolve().parent.parent
# Each checkout has a server of its own: two that are tested at once must not drop each other's databases.
CHECKOUT = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
ROOT = Path(
    os.environ.setdefault(
        "GOLDSEAL_TEST_ROOT", str(Path(tempfile.gettempdir()) / f"goldseal-test-{os.geteuid()}-{CHECKOUT}")
    )
)
STATE = ROOT / f"state-{os.getpid()}"

os.environ["GOLDSEAL_TESTING"] = "1"
os.environ["GOLDSEAL_DATA_DIR"] = str(STATE)
os.environ["GOLDSEAL_SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ["GOLDSEAL_DATABASE_APP_PASSWORD"] = "only-for-tests"
os.environ["DJANGO_SETTINGS_MODULE"] = "goldseal.config.settings"
os.environ.pop("GOLDSEAL_DB_OWNER", None)
os.environ.pop("GOLDSEAL_BASE_URL", None)
atexit.register(shutil.rmtree, STATE, ignore_errors=True)

from goldseal.config.postgres import APP, OWNER, Cluster, grants_for_app  # noqa: E402


class TestServer:
    """The PostgreSQL that tests run on: makes templates and copies."""

    __test__ = False

    def __init__(self) -> None:
        self.named = os.environ.get("DATABASE_URL", "")
        self.cluster = None if self.named else Cluster(ROOT / "postgres", ROOT / "socket", fast=True)

    def start(self) -> None:
        if self.cluster:
            ROOT.mkdir(parents=True, exist_ok=True)
            ROOT.chmod(0o755)
            self.cluster.start()

    def address(self, database: str, *, role: str) -> str:
        if self.cluster:
            return self.cluster.url(role=role, database=database)
        from urllib.parse import urlsplit

        parts = urlsplit(self.named)
        where = parts._replace(path=f"/{database}")
        if role == APP:
            host = parts.netloc.rpartition("@")[2]
            where = where._replace(netloc=f"{APP}:{os.environ['GOLDSEAL_DATABASE_APP_PASSWORD']}@{host}")
        return where.geturl()

    @property
    def owner(self) -> str:
        from urllib.parse import urlsplit

        return OWNER if self.cluster else (urlsplit(self.named).username or "postgres")

    def admin(self) -> Any:
        import psycopg

        return psycopg.connect(self.address("postgres", role="postgres"), autocommit=True)

    def is_used_by_others(self) -> bool:
        """Whether another run of the tests is connected."""
        with self.admin() as connection:
            count = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return bool(count and count[0])

    def template(self) -> str:
        """The name of a migrated database, made once for this state of the migrations."""
        name = f"goldseal_template_{_fingerprint()}"
        with self.admin() as connection:
            connection.execute("SELECT pg_advisory_lock(7410)")
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            for (old,) in connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'goldseal\\_template\\_%'"
            ).fetchall():
                connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            half = f"goldseal_half_{os.getpid()}"
            connection.execute(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
            connection.execute(
                f'CREATE DATABASE "{half}" OWNER "{self.owner}" TEMPLATE template0 ENCODING \'UTF8\''
            )
            self._migrate(half)
            connection.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
        return name

    def copy(self, name: str) -> None:
        template = self.template()
        with self.admin() as connection:
            connection.execute("SELECT pg_advisory_lock(7410)")
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" OWNER "{self.owner}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        with self.admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _migrate(self, database: str) -> None:
        import psycopg
        from django.core.management import call_command
        from django.db import connections

        with psycopg.connect(self.address(database, role=self.owner)) as connection:
            if not self.cluster:
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone()
                verb = "ALTER" if known else "CREATE"
                connection.execute(
                    f"{verb} ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{os.environ['GOLDSEAL_DATABASE_APP_PASSWORD']}'"
                )
            grants_for_app(connection, owner=self.owner)
        with owner_connection(database):
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            connections["owner"].close()


SERVER = TestServer()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted((PROJECT / "goldseal").glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    for path in (
        PROJECT / "goldseal/kit/isolation.py",
        PROJECT / "requirements.lock",
        PROJECT / "goldseal/config/postgres.py",
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class owner_connection:  # noqa: N801 - used as a context manager
    """Django's `owner` connection to a database, for as long as the block lasts."""

    def __init__(self, database: str) -> None:
        self.database = database

    def __enter__(self) -> Any:
        from django.db import connections

        wanted = {
            **connections["default"].settings_dict,
            "NAME": self.database,
            "USER": SERVER.owner,
            "OPTIONS": {},
        }
        if SERVER.named:
            import dj_database_url

            wanted = {**wanted, **dj_database_url.parse(SERVER.named), "NAME": self.database, "OPTIONS": {}}
        if SERVER.cluster:
            wanted["HOST"] = str(SERVER.cluster.socket)
        connections.settings["owner"] = wanted
        connections.databases["owner"] = wanted
        return connections["owner"]

    def __exit__(self, *problem: object) -> None:
        from django.db import connections

        connections["owner"].close()
        del connections["owner"]
        connections.settings.pop("owner", None)
        connections.databases.pop("owner", None)


DATABASE = f"test_{WORKER}_{os.getpid()}"


def use_database(connection: Any, database: str) -> None:
    close_connection(connection)
    connection.settings_dict["NAME"] = database
    if SERVER.cluster:
        connection.settings_dict["HOST"] = str(SERVER.cluster.socket)
        connection.settings_dict["USER"] = APP


def close_connection(connection: Any) -> None:
    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()


def pytest_sessionfinish(session: Any) -> None:
    """Stop the embedded server when the last process of the run ends."""
    if WORKER == "main" and SERVER.cluster and SERVER.cluster.is_running() and not SERVER.is_used_by_others():
        SERVER.cluster.stop()
