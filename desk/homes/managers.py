"""Homes of those who answer for a store, or for several."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from checkout.queries import approvals_waiting
from complaints.queries import plans_waiting
from desk import queries
from desk.homes.figures import figure, promises_kept
from desk.homes.sections import cars, if_any, section
from orders.queries import open_discounts
from reports.queries.in_short import in_short, side_by_side
from reports.templatetags.reporting import figure_text
from stores.models import Staff
from visits.queries import unanswered_silence


def manager(staff: Staff) -> dict:
    today, cases = queries.store_today(staff.store), queries.open_cases()
    late = queries.late_visits(staff.store)
    return {
        "title": _("The store today"),
        "primary": {"url": reverse("desk:board"), "label": _("Live board"), "icon": "kanban"},
        "figures": [*_figures_of(today), figure(_("Open cases"), len(cases), "warn", "#cases"), *promises_kept(staff)],
        "known": _known(staff),
        "sections": [
            *_silent(),
            *_discounts(staff),
            *_approvals(staff),
            *_plans(staff),
            cars("late", _("Late or at risk"), late, _("No promise is late or in danger."), "bad"),
            section("cases", "cases", _("Open cases by clock"), cases, _("No case is open.")),
        ],
    }


def director(staff: Staff) -> dict:
    """The manager's home in five figures, with what is grave before everything else."""
    grave = queries.open_cases(severities=["L3", "L4"])
    context = manager(staff)
    # In the store, late, promises kept, open cases; and the remedies owed, for whoever may see them.
    context["figures"] = [context["figures"][place] for place in (0, 3, 2, 7)] + context["figures"][9:]
    context["sections"].insert(
        0, section("cases", "grave", _("Escalated and grave cases"), grave, _("No case is escalated."))
    )
    return context


def group_manager(staff: Staff) -> dict:
    rows = queries.stores_of(staff.user)
    stand = side_by_side(row["store"] for row in rows)
    return {
        "title": _("Stores side by side"),
        "figures": [],
        "sections": _plans(staff),
        "stores": [{**row, "stands": stand[row["store"].pk]} for row in rows],
    }


def _figures_of(today: dict) -> list[dict]:
    kept = f"{today['kept']} / {today['promised']}" if today["promised"] else "—"
    return [
        figure(_("In the store now"), today["in_store"], url=reverse("desk:board")),
        figure(_("Still expected today"), today["expected"], url=reverse("desk:board")),
        figure(_("First promises of today kept"), kept),
        figure(_("Late now"), today["late"], "bad", "#late"),
        figure(_("At risk within 30 minutes"), today["at_risk"], "warn", "#late"),
        figure(_("Customers left in silence"), today["silent"], "warn", reverse("desk:board")),
        figure(_("Left the store today"), today["released"]),
    ]


def _known(staff: Staff) -> list[dict]:
    """How the store stood in the last 90 days, each figure with its sample and interval; nothing without the right to it."""
    if not staff.may("reports.view"):
        return []
    stands, csi = in_short(staff.store), reverse("reports:csi") + "?period=90d"
    return [
        {"label": _("CSI (100–1000)"), "url": csi, **figure_text(stands.csi, 0)},
        {"label": _("NPS (−100 to 100)"), "url": csi + "&show=nps", **figure_text(stands.nps, 0, signed=True)},
        {"label": _("Low answers"), "unit": "%", "url": csi + "&show=low", **figure_text(stands.low, 1)},
        {
            "label": _("Published promises kept"),
            "unit": "%",
            "url": reverse("commitments:list"),
            **figure_text(stands.promises, 1),
        },
        figure(_("Rules of the never-miss board violated"), stands.missed, "bad", reverse("reports:never_miss")),
    ]


def _silent() -> list[dict]:
    """Customers whose advisor was woken in vain; no section while there is none."""
    rows = list(unanswered_silence()[:30])
    return [cars("silence", _("Still without news from their advisor"), rows, "", "bad")] if rows else []


def _discounts(staff: Staff) -> list[dict]:
    """Discounts above their asker's limit that wait for this person; no section while there is none."""
    rows = open_discounts().exclude(asked_by=staff)[:30] if staff.may("orders.discount") else []
    return if_any("discounts", "discounts", _("Discounts to decide"), rows)


def _plans(staff: Staff) -> list[dict]:
    """Recovery plans that wait for this person's yes or no; no section while there is none."""
    rows = plans_waiting().exclude(proposed_by=staff)[:20] if staff.may("complaints.approve") else []
    return if_any("plans", "plans", _("Plans to approve"), rows)


def _approvals(staff: Staff) -> list[dict]:
    """Amounts that a cashier wants to put on account and that wait for a second person's word."""
    if not staff.may("checkout.on_account"):
        return []
    empty = _("Nobody asks for an amount on account.")
    return [section("approvals", "approvals", _("Waiting for your signature"), approvals_waiting(), empty)]
