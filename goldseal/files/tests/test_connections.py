"""Connections accepted by the server notice that their other end is gone."""

import socket

from goldseal.files.connections import PROBE_EVERY_SECONDS, PROBES, QUIET_SECONDS, watch_for_dead_peers


def test_an_accepted_connection_takes_over_the_watch() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert watch_for_dead_peers() >= 1
        with socket.create_connection(listening.getsockname()) as phone:
            accepted, _address = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                held = [
                    accepted.getsockopt(socket.IPPROTO_TCP, option)
                    for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
                ]
                assert held == [QUIET_SECONDS, PROBE_EVERY_SECONDS, PROBES]
                assert phone.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0
    assert QUIET_SECONDS + PROBE_EVERY_SECONDS * PROBES <= 30


def test_the_socket_itself_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        watch_for_dead_peers()
        with socket.create_connection(listening.getsockname()):
            listening.accept()[0].close()
