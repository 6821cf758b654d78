"""Signing in, and the gallery of components for those who build pages."""

from __future__ import annotations

from functools import wraps

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core import gallery as samples
from core.errors import Conflict, GateClosed
from core.forms import SignInForm
from core.web import UNPROCESSABLE, act, frame, handle, polled


class SignIn(LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = UNPROCESSABLE
        return response


def for_builders(view):
    """Open to everyone while developing, otherwise to superusers only; for others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if not (settings.DEBUG or request.user.is_superuser):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_builders
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; posting the form shows its errors or its success."""
    form = samples.GalleryForm(version=3)
    context = {**samples.components(), "filters": samples.GalleryFilter(request.GET), "nav": samples.nav(request.path)}
    return handle(request, form, samples.pretend, template="_gallery.html", context=context, done=request.path)


@for_builders
def gallery_portal(request: HttpRequest) -> HttpResponse:
    return render(request, "_gallery_portal.html", {**samples.components(), "store": samples.STORE})


@for_builders
def gallery_print(request: HttpRequest) -> HttpResponse:
    return render(request, "_gallery_print.html", {"store": samples.STORE, **samples.sheet()})


@for_builders
def gallery_dialog(request: HttpRequest) -> HttpResponse:
    return render(request, "_gallery_dialog.html", {"frame": frame(request), "nav": samples.nav(request.path)})


@for_builders
def gallery_poll(request: HttpRequest) -> HttpResponse:
    return polled(request, samples.POLL_VERSION, lambda: render(request, "_gallery_poll.html"))


@for_builders
def gallery_refused(request: HttpRequest) -> HttpResponse:
    """Two refusals to look at: by somebody who was first, and by a gate."""

    def refuse():
        if "gate" in request.POST:
            raise GateClosed(samples.components()["blockers"][:2])
        raise Conflict(_("Wang Fang assigned this job two minutes ago."))

    return act(request, refuse, done="gallery")
