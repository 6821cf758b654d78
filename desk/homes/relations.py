"""Homes of those who speak with customers afterwards: customer relations, and the sales department's liaison."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.queries import waiting_for_sales
from desk import queries
from desk.homes.figures import figure, promises_kept, reminder_calls
from desk.homes.sections import section
from stores.models import Staff


def customer_relations(staff: Staff) -> dict:
    calls, cases = queries.calls_due(staff), queries.open_cases()
    return {
        "title": _("Calls and cases"),
        "primary": {"url": reverse("followups:queue"), "label": _("Next call"), "icon": "telephone-outbound"},
        "figures": [
            figure(_("Calls due"), len(calls), "warn", reverse("followups:queue")),
            *reminder_calls(staff),
            figure(_("Open cases"), len(cases), "warn", reverse("complaints:inbox")),
            *promises_kept(staff),
        ],
        "sections": [
            section("calls", "calls", _("Calls due"), calls, _("No call is due.")),
            section("cases", "cases", _("Open cases by clock"), cases, _("No case is open.")),
        ],
    }


def sales_liaison(staff: Staff) -> dict:
    told, cases = list(waiting_for_sales()[:50]), queries.open_cases()
    return {
        "title": _("Problems and results of our buyers"),
        "primary": {"url": reverse("complaints:sales"), "label": _("Cases for sales"), "icon": "arrow-return-left"},
        "figures": [
            figure(_("To answer"), len(told), "warn", reverse("complaints:sales")),
            figure(_("Open cases"), len(cases), "warn", "#cases"),
        ],
        "sections": [
            section("sales", "sales", _("To answer within three working days"), told, _("No case waits for sales.")),
            section("cases", "cases", _("Open cases"), cases, _("No case is open.")),
        ],
    }
