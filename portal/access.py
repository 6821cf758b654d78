"""The customer's door: his link opens one visit for reading, in his language, and tells nobody where he came from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls.converters import StringConverter
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.errors import DomainError
from portal import queries
from stores.access import in_store

GONE = 410
STATUS_OF = {"token_expired": GONE}
YEAR = 365 * 24 * 3600


class LinkToken(StringConverter):
    """A link's token in an address: 43 URL-safe characters."""

    regex = "[A-Za-z0-9_-]{43}"


def customer_page(view: Callable) -> Callable:
    """Guard a view by the link's token: it gets the link (with its visit) and runs in the store's scope and time zone.

    An unknown link is 404, a revoked one 410; what the domain refuses becomes a page of its own. Django's CSRF check is
    left out: these pages send no referrer, so browsers send no origin either, and every write carries a secret of its own,
    made for that one answer (the write token).
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs):
        if language := _wished_language(request):
            return _sealed(_remember(request, language))
        link = queries.link_of(token)
        if link is None:
            return _sealed(_unknown(request))
        store = link.visit.store
        with in_store(store), timezone.override(store.tz):
            if link.revoked_at:
                return _sealed(_revoked(request, store))
            try:
                return _sealed(view(request, link, **kwargs))
            except DomainError as error:
                return _sealed(refusal(request, error, link=link, token=token))

    return guarded


def own_link(find: Callable) -> Callable:
    """Guard a view by a link of its own: `find(token)` gives the row it opens (with its `store`), or None for 404.

    Language, scope, time zone and secrecy as in `customer_page`. Whether the row may still be used is the view's to say.
    """

    def decorate(view: Callable) -> Callable:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **kwargs):
            if language := _wished_language(request):
                return _sealed(_remember(request, language))
            row = find(token)
            if row is None:
                return _sealed(_unknown(request))
            with in_store(row.store), timezone.override(row.store.tz):
                return _sealed(view(request, row, token=token, **kwargs))

        return guarded

    return decorate


def refusal(request: HttpRequest, error: DomainError, *, link, token: str) -> HttpResponse:
    """What was not done, why, and the way back to the visit as it is now."""
    return render(
        request,
        "portal/refused.html",
        {
            "store": link.visit.store,
            "token": token,
            "text": str(error),
            "code": error.code,
        },
        status=STATUS_OF.get(error.code, error.status),
    )


def _sealed(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no referrer, no index, no copy on the way."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "portal/no_link.html",
        {
            "title": _("We do not know this link"),
            "text": _("Perhaps a part of it is missing. Open it from our message again, or call us."),
        },
        status=404,
    )


def _revoked(request: HttpRequest, store) -> HttpResponse:
    return render(
        request,
        "portal/no_link.html",
        {
            "store": store,
            "title": _("This link is no longer valid"),
            "text": _("Call us, and we send you a new one."),
        },
        status=GONE,
    )


def _wished_language(request: HttpRequest) -> str:
    """`?lang=en`, from the page's language switch: a plain link, because these pages work without scripts and cookies of
    a form."""
    wished = request.GET.get("lang", "")
    return wished if wished in dict(settings.LANGUAGES) else ""


def _remember(request: HttpRequest, language: str) -> HttpResponse:
    response = HttpResponseRedirect(request.path)
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
