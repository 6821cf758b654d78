"""The homes that are lists across stages: advisor, booking desk, customer relations, sales, managers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from appointments import waiting
from appointments.queries import free_days
from checkout.queries import approvals_waiting, waiting_at_the_car
from commitments.queries import standing
from complaints.queries import plans_waiting, praise_for, waiting_for_sales, warnings_for
from core import clock
from desk import queries
from guarantees import queries as guarantees
from orders.queries import open_discounts
from outreach.queries import to_call
from reception.queries import open_calls
from reports.queries.in_short import in_short, side_by_side
from reports.templatetags.reporting import figure_text
from stores.choices import RoleCode
from stores.models import Staff
from visits.queries import unanswered_silence


def home(staff: Staff) -> dict:
    """Context of `desk/home.html`: figures on top, then lists, each with what to say when it is empty."""
    build: Callable = HOME_OF.get(staff.role_code, manager)
    context = build(staff)
    # A clock that runs out goes before everything else.
    return {
        "praise": praise_for(staff),
        **context,
        "sections": [*_at_the_car(staff), *_warned(staff), *_guarantees(staff), *_called(staff), *context["sections"]],
        "may_open_cases": staff.may("complaints.work"),
    }


def _at_the_car(staff: Staff) -> list[dict]:
    """Customers who leave without being content and wait for a manager at their car; no section while there is none."""
    rows = list(waiting_at_the_car()[:20]) if staff.may("complaints.approve") else []
    section = {
        "kind": "leaving",
        "key": "at_the_car",
        "title": _("Go to the customer at his car"),
        "rows": rows,
        "empty": "",
    }
    return [section] if rows else []


def _warned(staff: Staff) -> list[dict]:
    """Clocks of cases that this person was warned of; no section while there is none."""
    rows = list(warnings_for(staff)[:20]) if staff.may("complaints.work") else []
    section = {"kind": "warnings", "key": "warnings", "title": _("Clocks of cases run out"), "rows": rows, "empty": ""}
    return [section] if rows else []


def _called(staff: Staff) -> list[dict]:
    """What waiting customers asked for: an advisor's own customers and whoever waits too long, a manager only the latter;
    no section while there is none."""
    if not staff.may("reception.answer_calls"):
        return []
    rows = open_calls()
    if staff.role_code in (RoleCode.ADVISOR, RoleCode.SERVICE_MANAGER):
        mine = staff.pk if staff.role_code == RoleCode.ADVISOR else None
        rows = [row for row in rows if row.late or (mine and row.visit.advisor_id == mine)]
    section = {"kind": "asked_for", "key": "asked_for", "title": _("Customers who called"), "rows": rows, "empty": ""}
    return [section] if rows else []


def _guarantees(staff: Staff) -> list[dict]:
    """Counters of the three guarantees near their limits and work that failed twice, for managers; loan cars owed and cars that
    seem to be back, for whoever looks after them. No section while there is none."""
    if not staff.may("guarantees.view"):
        return []
    edits = staff.may("guarantees.edit")
    mine = {} if edits else {"visit__advisor": staff}
    alerts = guarantees.open_alerts()[:20] if edits else []
    twice = guarantees.second_failures()[:20] if edits else []
    owed = guarantees.courtesies_owed()
    back = guarantees.comebacks().filter(state="suggested", visit__ended_at=None, **mine)[:20]
    owed = owed if edits else owed.filter(repair__visit__advisor=staff)
    found = (
        ("guarantee_alerts", _("Warnings of the three guarantees"), alerts),
        ("courtesies", _("Loan cars and travel costs owed"), owed[:20]),
        ("comebacks", _("Failed twice or more"), twice),
        ("comebacks", _("May be the same trouble again"), back),
    )
    return [
        {"kind": kind, "key": f"guarantees-{n}", "title": title, "rows": list(rows), "empty": ""}
        for n, (kind, title, rows) in enumerate(found)
        if rows
    ]


def _plans(staff: Staff) -> list[dict]:
    """Recovery plans that wait for this person's yes or no; no section while there is none."""
    rows = list(plans_waiting().exclude(proposed_by=staff)[:20]) if staff.may("complaints.approve") else []
    section = {"kind": "plans", "key": "plans", "title": _("Plans to approve"), "rows": rows, "empty": ""}
    return [section] if rows else []


def _cars(key: str, title: str, visits: list, empty: str, tone: str = "") -> dict:
    return {
        "kind": "visits",
        "key": key,
        "title": title,
        "rows": visits,
        "empty": empty,
        "tone": tone if visits else "",
    }


def _figure(label: str, value, tone: str = "", url: str = "") -> dict:
    return {
        "label": label,
        "value": value,
        "tone": tone if value else "",
        "url": url,
    }


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
        _figure(_("Rules of the never-miss board violated"), stands.missed, "bad", reverse("reports:never_miss")),
    ]


