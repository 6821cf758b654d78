"""Every page: its role gets it with its own heading, a colleague without the right 403, a stranger the login, another
store nothing. And lists cost the same number of queries however long they are."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled

from core import clock
from standards import domain as standards
from stores.access import in_store
from stores.models import Role, Staff
from tests import factories, pages
from tests.pages import BY_NAME, PAGES, Page
from tests.visits_at_stage import Maker


def heading_of(response) -> str:
    """Text of the page's <h1>."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)
    # A printed sheet carries it once on each of its copies.
    assert len(set(found)) == 1, f"{found} as <h1>"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", found[0])).split())


def ask(browser, page: Page, target):
    url = page.url(target)
    for value in target.data.values():
        if hasattr(value, "seek"):
            value.seek(0)
    return browser.post(url, target.data) if page.post else browser.get(url)


def test_every_address_is_in_the_table():
    assert set(pages.names()) - pages.NOT_OURS - pages.GALLERY == set(BY_NAME)
    assert len(BY_NAME) == len(PAGES)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.name)
def test_a_page_and_who_may_open_it(row, store, make_visit, client, client_as):
    target = row.make(make_visit)

    if not row.public:
        stranger = ask(client, row, target)
        assert (stranger.status_code, stranger.headers["Location"].split("?")[0]) == (302, reverse("login"))
        if row.colleague_role:
            assert ask(client_as(row.colleague_role), row, target).status_code == 403
        if target.kwargs and row.keyed:
            with in_store(foreign := factories.store()):
                elsewhere = client_as(row.role, store=foreign)
            assert ask(elsewhere, row, target).status_code == 404

    browser = client if row.public else client_as(target.who or make_visit.person(row.role))
    if row.post and not row.public:
        # A link that is followed by chance changes nothing.
        assert browser.get(row.url(target)).status_code in (302, 405)
    answer = ask(browser, row, target)

    assert answer.status_code == row.status
    if row.heading:
        assert heading_of(answer) == row.heading.format(**target.words)


# --- Pages for those who build pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(pages.GALLERY))
def test_the_gallery_is_not_for_staff(name, store, client, client_as):
    assert client.get(reverse(name)).status_code == 404
    assert client_as("general_manager").get(reverse(name)).status_code == 404


# --- Lists cost the same however long they are ---------------------------------------------------------------------------


def new_version(make) -> None:
    manager = make.person("service_manager")
    standards.publish(standards.draft(use="wash", by=manager), by=manager)


def namesake(make) -> None:
    make("repair", customer=factories.customer(make.store, name="王小明"))


def same_tail(make) -> None:
    make("checkout", paid=True, vehicle=factories.vehicle(make.store, plate=f"京{'ABCDEF'[make.made]}99888"))


LISTS = {
    # address: what makes one more row in it
    "desk:board": ("advisor", lambda make: make("repair", job="dispatched")),
    "desk:board_lanes": ("advisor", lambda make: make("wash")),
    "desk:search?q=王小明": ("advisor", namesake),
    "desk:dead_letters": ("service_manager", pages.desk.set_aside),
    "appointments:day?day={day}": ("booking_desk", lambda make: make("booking", due_in_at=make.next_slot())),
    "appointments:find?q=王小明": ("booking_desk", namesake),
    # Today: the counter shows a day before and after now, whatever the hour.
    "reception:arrive": (
        "advisor",
        lambda make: make("booking", due_in_at=make.next_slot() - timedelta(days=1)),
    ),
    "orders:import": ("service_manager", pages.orders.import_run),
    "repairs:board": ("controller", lambda make: make("repair", lines=2)),
    "repairs:my_jobs": ("technician", lambda make: make("repair", lines=2, job="dispatched")),
    "repairs:parts": ("parts_clerk", pages.repairs.part_request()),
    "repairs:parts?tab=issued": ("parts_clerk", pages.repairs.part_request("issued")),
    "repairs:parts?tab=stock&q=PT-": ("parts_clerk", lambda make: factories.part(make.store)),
    "inspections:queue": ("inspector", lambda make: make("inspection")),
    "inspections:wash_queue": ("washer", lambda make: make("wash")),
    "checkout:queue": ("cashier", lambda make: make("checkout")),
    "checkout:approvals": ("service_manager", pages.checkout.asked_account),
    "checkout:gate?plate=99888": ("gate", same_tail),
    "followups:queue": ("customer_relations", lambda make: make("follow_up")),
    "complaints:inbox": ("customer_relations", pages.complaints.case()),
    "complaints:inbox?show=recheck": ("customer_relations", pages.complaints.cases.executed),
    "complaints:inbox?show=closed": ("customer_relations", pages.complaints.closed_case),
    "complaints:approvals": ("service_manager", pages.complaints.above_limit),
    "complaints:sales": ("sales_liaison", pages.complaints.cases.told),
    "complaints:import": ("service_manager", pages.complaints.cases.file),
    "commitments:list": (
        "advisor",
        lambda make: (pages.commitments.promised.measurement(make), pages.commitments.promised.owed(make)),
    ),
    "commitments:measured": ("advisor", pages.commitments.promised.owed),
    "outreach:calls": ("booking_desk", pages.outreach.reminder_of),
    "messaging:list": ("booking_desk", pages.messaging.message("failed")),
    "standards:list": ("service_manager", new_version),
}
HOMES = {
    "advisor": lambda make: [make(stage) for stage in ("booking", "reception", "repair", "handover")],
    "booking_desk": lambda make: make("booking", due_in_at=make.next_slot()),
    "customer_relations": lambda make: (make("follow_up"), pages.complaints.case()(make)),
    "sales_liaison": pages.complaints.case(),
    "service_manager": lambda make: (
        make("repair", promised_at=clock.now() - timedelta(hours=1)),
        pages.complaints.case()(make),
    ),
    "aftersales_director": pages.complaints.case(),
}


class Slots(Maker):
    """Bookings of one day beside each other: one slot after the other."""

    def next_slot(self):
        return self.day + timedelta(minutes=30 * self.made)

    @property
    def day(self):
        return clock.now().replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)


def queries_of(browser, url: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


def same_for_one_and_three(browser, url: str, more) -> None:
    more()
    queries_of(browser, url)  # whatever is looked up once in a process
    one, first = queries_of(browser, url), browser.get(url).content
    more()
    more()
    assert queries_of(browser, url) == one
    assert len(browser.get(url).content) > len(first)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_of_three_costs_what_one_costs(address, store, client_as):
    role, more = LISTS[address]
    make = Slots(store)
    name, _, query = address.partition("?")
    url = reverse(name) + (f"?{query.format(day=make.day.date())}" if query else "")

    same_for_one_and_three(client_as(make.person(role)), url, lambda: more(make))


@pytest.mark.parametrize("role", HOMES)
def test_a_home_of_three_costs_what_one_costs(role, store, client_as):
    make = Slots(store)

    same_for_one_and_three(client_as(make.person(role)), reverse("desk:home"), lambda: HOMES[role](make))


def test_stores_side_by_side_cost_the_same(store, client_as, staff):
    boss = staff("group_manager")

    def more():
        with scopes_disabled():
            another = factories.store()
            role = Role.objects.get(store=another, code="group_manager")
            Staff.objects.create(store=another, user=boss.user, role=role, name=boss.name, employee_no="G")

    same_for_one_and_three(client_as(boss), reverse("desk:home"), more)
