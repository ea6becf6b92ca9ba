"""A network as in a production hall, for tests: a TCP proxy that cuts at any byte, delays, doubles and replays requests."""

import asyncio
import random
import re
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Self

from goldseal.files.tests.live import free_port

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
KEPT = re.compile(rb"\r\nconnection: *keep-alive", re.IGNORECASE)
FATES = {"through": 47, "delayed": 15, "request_cut": 13, "answer_cut": 13, "twice": 6, "again_later": 6}


class RoughNetwork:
    """Carries whole requests to `target`, each with a fate of its own; `met` counts them.

    A request that is doubled goes twice before its answer comes back; one that comes again later arrives once
    more up to two seconds on, behind whatever was sent in the meantime.
    """

    def __init__(self, target: int, *, seed: int) -> None:
        self.port, self.met = free_port(), Counter[str]()
        self._target, self._random = target, random.Random(seed)
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._under_way = 0
        self._late: set[asyncio.Task[None]] = set()  # the loop alone does not keep them

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *problem: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def wait_until_quiet(self, seconds: float = 20) -> None:
        """Until nothing is under way any more, late repeats included."""
        end = time.monotonic() + seconds
        while self._under_way:
            assert time.monotonic() < end, "requests are still under way"
            time.sleep(0.02)

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
        self._under_way += 1
        try:
            await self._carry(await _request(reader), writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            await _close(writer)
            self._under_way -= 1

    async def _carry(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        fate = self._random.choices(list(FATES), list(FATES.values()))[0]
        self.met[fate] += 1
        if fate == "request_cut":
            await self._answer(request[: self._random.randrange(len(request))], is_cut=True)
            writer.transport.abort()
            return
        if fate == "delayed":
            await asyncio.sleep(self._random.random() * 0.3)
        if fate == "twice":
            await self._answer(request)
        if fate == "again_later":
            self._under_way += 1
            task = self._loop.create_task(self._again(request))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        answer = await self._answer(request)
        if fate == "answer_cut":
            writer.write(answer[: self._random.randrange(len(answer))])
            await asyncio.sleep(0.01)
            writer.transport.abort()
            return
        writer.write(answer)
        await writer.drain()

    async def _again(self, request: bytes) -> None:
        await asyncio.sleep(self._random.random() * 2)
        with suppress(ConnectionError):
            await self._answer(request)
        self._under_way -= 1

    async def _answer(self, request: bytes, *, is_cut: bool = False) -> bytes:
        """What the server says; it closes after each answer, so that the end is known without reading it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._target)
        writer.write(request)
        await writer.drain()
        if is_cut:
            await asyncio.sleep(0.01)
            writer.transport.abort()
        answer = b"" if is_cut else await reader.read()
        await _close(writer)
        return answer


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _request(reader: asyncio.StreamReader) -> bytes:
    """One request to its last byte, asking for a connection that ends with the answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return KEPT.sub(b"\r\nConnection: close", head) + body
