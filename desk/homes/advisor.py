"""An advisor's home: his own cars by what they wait for."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from desk import queries
from desk.homes.figures import figure, promises_kept
from desk.homes.sections import cars
from stores.models import Staff


def advisor(staff: Staff) -> dict:
    lists = queries.advisor_day(staff)
    return {
        "title": _("My cars today"),
        "primary": {"url": reverse("reception:arrive"), "label": _("A car arrives"), "icon": "box-arrow-in-right"},
        "figures": [
            figure(_("Arriving"), len(lists["arriving"]), url="#arriving"),
            figure(_("In the store"), len(lists["all"]), url="#all"),
            figure(_("Promise at risk"), len(lists["at_risk"]), "bad", "#at_risk"),
            figure(_("Must hear from us"), len(lists["silence"]), "warn", "#silence"),
            *promises_kept(staff, advisor=staff),
        ],
        "sections": _sections(lists),
    }


def _sections(lists: dict[str, list]) -> list[dict]:
    texts = {
        "at_risk": (_("Promise at risk or late"), _("No promise is in danger."), "bad"),
        "silence": (_("Must hear from us now"), _("Everyone was told lately."), "warn"),
        "asked": (_("Waiting for the customer's word"), _("No approval is open."), "warn"),
        "parts_here": (_("Ordered parts are here"), "", "info"),
        "waiting": (_("Waiting for me"), _("Nobody stands at the counter."), ""),
        "handover": (_("Ready to hand over"), _("No car is ready yet."), ""),
        "arriving": (_("Arriving today"), _("No more bookings today."), ""),
        "all": (_("All my cars in the store"), _("None of your cars is in the store."), ""),
    }
    # A list that has nothing to say when it is empty is left out.
    return [
        cars(key, title, lists[key], empty, tone) for key, (title, empty, tone) in texts.items() if lists[key] or empty
    ]
