"""Every refusal of the API is an `application/problem+json` document (RFC 9457), whoever raised it."""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.response import Response

from core.errors import DomainError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# Names of the statuses, the same in every language: `detail` is the sentence for people.
TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Refused",
    429: "Too many requests",
    500: "Server error",
}
# After these the same request may succeed if it is repeated.
RETRYABLE = {429, 500}


class NotHere(exceptions.NotFound):
    """An id that the key's stores do not have. `pointer` is where in the body it stood."""

    def __init__(self, pointer: str = ""):
        self.pointer = pointer
        super().__init__(_("There is no such object in the stores of this key."))


def problem(status_code: int, code: str, detail: str, **more) -> Response:
    """The document for a refusal; `more` are its further members (`errors`, `blockers`, `alternatives`)."""
    body = {
        "type": f"urn:aftersale:problem:{code}",
        "title": TITLES.get(status_code, "Refused"),
        "status": status_code,
        "detail": str(detail),
        "code": code,
        "retryable": status_code in RETRYABLE or code == "in_flight",
        **more,
    }
    return Response(body, status=status_code, content_type=MEDIA_TYPE)


def handle(error: Exception, context: dict) -> Response:
    """DRF's exception handler: turns whatever was raised into a problem."""
    if isinstance(error, DomainError):
        return _refusal(error)
    if isinstance(error, Http404):
        error = NotHere()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        return problem(413, "too_large", _("The request is larger than 10 MB."))
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError()
    if isinstance(error, APIException):
        return _from_drf(error)
    logger.exception("the API failed at %s", context["request"].path, exc_info=error)
    return problem(500, "server_error", _("Something went wrong here; nothing was changed."))


def _refusal(error: DomainError) -> Response:
    more = {}
    if blockers := getattr(error, "blockers", None):
        more["blockers"] = [str(blocker) for blocker in blockers]
    if slots := getattr(error, "alternatives", None):
        more["alternatives"] = [
            {"advisor": slot.advisor.pk, "start": slot.start.isoformat(), "end": slot.end.isoformat()} for slot in slots
        ]
    answer = problem(error.status, error.code, str(error), **more)
    if error.code == "in_flight":
        answer["Retry-After"] = "1"
    return answer


def _from_drf(error: APIException) -> Response:
    more, code, detail = {}, "refused", error.detail
    if isinstance(error, exceptions.ValidationError):
        code = "invalid"
        more["errors"] = list(_errors(detail, ""))
        detail = _("The request does not fit its description: %(places)s.") % {
            "places": ", ".join(dict.fromkeys(e.get("parameter") or e["pointer"] or "/" for e in more["errors"]))
        }
    elif isinstance(detail, ErrorDetail):
        code = detail.code
    if isinstance(error, NotHere) and error.pointer:
        more["errors"] = [{"pointer": error.pointer, "code": "not_found", "detail": str(detail)}]
    answer = problem(error.status_code, code, detail, **more)
    if header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = header
    if getattr(error, "wait", None):
        answer["Retry-After"] = str(max(int(-(-error.wait // 1)), 1))
    return answer


def _errors(detail, pointer: str):
    """One entry per error: where (a JSON pointer into the body, or the parameter's name), its code and its sentence."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            if name == "non_field_errors":
                yield from _errors(inner, pointer)
            elif str(name).startswith("?"):
                yield from ({**entry, "parameter": name[1:]} for entry in _errors(inner, ""))
            else:
                yield from _errors(inner, f"{pointer}/{_escaped(name)}")
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            if isinstance(inner, (dict, list)):
                yield from _errors(inner, f"{pointer}/{place}")
            else:
                yield {"pointer": pointer, "code": getattr(inner, "code", "invalid"), "detail": str(inner)}
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _escaped(name) -> str:
    # RFC 6901.
    return str(name).replace("~", "~0").replace("/", "~1")
