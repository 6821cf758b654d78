"""Who asks: another system, by its key in the header `Authorization: Bearer dms_…`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from api import domain
from api.models import ApiKey, KeyGrant
from core.actors import Actor
from stores.models import Store


@dataclass(frozen=True)
class Caller:
    """The key that asks, and the stores it may ask about. Stands where DRF expects a user."""

    key: ApiKey
    stores: dict[int, Store]
    is_authenticated = True

    @property
    def pk(self) -> int:
        return self.key.pk

    @property
    def actor(self) -> Actor:
        return self.key.actor

    def may(self, scope: str) -> bool:
        return scope in self.key.scopes


class KeyAuthentication(BaseAuthentication):
    """Finds the caller in one query. A session cookie counts for nothing here: nobody is led into a write by a page."""

    def authenticate(self, request):
        scheme, _blank, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        caller = _caller(secret.decode("ascii", "replace").strip())
        domain.note_use(caller.key)
        return caller, caller.key

    def authenticate_header(self, request):
        return 'Bearer realm="api"'


def _caller(secret: str) -> Caller:
    parts = secret.split("_", 2)
    prefix = parts[1] if len(parts) == 3 and parts[0] == domain.BRAND else ""
    # A NUL would be refused by the database, and no key has one.
    grants = (
        list(KeyGrant._base_manager.filter(key__prefix=prefix).select_related("key", "store"))
        if (prefix.isalnum())
        else []
    )
    # Compared even when nothing was found: how long it takes tells nobody whether a prefix exists.
    expected = grants[0].key.secret_sha256 if grants else ""
    if not constant_time_compare(expected, domain.digest(secret)):
        raise AuthenticationFailed(_("This key is not known."), code="unknown_key")
    key = grants[0].key
    if key.state == "revoked":
        raise AuthenticationFailed(_("This key was withdrawn by the store."), code="key_revoked")
    if key.state == "expired":
        raise AuthenticationFailed(_("This key has expired."), code="key_expired")
    return Caller(key, {grant.store_id: grant.store for grant in grants})


class KeyScheme(OpenApiAuthenticationExtension):
    """How the description of the API names it."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key that a manager of the store issues at /api/keys/. It is bound to stores and rights.",
        }
