"""Amends on the spot, in half a minute."""

from __future__ import annotations

from django.contrib import messages
from django.utils.translation import gettext as _

from complaints import domain as complaints
from complaints import queries
from complaints.forms import ComfortForm
from core import web
from core.errors import DomainError
from core.money import format_money
from stores.access import requires


@requires("complaints.comfort")
def comfort(request):
    """Plate or its tail, what is given, what it is worth, why."""
    staff = request.staff
    form = ComfortForm(request.POST or None, initial={"plate": request.GET.get("plate", "")})

    def give(data):
        visit = queries.visit_of_plate(data.pop("plate"))
        if visit is None:
            raise DomainError(_("No car of the last half year fits this plate, or several do; type more of it."))
        return complaints.grant_comfort(visit, by=staff, **data)

    def done(row):
        messages.success(
            request, _("Given: %(what)s, ¥%(sum)s.") % {"what": row.get_kind_display(), "sum": format_money(row.amount)}
        )
        return web.back_url(request)

    context = {"frame": web.frame(request), "limit": queries.comfort_limit(staff)}
    return web.handle(request, form, give, template="complaints/comfort.html", context=context, done=done)
