"""Starting and stopping: the embedded database, migrations, the web server, the worker."""

import atexit
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

import psycopg

from goldseal.config.postgres import APP, OWNER, Cluster, grants_for_app, say
from goldseal.kit import places
from goldseal.kit.secrets import app_password


class Stopped(Exception):
    """Ctrl-C or a termination signal."""


def ensure_database() -> Cluster | None:
    """The embedded cluster running (None on a named server), with the roles and rights it needs."""
    if os.environ.get("DATABASE_URL"):
        _prepare_named_server()
        return None
    cluster = Cluster()
    mine = cluster.start()
    with psycopg.connect(cluster.url(role=OWNER)) as connection:
        grants_for_app(connection, owner=OWNER)
    if mine:
        atexit.register(cluster.stop)
    return cluster


def _prepare_named_server() -> None:
    from psycopg import sql

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        version = connection.info.server_version
        if version < 150_000:
            raise SystemExit(f"Goldseal needs PostgreSQL 15 or newer; this server is {version // 10_000}.")
        known = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [APP]
        ).fetchone()
        if known and known[0]:
            raise SystemExit(
                f"The role {APP} may bypass row-level security. ALTER ROLE {APP} NOSUPERUSER NOBYPASSRLS; then start again."
            )
        verb = sql.SQL("ALTER" if known else "CREATE")
        try:
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                    verb, sql.Identifier(APP), sql.Literal(app_password())
                )
                if not known
                else sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(APP), sql.Literal(app_password())
                )
            )
        except psycopg.errors.InsufficientPrivilege:
            raise SystemExit(
                f"The user in DATABASE_URL may not create roles. Create the role {APP} (LOGIN NOSUPERUSER NOBYPASSRLS) "
                f"with the password in {places.key_folder() / 'installation' / 'database_app_password'}, then start again."
            ) from None
        grants_for_app(connection, owner=connection.info.user)


def migrate() -> None:
    """Bring the schema up to date as the owner of the tables, in this process."""
    os.environ["GOLDSEAL_DB_OWNER"] = "1"
    _setup()
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Bringing the database up to date ({len(plan)} steps) …")
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()


def migrate_command(arguments: list[str]) -> int:
    """`goldseal migrate`."""
    ensure_database()
    migrate()
    say("The database is up to date.")
    return 0


def manage(arguments: list[str]) -> int:
    """`goldseal manage …`: Django's management commands, on a running database."""
    ensure_database()
    os.environ["GOLDSEAL_DB_OWNER"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(["goldseal manage", *arguments])
    return 0


def ready_for_commands() -> None:
    """What every other command needs: database up, Django set up, Bangla compiled."""
    ensure_database()
    _setup()


def _setup() -> None:
    import django

    django.setup()


def worker(arguments: list[str]) -> int:
    """`goldseal worker`: run jobs until stopped."""
    ensure_database()
    _setup()
    from goldseal.config.jobs import run_worker

    run_worker()
    return 0


def serve(arguments: list[str]) -> int:
    """`goldseal serve [--demo]`: everything until Ctrl-C, then everything stopped in order."""
    started = time.monotonic()
    port = os.environ.get("PORT", "8000")
    host = os.environ.get("GOLDSEAL_HOST", "127.0.0.1")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        say("Starting the database …")
        ensure_database()
        migrate()
        if "--demo" in arguments:
            from goldseal.ops.demo import ensure_demo

            ensure_demo(say=say)
        environment = {key: value for key, value in os.environ.items() if key != "GOLDSEAL_DB_OWNER"}
        children.append(
            subprocess.Popen(
                [sys.executable, "-m", "goldseal.config.run_worker"], env=environment, start_new_session=True
            )
        )
        children.append(subprocess.Popen(_web_command(host, port), env=environment, start_new_session=True))  # noqa: S603
        _wait_until_open(host, int(port), children)
        say(
            f"Goldseal is open at http://{host}:{port} after {time.monotonic() - started:.1f} s. Ctrl-C stops it."
        )
        while True:
            for child in children:
                if child.poll() is not None:
                    say(
                        f"A part of Goldseal ended by itself (exit code {child.returncode}); stopping the rest."
                    )
                    return 1
            time.sleep(0.5)
    except (Stopped, KeyboardInterrupt):
        say("Stopping …")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end(children)


def _web_command(host: str, port: str) -> list[str]:
    workers = os.environ.get("GOLDSEAL_WEB_WORKERS", "2")
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port,
        "--workers", workers, "--blocking-threads", "4", "--backlog", "256", "--no-ws",
        "--log-level", "warning", "--respawn-failed-workers", "goldseal.config.wsgi:application",
    ]  # fmt: skip


def _wait_until_open(host: str, port: int, children: list["subprocess.Popen[bytes]"]) -> None:
    import socket

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise SystemExit(
                f"The web server did not start; is port {port} in use? Set PORT to another number."
            )
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"The web server did not open {host}:{port} within a minute.")


def _end(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in reversed(children):
        if child.poll() is None:
            child.terminate()
    for child in reversed(children):
        try:
            child.wait(timeout=12)
        except subprocess.TimeoutExpired:
            say("A part did not stop in time and is ended.")
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # whatever it started itself goes with it
        child.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
