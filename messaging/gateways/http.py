"""A message hub of the group's own, by HTTP: one POST per message, and a GET that says what became of it.

POST {MESSAGE_HTTP_URL}: JSON with key, channel, to, subject, body; header `X-Signature` = HMAC-SHA256 of the raw body in hex.
Answers: 200/202 {"id": "..."}; 429 and 503 = later (`Retry-After` is heard); other 4xx = refused. Anything else, and a
connection that breaks after the request went out, is unclear. GET {MESSAGE_HTTP_URL}?key=...: 200 {"state": "accepted"|"delivered"},
404 = never seen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from functools import cached_property

import httpx
from django.conf import settings

from messaging.gateways.base import Found, Outcome, Result, key_of
from messaging.models import Message

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
# The provider never saw these: the request did not leave.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_STATES = {"accepted": Found.ACCEPTED, "delivered": Found.DELIVERED}


class HttpGateway:
    """`same_twice` is False: the hub is not trusted to know a key again, it is asked."""

    same_twice = False

    @cached_property
    def client(self) -> httpx.Client:
        # One per process: making a TLS context for every message costs more than sending it.
        return httpx.Client(timeout=TIMEOUT, trust_env=False)

    def send(self, message: Message) -> Outcome:
        raw = json.dumps(
            {
                "key": key_of(message),
                "channel": message.channel,
                "to": message.to,
                "subject": message.subject,
                "body": message.body,
            },
            ensure_ascii=False,
        ).encode()
        try:
            answer = self.client.post(
                settings.MESSAGE_HTTP_URL,
                content=raw,
                headers={"Content-Type": "application/json", "X-Signature": _sign(raw)},
            )
        except _NOT_SENT as error:
            return Outcome(Result.LATER, error=type(error).__name__)
        except httpx.HTTPError as error:
            return Outcome(Result.UNCLEAR, error=type(error).__name__)
        return _read(answer)

    def look_up(self, message: Message) -> Found:
        key = key_of(message)
        try:
            answer = self.client.get(
                settings.MESSAGE_HTTP_URL,
                params={"key": key},
                headers={"X-Signature": _sign(key.encode())},
            )
            if answer.status_code == httpx.codes.NOT_FOUND:
                return Found.ABSENT
            return _STATES.get(answer.json().get("state"), Found.UNCLEAR) if answer.is_success else Found.UNCLEAR
        except (httpx.HTTPError, ValueError, AttributeError):
            return Found.UNCLEAR


def _read(answer: httpx.Response) -> Outcome:
    status = answer.status_code
    if answer.is_success:
        try:
            return Outcome(Result.ACCEPTED, provider_id=str(answer.json()["id"])[:80])
        except (ValueError, KeyError, TypeError):
            return Outcome(Result.UNCLEAR, error="bad_answer")
    if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        seconds = answer.headers.get("Retry-After", "")
        return Outcome(
            Result.LATER,
            error=f"http_{status}",
            retry_after=timedelta(seconds=min(int(seconds), 3600)) if seconds.isdecimal() else None,
        )
    return Outcome(Result.REFUSED if answer.is_client_error else Result.UNCLEAR, error=f"http_{status}")


def _sign(raw: bytes) -> str:
    return hmac.new(settings.MESSAGE_HTTP_SECRET.encode(), raw, hashlib.sha256).hexdigest()


gateway = HttpGateway()
