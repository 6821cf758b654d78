"""Which pages stand in a role's menu, under which heading; which four a phone keeps in reach; which page is its home."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from stores.choices import RoleCode


@dataclass(frozen=True)
class Entry:
    url_name: str
    label: str
    icon: str
    permission: str  # of several, divided by blanks, any one suffices


TODAY = pgettext_lazy("menu", "Today")
CUSTOMERS = pgettext_lazy("menu", "Customers")
KNOWING = pgettext_lazy("menu", "Management")
SETTINGS = pgettext_lazy("menu", "Settings")

# Entries of one group stand together, the groups in this order, each in the order of the customer's day.
MENU = (
    (
        TODAY,
        (
            Entry("desk:home", _("My day"), "house", "desk.home"),
            Entry("desk:board", _("Live board"), "kanban", "desk.view_board"),
            Entry("appointments:day", _("Appointments"), "calendar3", "appointments.book"),
            Entry("rescue:jobs", _("Help on the road"), "truck", "rescue.take rescue.drive"),
            Entry("appointments:waitlist", _("Waitlist"), "person-lines-fill", "appointments.book"),
            Entry("appointments:preparation", _("Before the day"), "card-checklist", "appointments.prepare"),
            Entry("appointments:queue", _("Queue numbers"), "ticket-perforated", "appointments.queue"),
            Entry("reception:arrive", _("Arrival"), "box-arrow-in-right", "reception.check_in"),
            Entry("reception:calls", _("Customers' calls"), "bell-fill", "reception.answer_calls"),
            Entry("repairs:board", _("Dispatch"), "diagram-3", "repairs.dispatch"),
            Entry("repairs:my_jobs", _("My jobs"), "wrench", "repairs.work"),
            Entry("repairs:signing", _("Key steps to sign"), "pen", "repairs.sign_step"),
            Entry("repairs:parts", _("Parts"), "box-seam", "repairs.issue_parts"),
            Entry(
                "inspections:queue",
                _("Inspection"),
                "clipboard-check",
                "inspections.final inspections.cross inspections.self",
            ),
            Entry(
                "inspections:wash_queue",
                _("Wash"),
                "droplet",
                "inspections.wash inspections.check_wash inspections.waive_wash",
            ),
            Entry("checkout:queue", _("Checkout"), "cash-coin", "checkout.take_payment"),
            Entry("checkout:approvals", _("Approvals on account"), "wallet2", "checkout.on_account"),
            Entry("orders:discounts", _("Discounts to decide"), "percent", "orders.discount"),
            Entry("checkout:gate", _("Gate"), "sign-stop", "checkout.gate"),
        ),
    ),
    (
        CUSTOMERS,
        (
            Entry("followups:queue", _("Follow-up calls"), "telephone-outbound", "followups.call"),
            Entry("outreach:calls", _("Reminder calls"), "bell", "outreach.call"),
            Entry("complaints:inbox", _("Cases"), "chat-square-dots", "complaints.work"),
            Entry("complaints:approvals", _("Plans to approve"), "check2-square", "complaints.approve"),
            Entry("complaints:sales", _("Cases for sales"), "arrow-return-left", "complaints.answer_as_sales"),
            Entry("messaging:list", _("Messages"), "envelope", "messaging.view"),
        ),
    ),
    (
        KNOWING,
        (
            Entry("reports:csi", _("Satisfaction"), "graph-up", "reports.view"),
            Entry("surveys:answers", _("Customers' answers"), "chat-left-text", "surveys.view"),
            Entry("commitments:list", _("Promises to customers"), "patch-check", "commitments.view"),
            Entry("guarantees:cars", _("Three guarantees"), "shield-exclamation", "guarantees.view"),
            Entry("guarantees:comebacks", _("Comebacks"), "arrow-repeat", "guarantees.view"),
            Entry("outreach:results", _("What came of reminders"), "megaphone", "outreach.edit"),
            Entry("reports:waits", _("Where it waits"), "hourglass-split", "reports.view"),
            Entry("reports:advice", _("Honest advice"), "search-heart", "reports.view"),
            Entry("reports:never_miss", _("Never-miss board"), "shield-check", "reports.view"),
        ),
    ),
    (
        SETTINGS,
        (
            Entry("symptoms:list", _("Symptom check"), "signpost-split", "symptoms.edit"),
            Entry("standards:list", _("Service standard"), "list-check", "standards.edit"),
            Entry("appointments:hours", _("Calendar and capacity"), "calendar-week", "stores.manage"),
            Entry("api:keys", _("API keys"), "key", "api.keys"),
            Entry("orders:import", _("Import history"), "cloud-upload", "desk.import_history"),
            Entry("complaints:import", _("Import complaints"), "file-earmark-arrow-up", "complaints.import"),
            Entry("desk:dead_letters", _("Set aside"), "exclamation-octagon", "desk.dead_letters"),
        ),
    ),
)

# What a phone keeps at the thumb, for roles that use other pages most than the first four of their menu.
AT_THE_THUMB = {
    RoleCode.BOOKING_DESK: ("desk:home", "appointments:day", "outreach:calls", "desk:board"),
    RoleCode.CUSTOMER_RELATIONS: ("desk:home", "followups:queue", "outreach:calls", "complaints:inbox"),
    RoleCode.SERVICE_MANAGER: ("desk:home", "desk:board", "complaints:inbox", "reports:csi"),
    RoleCode.AFTERSALES_DIRECTOR: ("desk:home", "complaints:approvals", "complaints:inbox", "reports:csi"),
    RoleCode.GENERAL_MANAGER: ("desk:home", "complaints:approvals", "complaints:inbox", "reports:csi"),
    RoleCode.GROUP_MANAGER: ("desk:home", "reports:csi", "complaints:approvals", "commitments:list"),
}
REACH = 4

# Roles whose work is one page have that page as their home.
HOMES = {
    RoleCode.CONTROLLER: "repairs:board",
    RoleCode.TECHNICIAN: "repairs:my_jobs",
    RoleCode.INSPECTOR: "inspections:queue",
    RoleCode.WASHER: "inspections:wash_queue",
    RoleCode.CASHIER: "checkout:queue",
    RoleCode.GATE: "checkout:gate",
    RoleCode.PARTS_CLERK: "repairs:parts",
}


def menu(request) -> dict:
    """Context processor: `nav`, the entries this person may open, and `bar` and `more`, the same at the thumb of a
    phone and behind “More”; `nav_key`, which names everything the menu is made of; `may_search` and `may_say` for the bar on top."""
    staff = getattr(request, "staff", None)
    if staff is None:
        return {}
    permissions = tuple(staff.role.permissions) if staff.active else ()
    role, language = staff.role_code, get_language()
    entries = _entries(permissions, role, language)
    active = _active(request.path, entries, HOMES.get(role))
    nav = [{**entry, "active": entry is active} for entry in entries]
    return {
        "nav": nav,
        "bar": sorted((row for row in nav if row["place"] < REACH), key=lambda row: row["place"]),
        "more": [row for row in nav if row["place"] >= REACH],
        # Of this process only, as the cache of pieces is.
        "nav_key": f"{language}-{role}-{hash(permissions)}-{active['url'] if active else ''}",
        "may_search": staff.may("desk.search"),
        "may_say": staff.may("desk.say"),
    }


@lru_cache(maxsize=256)
def _entries(permissions: tuple[str, ...], role: str, language: str) -> list[dict]:
    """The menu of everybody in this role with these permissions, in a language."""
    entries = []
    for group, rows in MENU:
        for entry in rows:
            if entry.url_name == HOMES.get(role) or not any(right in permissions for right in entry.permission.split()):
                continue
            try:
                url = reverse(entry.url_name)
            except NoReverseMatch:
                continue
            entries.append(
                {"name": entry.url_name, "url": url, "group": str(group), "label": str(entry.label), "icon": entry.icon}
            )
    first = [name for name in AT_THE_THUMB.get(role, ()) if any(row["name"] == name for row in entries)]
    names = [*first, *(row["name"] for row in entries if row["name"] not in first)]
    return [{**row, "place": names.index(row["name"])} for row in entries]


def _active(path: str, entries: list[dict], home: str | None) -> dict | None:
    """The entry of the page that is open: an address below another entry's (the wash below inspection) belongs to the
    nearer one alone."""
    if home and entries and reverse(home) == path:
        return entries[0]
    here = [row for row in entries if (path == row["url"] if row["url"] == "/" else path.startswith(row["url"]))]
    return max(here, key=lambda row: len(row["url"]), default=None)
