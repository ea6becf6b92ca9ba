"""Noticing phones that are gone: a connection whose other end has vanished ends within half a minute.

A phone that walks out of the Wi-Fi says no goodbye; a server that only waits for its bytes would hold a thread
and the upload's lock for ever. The kernel finds out for us: keep-alive options of a listening socket are taken
over by every connection accepted on it (Linux). The web server has no setting for it and opens that socket
after the program is loaded, so this is done with the first upload.
"""

import os
import socket
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path

QUIET_SECONDS = 15
PROBE_EVERY_SECONDS = 5
PROBES = 3


@cache
def watch_once() -> int:
    """`watch_for_dead_peers`, once in the life of this process."""
    return watch_for_dead_peers()


def watch_for_dead_peers() -> int:
    """Switch keep-alive on for every TCP socket this process holds, listening or connected; how many there were."""
    found = 0
    descriptors = Path("/proc/self/fd")
    for entry in list(descriptors.iterdir()) if descriptors.is_dir() else ():
        with suppress(OSError):
            if not stat.S_ISSOCK(entry.stat().st_mode):
                continue
            with socket.socket(fileno=os.dup(int(entry.name))) as held:
                found += _watched(held)
    return found


def _watched(held: socket.socket) -> int:
    is_tcp = held.family in (socket.AF_INET, socket.AF_INET6) and held.type == socket.SOCK_STREAM
    if not is_tcp:
        return 0
    held.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    held.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, QUIET_SECONDS)
    held.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, PROBE_EVERY_SECONDS)
    held.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, PROBES)
    return 1
