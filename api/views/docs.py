"""The API's description: for programs, and as a page to read and try. Neither needs anything from outside."""

from __future__ import annotations

from django.shortcuts import render
from drf_spectacular.views import SpectacularAPIView


class Schema(SpectacularAPIView):
    """OpenAPI 3.1; YAML, or JSON for who asks for it."""

    authentication_classes: list = []
    permission_classes: list = []
    schema = None


def docs(request):
    return render(request, "api/docs.html")
