"""The page of messages: everything that was written to customers, and what to do about what did not arrive."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import web
from messaging import domain as messaging
from messaging import queries
from messaging.choices import MessageStatus
from messaging.forms import MessageFilter
from messaging.models import Message
from stores.access import requires

PER_PAGE = 40


@requires("messaging.view")
def messages(request):
    """Newest first; filters stand in the address. A filter that makes no sense shows everything."""
    form = MessageFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = web.page_of(
        request,
        queries.messages(
            status=chosen.get("status", ""),
            channel=chosen.get("channel", ""),
            template=chosen.get("template", ""),
            text=chosen.get("q", ""),
        ),
        PER_PAGE,
    )
    for message in page:
        message.title, message.trouble = queries.title_of(message), queries.trouble_of(message)
        message.may_resend = message.status in queries.NEEDS_A_PERSON
        message.may_cancel = message.status == MessageStatus.PENDING
    context = {
        "form": form,
        "page": page,
        "trouble": queries.in_trouble(),
        "sees_phone": request.staff.may("customers.see_phone"),
    }
    return render(request, "messaging/list.html", context)


@requires("messaging.view")
def resend(request, pk):
    message = get_object_or_404(Message, pk=pk)
    return web.act(request, lambda: messaging.resend(message, by=request.staff), done=_back(request))


@requires("messaging.view")
def cancel(request, pk):
    message = get_object_or_404(Message, pk=pk)
    return web.act(request, lambda: messaging.cancel(message, by=request.staff), done=_back(request))


def _back(request) -> str:
    return web.back_url(request, reverse("messaging:list"))
