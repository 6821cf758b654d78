"""Is the port free, and if not, who has it?"""

from __future__ import annotations

import socket

import psutil


def taken_by(host: str, port: int) -> str | None:
    """None if a server can listen there, else who does, in words.

    Asked before the server starts: granian shares a taken port without a word.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # A port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return _owner(port) or (error.strerror or "another program").lower()
    return None


def first_free(host: str, after: int) -> int:
    """The next port somebody could use instead."""
    return next((port for port in range(after + 1, 65536) if taken_by(host, port) is None), 0)


def _owner(port: int) -> str | None:
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return None
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            try:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
            except (psutil.Error, TypeError, ValueError):
                return "another program"
    return None
