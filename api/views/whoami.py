"""What a key is told about itself."""

from __future__ import annotations

from rest_framework.response import Response

from api.endpoints import Endpoint
from api.serializers.keys import OwnKey
from core import clock


class Key(Endpoint):
    tag = "key"
    gives = {"GET": OwnKey}
    names = {"GET": "getKey"}

    def get(self, request):
        """The key itself: its stores, its rights, and until when it is valid. Needs no right."""
        stores = sorted(self.caller.stores.values(), key=lambda store: store.code)
        return Response(OwnKey({"key": self.caller.key, "stores": stores, "server_time": clock.now()}).data)
