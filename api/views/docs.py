"""The API's description: for programs, and as a page to read and try. Neither needs anything from outside."""

from __future__ import annotations

from functools import cache

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

YAML, JSON = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"


@cache
def document() -> dict:
    """The OpenAPI document; the same whoever asks, in whatever language, as long as the process lives."""
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


@cache
def text() -> str:
    """The same as YAML: what is served, and what stands in docs/openapi.yaml."""
    return OpenApiYamlRenderer().render(document(), renderer_context={}).decode()


@require_safe
def schema(request):
    """OpenAPI 3.1 as YAML; as JSON for who asks for JSON."""
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse(document(), content_type=JSON)
    return HttpResponse(text(), content_type=f"{YAML}; charset=utf-8")


@require_safe
def docs(request):
    return render(request, "api/docs.html")
