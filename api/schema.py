"""How the endpoints describe themselves (OpenAPI 3.1): parameters, bodies, answers, and every refusal."""

from __future__ import annotations

from functools import cache

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from api.strict import Strict

PROBLEM = "application/problem+json"
WRITES = ("POST", "PATCH")
# Why each refusal comes; the numbers of any operation are chosen in `Description._refusals`.
REASONS = {
    400: "The request does not fit its description; `errors` names each place.",
    401: "No key, or one that is not known, withdrawn or expired.",
    403: "The key lacks the right, or the store's rules forbid it.",
    404: "There is no such object in the stores of this key.",
    406: "The answer is wanted in a form that is not offered; JSON is.",
    409: "Somebody was first: a slot is taken, a version is stale, the same Idempotency-Key is in flight.",
    413: "The body is larger than 10 MB.",
    415: "The body is not JSON.",
    422: "The store's rules refuse it, or the Idempotency-Key belongs to another request.",
    429: "More requests in this minute than a key may make; `Retry-After` says when to go on.",
}


class ProblemError(serializers.Serializer):
    """One place that is wrong."""

    pointer = serializers.CharField(help_text="JSON pointer into the body; empty for a parameter.")
    parameter = serializers.CharField(required=False, help_text="Name of the parameter of the address.")
    code = serializers.CharField()
    detail = serializers.CharField()


class FreeSlot(serializers.Serializer):
    """A slot that may be had instead."""

    advisor = serializers.IntegerField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class Problem(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField(help_text="urn:aftersale:problem: and the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence that says what to do, in the language of Accept-Language.")
    code = serializers.CharField(help_text="For programs; new codes may come.")
    retryable = serializers.BooleanField(help_text="The same request may succeed later.")
    request_id = serializers.CharField(help_text="The header X-Request-Id of request and answer.")
    errors = ProblemError(many=True, required=False)
    blockers = serializers.ListField(child=serializers.CharField(), required=False, help_text="What is still missing.")
    alternatives = FreeSlot(many=True, required=False, help_text="Instead of a slot that cannot be had.")


@cache
def page_of(row: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The serializer of a page of `row`."""
    fields = {
        "items": row(many=True),
        "next": serializers.CharField(allow_null=True, help_text="Address of the next page; null on the last one."),
        "__doc__": "A page, by ascending id.",
    }
    return type(f"{row.__name__}Page", (serializers.Serializer,), fields)


class Description(AutoSchema):
    """Reads what an endpoint says about itself in its class attributes; see `api.endpoints.Endpoint`."""

    def get_operation_id(self) -> str:
        return self.view.names[self.method]

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_description(self) -> str:
        handler = getattr(self.view, self.method.lower())
        text = " ".join((handler.__doc__ or self.view.__doc__ or "").split())
        scope = self.view.scopes.get(self.method)
        return f"{text} Needs the right `{scope}`." if scope else text

    def get_override_parameters(self) -> list:
        if self.method == "GET":
            return [self.view.query] if self.view.query._declared_fields else []
        return [
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                OpenApiParameter.HEADER,
                required=True,
                description="New for each write. The same key with the same request gets the same answer for 24 hours.",
            )
        ]

    def get_request_serializer(self):
        return self.view.takes.get(self.method)

    def get_response_serializers(self):
        row = self.view.gives[self.method]
        answer = page_of(row) if self.view.paged and self.method == "GET" else row
        made = self.method == "POST" and self.view.created
        return {
            (201 if made else 200): answer,
            **{(status, PROBLEM): OpenApiResponse(Problem, REASONS[status]) for status in self._refusals()},
        }

    def _refusals(self) -> list[int]:
        statuses = {400, 401, 403, 404, 406, 429}
        if self.method in WRITES:
            statuses |= {409, 413, 415, 422}
        return sorted(statuses)

    def _map_basic_serializer(self, serializer, direction):
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Strict):
            schema["additionalProperties"] = False
        return schema

    def get_filter_backends(self):
        return []

    def _get_paginator(self):
        return None


def share_refusals(result: dict, generator, request, public) -> dict:
    """Each refusal stands in the description once, and the operations point at it (a hook of drf-spectacular)."""
    shared = result["components"].setdefault("responses", {})
    for methods in result["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if PROBLEM in answer.get("content", {}):
                    shared[f"Refusal{status}"] = answer
                    operation["responses"][status] = {"$ref": f"#/components/responses/Refusal{status}"}
    result["components"]["responses"] = dict(sorted(shared.items()))
    return result
