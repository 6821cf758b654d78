"""Plumbing between a page and a domain function: post, refuse readably, redirect, poll.

A view fetches with permission, builds a form and hands both to `handle`; a button without a form goes through `act`.
What the domain refuses (a `DomainError`) comes back as a sentence with its status, in the form, as a toast, or as a page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django_htmx.http import HttpResponseClientRedirect

from core.errors import DomainError

SEE_OTHER = 303
UNPROCESSABLE = 422
STOP_POLLING = 286

Done = str | Callable[[Any], "str | HttpResponseBase"]


def handle(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[dict], Any],
    *,
    template: str,
    context: dict | None = None,
    done: Done,
    fragment: str | None = None,
) -> HttpResponseBase:
    """Show a form, or validate it and do `act(form.cleaned_data)`.

    GET renders `template` with `form` (200). A POST that does not validate renders it again with what was typed (422);
    what the domain refuses becomes an error of the form with the refusal's own status. Success leads to `done`: an
    address, or a function of what `act` returned giving an address or a whole response.
    htmx requests get `fragment` instead of `template` where one is named.
    """
    context = {**(context or {}), "form": form}
    page = fragment if fragment and is_htmx(request) else template
    if request.method != "POST":
        return render(request, page, context)
    _bind(form, request)
    if not form.is_valid():
        return render(request, page, context, status=UNPROCESSABLE)
    try:
        result = act(form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error))
        context["blockers"] = getattr(error, "blockers", [])
        return render(request, page, context, status=error.status)
    return finish(request, done, result)


def act(request: HttpRequest, fn: Callable[[], Any], *, done: Done) -> HttpResponseBase:
    """Do what a one-button POST asks for; other methods are refused (405).

    A refusal is answered with its status (see `refuse`) and nothing was changed. Success leads to `done` as in `handle`.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        result = fn()
    except DomainError as error:
        return refuse(request, error)
    return finish(request, done, result)


def finish(request: HttpRequest, done: Done, result: Any = None) -> HttpResponseBase:
    """Go where a success leads: an address, or what `done(result)` answers."""
    target = done(result) if callable(done) else done
    if isinstance(target, HttpResponseBase):
        return target
    return htmx_redirect(request, str(target))


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The refusal as a toast for htmx, else as a page with a way back; both carry the refusal's status."""
    context = {
        "error": error,
        "text": str(error),
        "level": "error",
        "blockers": getattr(error, "blockers", []),
        "back": back_url(request),
    }
    if is_htmx(request):
        response = render(request, "_components/toast.html", context, status=error.status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        return response
    return render(request, "409.html", context, status=error.status)


def htmx_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`: 303, or HX-Redirect where htmx asked (it would swallow a 303 into the fragment)."""
    if is_htmx(request):
        return HttpResponseClientRedirect(url)
    response = HttpResponse(status=SEE_OTHER)
    response["Location"] = url
    return response


def toast(response: HttpResponse, text: str, level: str = "success") -> HttpResponse:
    """Let a fragment's answer also show a short notice; level is success, info, warning or error."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": str(text), "level": level}})
    return response


def polled(
    request: HttpRequest, etag: object, render: Callable[[], HttpResponse], *, stop: bool = False
) -> HttpResponse:
    """Answer a fragment that a page asks for every few seconds.

    `etag` is anything whose text changes when the fragment does (a version, a count with the newest change); it is looked
    at before `render` is called, so an unchanged board costs one query. Answers 304 without body while unchanged.
    `stop=True` renders a last time with 286, which ends htmx's polling.
    """
    # The same rows read differently in another language, so the language is part of what is compared.
    tag = f'"{etag}-{get_language()}"'
    if not stop and _matches(request.headers.get("If-None-Match", ""), tag):
        response = HttpResponse(status=304)
    else:
        response = render()
        if stop:
            response.status_code = STOP_POLLING
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def page_of(request: HttpRequest, rows: QuerySet, per_page: int = 25) -> Page:
    """The page of `rows` that `?page=` names; a page that does not exist gives the nearest one."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def frame(request: HttpRequest) -> str:
    """Base template of a view that is a dialog for htmx and a page of its own otherwise: `{% extends frame %}`."""
    return "_components/dialog.html" if is_htmx(request) else "_components/page_frame.html"


def back_url(request: HttpRequest, default: str = "/") -> str:
    """The page of this site the person came from; never an address of another site."""
    referer = request.META.get("HTTP_REFERER", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return referer
    return default


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asked for a fragment; the back button's history reload is a full page."""
    details = getattr(request, "htmx", None)
    return bool(details) and not details.history_restore_request


class RefusalMiddleware:
    """Any page whose view lets a DomainError through answers with its sentence and status, never with a 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, DomainError):
            return refuse(request, exception)
        return None


def _bind(form: BaseForm, request: HttpRequest) -> None:
    # `Form(request.POST or None)` stays unbound when nothing but a header was posted; that is still a post.
    if not form.is_bound:
        form.data, form.files, form.is_bound = request.POST, request.FILES, True


def _matches(header: str, tag: str) -> bool:
    return any(candidate.strip().removeprefix("W/") in (tag, "*") for candidate in header.split(","))