def _promises_kept(staff: Staff, *, advisor: Staff | None = None) -> list[dict]:
    """Published promises in danger and remedies owed, of the store or of one advisor's visits. Two queries."""
    if not staff.may("commitments.view"):
        return []
    counted, url = standing(advisor=advisor), reverse("commitments:list")
    return [
        _figure(_("Published promises in danger"), counted["at_risk"], "warn", url),
        _figure(_("Remedies to be given"), counted["owed"], "bad", url),
    ]


def advisor(staff: Staff) -> dict:
    lists = queries.advisor_day(staff)
    return {
        "title": _("My cars today"),
        "primary": {
            "url": reverse("reception:arrive"),
            "label": _("A car arrives"),
            "icon": "box-arrow-in-right",
        },
        "figures": [
            _figure(_("Arriving"), len(lists["arriving"]), url="#arriving"),
            _figure(_("In the store"), len(lists["all"]), url="#all"),
            _figure(_("Promise at risk"), len(lists["at_risk"]), "bad", "#at_risk"),
            _figure(_("Must hear from us"), len(lists["silence"]), "warn", "#silence"),
            *_promises_kept(staff, advisor=staff),
        ],
        "sections": [
            _cars(
                "at_risk",
                _("Promise at risk or late"),
                lists["at_risk"],
                _("No promise is in danger."),
                "bad",
            ),
            _cars(
                "silence",
                _("Must hear from us now"),
                lists["silence"],
                _("Everyone was told lately."),
                "warn",
            ),
            _cars(
                "asked",
                _("Waiting for the customer's word"),
                lists["asked"],
                _("No approval is open."),
                "warn",
            ),
            *(
                [_cars("parts_here", _("Ordered parts are here"), lists["parts_here"], "", "info")]
                if lists["parts_here"]
                else []
            ),
            _cars(
                "waiting",
                _("Waiting for me"),
                lists["waiting"],
                _("Nobody stands at the counter."),
            ),
            _cars(
                "handover",
                _("Ready to hand over"),
                lists["handover"],
                _("No car is ready yet."),
            ),
            _cars(
                "arriving",
                _("Arriving today"),
                lists["arriving"],
                _("No more bookings today."),
            ),
            _cars(
                "all",
                _("All my cars in the store"),
                lists["all"],
                _("None of your cars is in the store."),
            ),
        ],
    }


def booking_desk(staff: Staff) -> dict:
    today, tomorrow = (
        queries.arrivals(staff.store),
        queries.arrivals(staff.store, days=1),
    )
    return {
        "title": _("Bookings"),
        "primary": {
            "url": reverse("appointments:book"),
            "label": _("New booking"),
            "icon": "calendar-plus",
        },
        "figures": [
            _figure(_("Still to come today"), len(today), url="#today"),
            _figure(_("Booked for tomorrow"), len(tomorrow), url="#tomorrow"),
            *_free_slots(staff),
            *_waiting(staff),
            *_reminders(staff),
        ],
        "sections": [
            *_booking_tasks(),
            _cars(
                "today",
                _("Still to come today"),
                today,
                _("No more bookings today. The day view shows the free slots."),
            ),
            _cars(
                "tomorrow",
                _("Tomorrow"),
                tomorrow,
                _("Nothing is booked for tomorrow yet."),
            ),
        ],
    }


def _booking_tasks() -> list[dict]:
    """Who is late or did not come, for whom something is missing or no place was found; no section while there is none."""
    rows = list(waiting.open_tasks()[:20])
    section = {"kind": "booking_tasks", "key": "booking_tasks", "title": _("To do about bookings"), "empty": ""}
    return [{**section, "rows": rows}] if rows else []


def _waiting(staff: Staff) -> list[dict]:
    """Who waits for a place on a day that is full, and who waits for his turn here."""
    wants, here = waiting.waitlist(staff.store).count(), len(waiting.board(staff.store).waiting)
    return [
        _figure(_("On the waitlist"), wants, url=reverse("appointments:waitlist")),
        _figure(_("Numbers waiting"), here, "warn", reverse("appointments:queue")),
    ]


def _free_slots(staff: Staff) -> list[dict]:
    """Reception slots that can still be given, today and tomorrow."""
    today = clock.local_day(staff.store.tz)
    free = {day: len(slots) for day, slots in free_days(staff.store, first=today, days=2)}
    sheet = reverse("appointments:day")
    tomorrow = today + timedelta(days=1)
    return [
        _figure(_("Free slots today"), free.get(today, 0), url=sheet),
        _figure(_("Free slots tomorrow"), free.get(tomorrow, 0), url=f"{sheet}?day={tomorrow:%Y-%m-%d}"),
    ]


def _reminders(staff: Staff) -> list[dict]:
    """Customers to be called because a service falls due."""
    if not staff.may("outreach.call"):
        return []
    waiting = to_call(clock.local_day(staff.store.tz)).order_by().count()
    return [_figure(_("Reminder calls due"), waiting, "warn", reverse("outreach:calls"))]


