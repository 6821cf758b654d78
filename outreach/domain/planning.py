"""Which cars get a reminder tonight, and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection

from core import clock
from core.actors import Actor
from customers.choices import ConsentChannel
from customers.models import Customer, Vehicle
from journal.domain import entry, record_many
from messaging import domain as messaging
from messaging.choices import Channel
from messaging.models import Message
from messaging.texts import EN, language_of
from outreach import queries
from outreach.choices import DueBy, TaskKind, TaskState
from outreach.domain.optout import stop_link
from outreach.events import TaskOpened
from outreach.models import NightRun, Policy, Task
from outreach.queries import Offer
from stores.models import Store

# A service that was due longer ago is no reminder any more: such a customer is won back, or is gone.
LATE_DAYS = 30
VALUE_DAYS = 730
# By hand of what the run has found: names of the figures that are kept with the reminder.
_FIGURES = ("by", "base_on", "base_km", "last_on", "last_km", "km_rate", "rate_from", "released_on")


@dataclass(frozen=True)
class Car:
    """A car that falls due tonight, with the figures it was computed from."""

    vehicle_id: int
    customer_id: int
    due_on: date
    period: str
    operation_id: int | None
    by: str
    base_on: date | None
    base_km: int | None
    last_on: date | None
    last_km: int | None
    km_rate: Decimal | None
    rate_from: str
    released_on: date | None


_COLUMNS = """
    d.vehicle_id, v.owner_id, {due_on}, ({period})::text, d.operation_id, d."by", d.base_on, d.base_km, d.last_on, d.last_km,
    d.km_rate, d.rate_from, d.released_on"""

# Booked or in the house; was here since the due date was computed; known to be sold. All straight from the rows.
_NOT_NOW = """
    NOT EXISTS (SELECT FROM visits_visit s WHERE s.store_id = d.store_id AND s.vehicle_id = d.vehicle_id
                   AND (s.ended_at IS NULL AND s.released_at IS NULL OR s.released_at > d.computed_at))
    AND NOT EXISTS (SELECT FROM outreach_task t WHERE t.store_id = d.store_id AND t.vehicle_id = d.vehicle_id
                       AND (t.kind = %(kind)s AND t.period = ({period})::text
                            OR t.stop_reason = 'sold' AND t.customer_id = v.owner_id))"""

_DUE = f"""
    SELECT {_COLUMNS.format(due_on="d.due_on", period="d.base_on")}
      FROM outreach_duecar d JOIN customers_vehicle v ON v.id = d.vehicle_id
     WHERE d.store_id = %(store)s AND d.due_on BETWEEN %(first)s AND %(last)s AND d.vehicle_id > %(after)s
       AND v.owner_id IS NOT NULL AND {_NOT_NOW.format(period="d.base_on")}
     ORDER BY d.vehicle_id LIMIT %(limit)s"""  # noqa: S608 - constants

# One car of each lost customer: the one that was here last. Nobody who has another reminder running.
_LOST_WHERE = f"""
      FROM outreach_duecar d JOIN customers_vehicle v ON v.id = d.vehicle_id
     WHERE d.store_id = %(store)s AND d.released_on BETWEEN %(first)s AND %(last)s AND d.vehicle_id > %(after)s
       AND v.owner_id IS NOT NULL AND {_NOT_NOW.format(period="d.released_on")}
       AND NOT EXISTS (SELECT FROM customers_vehicle v2 JOIN outreach_duecar d2 ON d2.vehicle_id = v2.id
                        WHERE v2.store_id = d.store_id AND v2.owner_id = v.owner_id AND v2.id <> v.id
                          AND (d2.released_on, -v2.id) > (d.released_on, -v.id))
       AND NOT EXISTS (SELECT FROM outreach_task t WHERE t.store_id = d.store_id AND t.customer_id = v.owner_id
                          AND t.ended_at IS NULL)
       AND NOT EXISTS (SELECT FROM visits_visit s WHERE s.store_id = d.store_id AND s.customer_id = v.owner_id
                          AND (s.ended_at IS NULL AND s.released_at IS NULL OR s.released_at > %(since)s))"""  # noqa: S608 - constants
_LOST = f"""SELECT {_COLUMNS.format(due_on="%(night)s::date", period="d.released_on")} {_LOST_WHERE}
     ORDER BY d.vehicle_id LIMIT %(limit)s"""
_FROM = f"SELECT d.released_on {_LOST_WHERE} ORDER BY d.released_on DESC OFFSET %(limit)s LIMIT 1"


def due_cars(store: Store, run: NightRun, policy: Policy, *, limit: int) -> list[Car]:
    """The next cars behind the run's cursor whose service falls due within the days the store reminds ahead."""
    values = {
        "kind": TaskKind.MAINTENANCE,
        "first": run.night - timedelta(days=LATE_DAYS),
        "last": run.night + timedelta(days=policy.remind_days),
    }
    return _cars(_DUE, store, run, limit, values)


