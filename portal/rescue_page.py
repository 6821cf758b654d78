"""Help on the road on the customer's phone: asking for it, sending the position, seeing who comes.

The public form needs no account; the job's page is opened by its link. A position is sent only when the customer taps, and the
page says how long it is kept.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from appointments.domain import Caller
from core import limits
from core.errors import DomainError
from core.web import SEE_OTHER, UNPROCESSABLE
from portal.access import own_link
from rescue import domain as rescuing
from rescue import queries
from rescue.choices import RescueChannel
from rescue.forms import RequestForm
from rescue.models import Rescue
from stores.access import in_store
from stores.models import Store

# Whoever stands at the roadside may try again; a machine may not. As for complaints, by address and by number.
PER_ADDRESS, PER_ADDRESS_SECONDS = 30, 3600
PER_PHONE, PER_PHONE_SECONDS = 5, 24 * 3600
TOO_MANY = 429


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, code: str) -> HttpResponse:
    """The store's public form, with the number of whoever is on duty for those who would rather call."""
    store = get_object_or_404(Store, code=code)
    with in_store(store), timezone.override(store.tz):
        if request.method != "POST":
            return _private(_form(request, store, RequestForm()))
        address = limits.client_ip(request)
        if limits.exceeded("rescue", address, limit=PER_ADDRESS, seconds=PER_ADDRESS_SECONDS):
            return _private(_form(request, store, RequestForm(request.POST), status=TOO_MANY))
        return _private(_asked(request, store))


def _asked(request: HttpRequest, store: Store) -> HttpResponse:
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _form(request, store, form, status=UNPROCESSABLE)
    data = dict(form.cleaned_data)
    caller = Caller(name=data.pop("name"), phone=data.pop("phone"), plate=data.pop("plate"))
    if limits.exceeded("rescue-phone", f"{store.pk}:{caller.phone}", limit=PER_PHONE, seconds=PER_PHONE_SECONDS):
        return _form(request, store, form, status=TOO_MANY)
    try:
        _job, link = rescuing.request_help(store=store, caller=caller, channel=RescueChannel.WEB, **data)
    except DomainError as error:
        form.add_error(None, str(error))
        return _form(request, store, form, status=error.status)
    # Sent twice: the page of the first one is open already, and its link went out by message.
    target = (
        reverse("portal:rescue", args=[link]) if link else reverse("portal:rescue_call", args=[store.code]) + "?sent=1"
    )
    return HttpResponseRedirect(target, status=SEE_OTHER)


def _form(request, store: Store, form: RequestForm, *, status: int = 200) -> HttpResponse:
    context = {
        "store": store,
        "form": form,
        "duty": next(iter(queries.on_duty()), None),
        "limited": status == TOO_MANY,
        "sent": "sent" in request.GET,
    }
    return render(request, "portal/rescue_call.html", context, status=status)


def _found(token: str) -> Rescue | None:
    return queries.by_token(token)


@require_http_methods(["GET", "HEAD", "POST"])
@own_link(_found)
def rescue(request: HttpRequest, job: Rescue, **kwargs) -> HttpResponse:
    """Where his job stands; posting sends his position."""
    if request.method == "POST":
        rescuing.locate(
            job,
            latitude=request.POST.get("latitude", ""),
            longitude=request.POST.get("longitude", ""),
            write_token=request.POST.get("write_token", ""),
        )
        return HttpResponseRedirect(request.path, status=SEE_OTHER)
    context = {"store": job.store, "job": job, "duty": next(iter(queries.on_duty()), None)}
    if job.is_open:
        context["write_token"] = rescuing.offer_position(job)
    return render(request, "portal/rescue.html", context)


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response