def customer_relations(staff: Staff) -> dict:
    calls, cases = queries.calls_due(staff), queries.open_cases()
    return {
        "title": _("Calls and cases"),
        "primary": {
            "url": reverse("followups:queue"),
            "label": _("Next call"),
            "icon": "telephone-outbound",
        },
        "figures": [
            _figure(_("Calls due"), len(calls), "warn", reverse("followups:queue")),
            *_reminders(staff),
            _figure(_("Open cases"), len(cases), "warn", reverse("complaints:inbox")),
            *_promises_kept(staff),
        ],
        "sections": [
            {
                "kind": "calls",
                "key": "calls",
                "title": _("Calls due"),
                "rows": calls,
                "empty": _("No call is due."),
            },
            {
                "kind": "cases",
                "key": "cases",
                "title": _("Open cases by clock"),
                "rows": cases,
                "empty": _("No case is open."),
            },
        ],
    }


def sales_liaison(staff: Staff) -> dict:
    told, cases = list(waiting_for_sales()[:50]), queries.open_cases()
    return {
        "title": _("Problems and results of our buyers"),
        "primary": {
            "url": reverse("complaints:sales"),
            "label": _("Cases for sales"),
            "icon": "arrow-return-left",
        },
        "figures": [
            _figure(_("To answer"), len(told), "warn", reverse("complaints:sales")),
            _figure(_("Open cases"), len(cases), "warn", "#cases"),
        ],
        "sections": [
            {
                "kind": "sales",
                "key": "sales",
                "title": _("To answer within three working days"),
                "rows": told,
                "empty": _("No case waits for sales."),
            },
            {
                "kind": "cases",
                "key": "cases",
                "title": _("Open cases"),
                "rows": cases,
                "empty": _("No case is open."),
            },
        ],
    }


def manager(staff: Staff) -> dict:
    today, cases = queries.store_today(staff.store), queries.open_cases()
    late = queries.late_visits(staff.store)
    kept = f"{today['kept']} / {today['promised']}" if today["promised"] else "—"
    return {
        "title": _("The store today"),
        "primary": {
            "url": reverse("desk:board"),
            "label": _("Live board"),
            "icon": "kanban",
        },
        "figures": [
            _figure(_("In the store now"), today["in_store"], url=reverse("desk:board")),
            _figure(_("Still expected today"), today["expected"], url=reverse("desk:board")),
            _figure(_("First promises of today kept"), kept),
            _figure(_("Late now"), today["late"], "bad", "#late"),
            _figure(_("At risk within 30 minutes"), today["at_risk"], "warn", "#late"),
            _figure(_("Customers left in silence"), today["silent"], "warn", reverse("desk:board")),
            _figure(_("Left the store today"), today["released"]),
            _figure(_("Open cases"), len(cases), "warn", "#cases"),
            *_promises_kept(staff),
        ],
        "known": _known(staff),
        "sections": [
            *_silent(),
            *_discounts(staff),
            *_approvals(staff),
            *_plans(staff),
            _cars(
                "late",
                _("Late or at risk"),
                late,
                _("No promise is late or in danger."),
                "bad",
            ),
            {
                "kind": "cases",
                "key": "cases",
                "title": _("Open cases by clock"),
                "rows": cases,
                "empty": _("No case is open."),
            },
        ],
    }


def _silent() -> list[dict]:
    """Customers whose advisor was woken in vain; no section while there is none."""
    rows = list(unanswered_silence()[:30])
    return [_cars("silence", _("Still without news from their advisor"), rows, "", "bad")] if rows else []


def _discounts(staff: Staff) -> list[dict]:
    """Discounts above their asker's limit that wait for this person; no section while there is none."""
    if not staff.may("orders.discount"):
        return []
    rows = list(open_discounts().exclude(asked_by=staff)[:30])
    section = {"kind": "discounts", "key": "discounts", "title": _("Discounts to decide"), "rows": rows, "empty": ""}
    return [section] if rows else []


def _approvals(staff: Staff) -> list[dict]:
    """Amounts that a cashier wants to put on account and that wait for a second person's word."""
    if not staff.may("checkout.on_account"):
        return []
    return [
        {
            "kind": "approvals",
            "key": "approvals",
            "title": _("Waiting for your signature"),
            "rows": list(approvals_waiting()),
            "empty": _("Nobody asks for an amount on account."),
        }
    ]


def director(staff: Staff) -> dict:
    grave = queries.open_cases(severities=["L3", "L4"])
    context = manager(staff)
    # In the store, late, promises kept, open cases; and the remedies owed, for whoever may see them.
    context["figures"] = [context["figures"][place] for place in (0, 3, 2, 7)] + context["figures"][9:]
    context["sections"].insert(
        0,
        {
            "kind": "cases",
            "key": "grave",
            "title": _("Escalated and grave cases"),
            "rows": grave,
            "empty": _("No case is escalated."),
        },
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


HOME_OF = {
    RoleCode.ADVISOR: advisor,
    RoleCode.BOOKING_DESK: booking_desk,
    RoleCode.CUSTOMER_RELATIONS: customer_relations,
    RoleCode.SALES_LIAISON: sales_liaison,
    RoleCode.AFTERSALES_DIRECTOR: director,
    RoleCode.GENERAL_MANAGER: director,
    RoleCode.GROUP_MANAGER: group_manager,
}
