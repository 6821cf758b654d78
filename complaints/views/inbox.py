"""Lists of cases: the inbox by its clocks, and what customers praised."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import queries
from complaints.choices import CaseState
from complaints.forms import CaseFilter
from core import web
from stores.access import requires

PER_PAGE = 50


@requires("complaints.work")
def inbox(request):
    """Open cases, those of this person, those he was warned of, those to re-check, or closed ones; nearest clock on top."""
    form = CaseFilter(request.GET or None, initial={"show": request.GET.get("show", "")})
    filters = form.cleaned_data if form.is_bound and form.is_valid() else {}
    show, staff = request.GET.get("show", ""), request.staff
    rows = {
        "mine": lambda: queries.inbox(owner=staff, filters=filters),
        "recheck": lambda: queries.inbox(filters={**filters, "state": CaseState.EXECUTED}),
        "closed": lambda: queries.closed_cases(filters=filters),
    }.get(show, lambda: queries.inbox(filters=filters))()
    context = {
        "page": web.page_of(request, rows, PER_PAGE),
        "tabs": _tabs(show, staff),
        "show": show,
        "filter": form,
        "reset_url": f"{reverse('complaints:inbox')}?show={show}" if show else reverse("complaints:inbox"),
        "warnings": queries.warnings_for(staff)[:20] if show != "closed" else [],
    }
    return render(request, "complaints/inbox.html", context)


def _tabs(show: str, staff) -> list[dict]:
    here = reverse("complaints:inbox")
    tabs = [
        {"label": _("Open cases"), "url": here, "active": show not in ("mine", "closed", "recheck")},
        {"label": _("Mine"), "url": f"{here}?show=mine", "active": show == "mine"},
        {"label": _("To re-check"), "url": f"{here}?show=recheck", "active": show == "recheck"},
        {"label": _("Closed"), "url": f"{here}?show=closed", "active": show == "closed"},
    ]
    if staff.may("complaints.approve"):
        tabs.append({"label": _("Plans to approve"), "url": reverse("complaints:approvals"), "active": False})
    return tabs


@requires("desk.home")
def praise(request):
    """What customers praised this person for, as a fragment for homes; empty where there is nothing."""
    return render(
        request,
        "complaints/_praise.html",
        {"praise": queries.praise_for(request.staff)},
    )
