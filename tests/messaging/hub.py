"""A message hub to send to: a real HTTP server that counts what it is handed, checks the signature and can misbehave.

It does not recognise doubles: handed over twice is counted twice.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SECRET = "hub-secret"


class Hub(ThreadingHTTPServer):
    """`behave(key, body)` may return (status, json, headers) to answer instead of accepting; `delay` seconds per call;
    `forget` makes it answer look-ups with 404."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.handed: Counter[str] = Counter()
        self.bodies: dict[str, dict] = {}
        self.refused_signatures = 0
        self.asked: Counter[str] = Counter()
        self.behave = None
        self.delay = 0.0
        self.break_after_accepting = False
        self.lock = threading.Lock()
        self.first = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/messages"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._signed(raw):
            return self._answer(401, {})
        data = json.loads(raw)
        if self.server.behave and (answer := self.server.behave(data["key"], data)):
            return self._answer(*answer)
        with self.server.lock:
            self.server.handed[data["key"]] += 1
            self.server.bodies[data["key"]] = data
        self.server.first.set()
        time.sleep(self.server.delay)
        if self.server.break_after_accepting:
            self.close_connection = True
            self.connection.close()
            return None
        return self._answer(202, {"id": f"hub-{data['key']}"})

    def do_GET(self):
        key = parse_qs(urlsplit(self.path).query)["key"][0]
        if not self._signed(key.encode()):
            return self._answer(401, {})
        with self.server.lock:
            self.server.asked[key] += 1
            known = self.server.handed[key]
        return self._answer(200, {"state": "accepted"}) if known else self._answer(404, {})

    def _signed(self, raw: bytes) -> bool:
        good = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        if hmac.compare_digest(good, self.headers.get("X-Signature", "")):
            return True
        self.server.refused_signatures += 1
        return False

    def _answer(self, status: int, data: dict, headers: dict | None = None) -> None:
        body = json.dumps(data).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the caller died, as some tests want

    def log_message(self, *args):
        pass


@contextmanager
def running_hub():
    hub = Hub()
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()
