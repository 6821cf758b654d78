"""Keys of other systems, for the managers of the stores they work for."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from api import domain as api
from api.domain import PERMISSION
from api.forms import KeyForm
from api.models import ApiKey, KeyGrant
from core import web
from stores.access import requires


def _managed(request) -> list:
    """The person's rows in the stores whose keys he manages."""
    return [person for person in request.all_staff if person.may(PERMISSION)]


def _keys(request):
    """Keys that work for one of his stores, with all their stores, the newest first."""
    # Grants of his other stores are outside the page's scope, which is the one store he works in.
    grants = KeyGrant._base_manager
    mine = grants.filter(store__in=[person.store_id for person in _managed(request)]).values("key")
    every = Prefetch("grants", grants.select_related("store").order_by("store__code"))
    return ApiKey.objects.filter(pk__in=mine).select_related("created_by").prefetch_related(every).order_by("-pk")


@requires(PERMISSION)
def key_list(request):
    return render(request, "api/keys.html", {"page": web.page_of(request, _keys(request))})


@requires(PERMISSION)
def new_key(request):
    people = _managed(request)

    def issued(result):
        key, secret = result
        response = render(request, "api/issued.html", {"key": key, "secret": secret})
        # Shown once: no copy in the browser's history or in a proxy.
        response["Cache-Control"] = "no-store"
        return response

    return web.handle(
        request,
        KeyForm(stores=[person.store for person in people]),
        lambda data: api.issue_key(by=people, **data),
        template="api/new_key.html",
        done=issued,
    )


@requires(PERMISSION)
def withdraw(request, pk):
    key = _keys(request).filter(pk=pk).first()
    if key is None:
        raise Http404
    return web.act(request, lambda: api.withdraw_key(key, by=_managed(request)), done=reverse("api:keys"))