def lost_cars(store: Store, run: NightRun, policy: Policy, *, limit: int) -> list[Car]:
    """The next customers' cars that were last here so long ago that the store wants them back."""
    first = max(run.night - timedelta(days=policy.give_up_days), run.win_back_from or date.min)
    return _cars(_LOST, store, run, limit, _lost_values(run.night, policy) | {"first": first})


def win_back_from(store: Store, night: date, policy: Policy) -> date:
    """The last day of release that is dealt with tonight, so that no more are begun than the store can call: those lost
    most recently go first."""
    values = _lost_values(night, policy) | {
        "store": store.pk,
        "after": 0,
        "limit": max(policy.win_backs_a_night - 1, 0),
    }
    with connection.cursor() as sql:
        sql.execute(_FROM, values)
        found = sql.fetchone()
    return found[0] if found else values["first"]


def _lost_values(night: date, policy: Policy) -> dict:
    last = night - timedelta(days=policy.win_back_days)
    return {
        "kind": TaskKind.WIN_BACK,
        "night": night,
        "first": night - timedelta(days=policy.give_up_days),
        "last": last,
        "since": last + timedelta(days=1),
    }


def _cars(statement: str, store: Store, run: NightRun, limit: int, values: dict) -> list[Car]:
    with connection.cursor() as sql:
        sql.execute(statement, {"store": store.pk, "after": run.cursor, "limit": limit, **values})
        return [Car(*row) for row in sql.fetchall()]


def plan(store: Store, run: NightRun, policy: Policy, cars: list[Car], *, by: Actor) -> list[Task]:
    """Write a reminder for each car whose customer may be written to or called, and its message where he may be written to.
    Returns the reminders; the rest may not be contacted at all."""
    if not cars:
        return []
    kind = TaskKind(run.phase)
    people = Customer.objects.in_bulk({car.customer_id for car in cars})
    vehicles = Vehicle.objects.in_bulk([car.vehicle_id for car in cars])
    allowed = queries.allowed_channels(people)
    offers = queries.offers(store, {car.operation_id for car in cars if car.operation_id})
    written = Counter(queries.written_lately(people, since=clock.now() - timedelta(days=policy.cap_days)))
    chosen, drafts = [], {}
    for car in cars:
        customer, channels = people[car.customer_id], allowed.get(car.customer_id, set())
        channel = _channel(customer, channels)
        if channel and written[customer.pk] < policy.max_messages:
            written[customer.pk] += 1
            words = _words(store, kind, car, vehicles[car.vehicle_id], customer, offers.get(car.operation_id))
            key = f"outreach:{kind}:{car.vehicle_id}:{car.period}"
            drafts[car] = messaging.Draft(_TEMPLATES[kind], key, customer=customer, channel=channel, params=words)
        elif ConsentChannel.PHONE not in channels:
            continue
        chosen.append(car)
    sent = dict(zip(drafts, messaging.send_many(drafts.values(), store=store, by=by)))
    values = _values(store, [car.vehicle_id for car in chosen])
    tasks = [_task(store, run, policy, kind, car, sent.get(car), values.get(car.vehicle_id)) for car in chosen]
    Task.objects.bulk_create(tasks)
    record_many(
        entry(
            TaskOpened(kind.value, task.vehicle_id, task.customer_id, task.due_on, task.message_id is not None),
            store_id=store.pk,
            subject=task,
            by=by,
        )
        for task in tasks
    )
    return tasks


