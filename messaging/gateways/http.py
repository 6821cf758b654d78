"""A plain HTTP provider: one POST with the message and its dedupe key, so that the provider can refuse a second copy.

Used against an in-house relay or a fake in tests; the adapters of named providers follow the same contract.
"""

from __future__ import annotations

import hashlib
import hmac

import httpx
from django.conf import settings

from messaging.gateways import Receipt


class HttpGateway:
    def deliver(self, message) -> Receipt:
        """Post to MESSAGE_HTTP_URL, signed with MESSAGE_HTTP_SECRET. A time-out after the request went out is `unknown`:
        the provider may have taken it, and a second copy is worse than asking."""
        payload = {"to": message.to, "channel": message.channel, "body": message.body, "id": message.dedupe_key}
        signature = hmac.new(settings.MESSAGE_HTTP_SECRET.encode(), message.body.encode(), hashlib.sha256).hexdigest()
        try:
            answer = httpx.post(
                settings.MESSAGE_HTTP_URL, json=payload, headers={"X-Signature": signature}, timeout=5, trust_env=False
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Receipt("retry", error=str(error)[:300])
        except httpx.HTTPError as error:
            return Receipt("unknown", error=str(error)[:300])
        return _read(answer)


def _read(answer: httpx.Response) -> Receipt:
    if answer.status_code >= 500 or answer.status_code == 429:
        return Receipt("retry", error=f"HTTP {answer.status_code}")
    if answer.status_code >= 400:
        return Receipt("failed", error=f"HTTP {answer.status_code}")
    try:
        return Receipt("sent", provider_id=str(answer.json()["id"])[:80])
    except (ValueError, KeyError, TypeError):
        return Receipt("unknown", error="unreadable answer")


gateway = HttpGateway()
