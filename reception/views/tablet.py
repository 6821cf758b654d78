"""What a tablet sends by itself when it has a connection again, and the worker that keeps its pages meanwhile.

Answers are JSON for `static/js/outbox.js`: {"state": "kept", "url"}, or {"state": "invalid" | "conflict", "text"}.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django import forms
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.web import UNPROCESSABLE
from reception import domain as reception
from reception import queries
from reception.domain import Parcel
from reception.forms import PhotoForm
from reception.rules import LONGEST_KEPT
from reception.views.found import find_visit
from reception.views.sheet import after_sheet, keep_sheet, sheet_form
from stores.access import requires

ABOUT_THE_PARCEL = {"csrfmiddlewaretoken", "token", "kept_seconds"}
CONFLICT = 409


class ParcelForm(forms.Form):
    """The token of a parcel and how long it lay on the tablet. A clock that says nonsense is not the advisor's fault."""

    token = forms.UUIDField()
    kept_seconds = forms.CharField(required=False)

    def clean_kept_seconds(self) -> int:
        text = self.cleaned_data["kept_seconds"]
        return min(int(text[:12]), int(LONGEST_KEPT.total_seconds())) if text.isdecimal() else 0


@require_POST
@requires("reception.check_in")
def send_sheet(request, visit_pk):
    """Take in the walk-around sheet, once however often it is sent."""
    visit = find_visit(visit_pk)
    form, parcel = sheet_form(request, visit, queries.sheet_of(visit)), ParcelForm(request.POST)
    if not (parcel.is_valid() and form.is_valid()):
        return _invalid(parcel, form)
    sent = Parcel(digest=_digest(request.POST), **parcel.cleaned_data)
    return _answer(lambda: keep_sheet(request, visit, form, parcel=sent), after_sheet(visit))


@require_POST
@requires("reception.check_in")
def send_photo(request, visit_pk):
    """Take in one picture, once however often it is sent."""
    visit = find_visit(visit_pk)
    form, parcel = PhotoForm(request.POST, request.FILES), ParcelForm(request.POST)
    if not (parcel.is_valid() and form.is_valid()):
        return _invalid(parcel, form)
    picture = reception.PhotoInput(
        form.cleaned_data["photos"][0], form.cleaned_data["kind"], parcel=Parcel(**parcel.cleaned_data)
    )
    return _answer(
        lambda: reception.add_photos(visit, photos=[picture], by=request.staff)[0],
        lambda photo: reverse("visits:photo", args=[photo.pk]),
    )


@require_safe
@cache_control(no_cache=True)
def worker(request) -> HttpResponse:
    """The service worker's script. It lies in the folder of the pages it serves: that is as far as browsers let it reach."""
    found = finders.find("js/reception_worker.js")
    if not found:
        raise Http404
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")


def _digest(posted) -> str:
    """A fingerprint of what a sheet says, however its fields are ordered."""
    rows = sorted((name, values) for name, values in posted.lists() if name not in ABOUT_THE_PARCEL)
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def _answer(act, url) -> JsonResponse:
    try:
        made = act()
    except DomainError as error:
        state = "conflict" if error.status == CONFLICT else "invalid"
        return JsonResponse({"state": state, "text": str(error), "code": error.code}, status=error.status)
    return JsonResponse({"state": "kept", "url": url(made) if callable(url) else url})


def _invalid(*filled) -> JsonResponse:
    texts = [str(text) for form in filled for texts in form.errors.values() for text in texts]
    return JsonResponse({"state": "invalid", "text": " ".join(texts)}, status=UNPROCESSABLE)
