"""A real server on a real socket, and a network that breaks: for uploads that must survive both."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from goldseal.config.postgres import APP
from tests.plugin import PROJECT, SERVER


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """One worker of the production server on the test's database: its port and process id."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": SERVER.address(connection.settings_dict["NAME"], role=APP),
        "GOLDSEAL_BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(PROJECT),
    }
    command = [sys.executable, "-W", "ignore", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += [
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen([*command, "goldseal.config.wsgi:application"], env=environment, cwd=PROJECT)
    try:
        deadline = time.monotonic() + 30
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class BreakingNetwork:
    """A TCP proxy to `target` that cuts its n-th large connection after `cuts[n]` bytes from the client."""

    def __init__(self, target: int, cuts: list[int], *, silent: bool = False) -> None:
        self.port = free_port()
        self.cut = 0
        self._target, self._cuts, self._silent = target, list(cuts), silent
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "BreakingNetwork":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *problem: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        listening = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._ready.set()
        self._loop.run_forever()
        listening.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target)
        back = asyncio.ensure_future(self._copy(inner_reader, writer))
        passed = 0
        try:
            while piece := await reader.read(64 * 1024):
                passed += len(piece)
                if self._cuts and passed >= self._cuts[0]:
                    self._cuts.pop(0)
                    self.cut += 1
                    if self._silent:  # the phone is gone: nothing more comes, and nobody says so
                        writer.transport.abort()
                        await asyncio.sleep(3600)
                    writer.transport.abort()
                    inner_writer.transport.abort()
                    break
                inner_writer.write(piece)
                await inner_writer.drain()
        except ConnectionError:
            pass
        finally:
            back.cancel()
            for end in (writer, inner_writer):
                end.close()

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(64 * 1024):
                writer.write(piece)
                await writer.drain()
            writer.close()
        except ConnectionError:
            writer.close()
