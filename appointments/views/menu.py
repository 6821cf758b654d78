"""Which of the store's operations customers and the desk can choose when they book."""

from __future__ import annotations

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import domain as appointments
from appointments import sheets
from appointments.forms import MenuForm
from appointments.views.calendar import MANAGE, tabs
from core.web import handle
from stores.access import requires


@requires(MANAGE)
def menu(request):
    """The operations in groups, those on the booking menu ticked; saved as one list."""
    store = request.staff.store
    groups = sheets.menu_choice(store)
    form = MenuForm(request.POST or None, groups=groups)
    return handle(
        request,
        form,
        lambda data: appointments.set_menu(store, add=data["add"], remove=data["remove"], by=request.staff),
        template="appointments/calendar/menu.html",
        context={"tabs": tabs("menu"), "on_menu": sum(item.operation.bookable for g in groups for item in g.items)},
        done=lambda made: _saved(request),
    )


def _saved(request) -> str:
    messages.success(request, _("Saved."))
    return reverse("appointments:menu")
