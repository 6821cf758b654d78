"""The key that asks."""

from __future__ import annotations

from rest_framework import serializers


class OwnStore(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    zone = serializers.CharField(help_text="Time zone, for example Asia/Shanghai.")
    slot_minutes = serializers.IntegerField()


class OwnKey(serializers.Serializer):
    name = serializers.CharField(source="key.name")
    prefix = serializers.CharField(source="key.prefix")
    scopes = serializers.ListField(source="key.scopes", child=serializers.CharField())
    expires_at = serializers.DateTimeField(source="key.expires_at", allow_null=True)
    stores = OwnStore(many=True)
    server_time = serializers.DateTimeField(help_text="To compare clocks.")
