"""“No more reminders”: the short link in every reminder. Opening it changes nothing (scanners open links); one button does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from customers.models import Customer
from outreach import domain as outreach
from outreach import queries
from portal.access import own_link


@require_http_methods(["GET", "HEAD", "POST"])
@own_link(outreach.customer_of)
def stop(request: HttpRequest, customer: Customer, token: str) -> HttpResponse:
    """Asks once, then it is done; pressed twice, or opened again later, it says that it is done."""
    if request.method == "POST":
        outreach.opt_out(customer, by=Actor.customer(customer.pk), evidence="link in a reminder")
    stopped = not queries.allowed_channels([customer.pk])
    return render(request, "portal/stop.html", {"store": customer.store, "stopped": stopped, "token": token})