_TEMPLATES = {TaskKind.MAINTENANCE: "maintenance_due", TaskKind.WIN_BACK: "win_back"}


def _channel(customer: Customer, allowed: set[str]) -> str:
    """By what to write: the customer's own choice, else what he has and agreed to; empty if there is nothing."""
    for channel in (customer.preferred_channel, Channel.SMS, Channel.WECHAT, Channel.EMAIL):
        if channel in allowed and channel in Channel and messaging.address_of(customer, channel)[1]:
            return channel
    return ""


def _words(
    store: Store, kind: TaskKind, car: Car, vehicle: Vehicle, customer: Customer, offer: Offer | None
) -> dict[str, object]:
    """What is due, why, how long it takes, what it costs, how to book and how to hear no more."""
    words: dict[str, object] = {
        "plate": vehicle.plate or vehicle.title,
        "day": car.due_on if kind == TaskKind.MAINTENANCE else car.released_on,
        "book_link": f"{settings.PUBLIC_URL.rstrip('/')}/c/book/{store.code}/",
        "stop_link": stop_link(customer),
    }
    if offer:
        english = language_of(customer) == EN
        words["what"] = offer.operation.name_en or offer.operation.name_zh if english else offer.operation.name_zh
        words["hours"] = f"{offer.hours.normalize():f}"
        words["price"] = offer.price
    if kind == TaskKind.MAINTENANCE and car.by == DueBy.KM:
        words["km_per_day"] = f"{car.km_rate:.0f}"
    elif kind == TaskKind.MAINTENANCE:
        words["since"] = f"{car.base_on:%Y-%m-%d}"
    return words


def _values(store: Store, vehicle_ids: Collection[int]) -> dict[int, Decimal]:
    """{car: what was spent on it in two years}."""
    with connection.cursor() as sql:
        sql.execute(
            """
            SELECT v.vehicle_id, sum(coalesce(l.labour, 0) + coalesce(l.material, 0))
              FROM visits_visit v JOIN orders_line l ON l.store_id = v.store_id AND l.visit_id = v.id
             WHERE v.store_id = %s AND v.vehicle_id = ANY(%s) AND v.released_at > %s
               AND (l.consent_state = 'approved' OR l.origin = 'import') GROUP BY 1
            """,
            [store.pk, list(vehicle_ids), clock.now() - timedelta(days=VALUE_DAYS)],
        )
        return dict(sql.fetchall())


def _task(
    store: Store,
    run: NightRun,
    policy: Policy,
    kind: TaskKind,
    car: Car,
    message: Message | None,
    value: Decimal | None,
) -> Task:
    # The message gets its days before anybody calls, however late the car was found.
    ahead = timedelta(days=policy.remind_days - policy.call_days)
    call_on = max(car.due_on - timedelta(days=policy.call_days), run.night + ahead) if message else run.night
    if kind == TaskKind.MAINTENANCE and not message:
        call_on = max(car.due_on - timedelta(days=policy.call_days), run.night)
    figures = {name: getattr(car, name) for name in _FIGURES}
    return Task(
        store=store,
        kind=kind,
        vehicle_id=car.vehicle_id,
        customer_id=car.customer_id,
        period=car.period,
        due_on=car.due_on,
        call_on=call_on,
        state=TaskState.MESSAGED if message else TaskState.OPEN,
        operation_id=car.operation_id,
        why={
            name: str(value) if not isinstance(value, int) else value
            for name, value in figures.items()
            if value is not None
        },
        value=value or 0,
        message=message,
        created_at=clock.now(),
    )
