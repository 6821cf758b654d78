"""Every address of the product, with the role whose page it is, something to open it on, and what it must say.

Kept by hand: `tests/test_views.py` fails while an address of the resolver has no row here. `tests/test_pages_accessible.py`
opens the same rows in a browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver, reverse

from api import domain as api
from appointments import domain as booking_domain
from appointments.domain import Caller
from catalogue.models import Operation, Part
from checkout import domain as checkout
from checkout import queries as till
from complaints import domain as complaints
from core import clock
from customers import domain as customers
from guarantees import domain as guarantees
from handover import domain as handovers
from inspections import domain as inspections
from inspections.models import Certificate
from journal.models import SetAside
from messaging import domain as messaging
from messaging.models import Message
from orders import domain as orders
from orders.choices import ConsentState
from orders.domain import imports as history
from orders.models import Recommendation
from outreach import domain as outreach
from outreach.models import Task
from reception import domain as reception
from repairs import domain as repairs
from repairs.models import JobShare
from reports.domain import never_miss
from reports.models import Wait
from rescue import domain as rescue
from rescue.models import Rescue
from standards import domain as standards
from standards import queries as lists
from stores import domain as stores
from stores.models import Bay, CalendarDay, OpeningPeriod, Staff
from surveys import domain as surveys
from surveys import queries as survey_queries
from tests import factories
from tests.appointments import targets as waits
from tests.commitments import targets as promised
from tests.complaints import targets as cases
from tests.guarantees import targets as kept_back
from tests.orders import targets as rules
from tests.pictures import jpeg
from tests.symptoms import targets as trees
from tests.visits_at_stage import Maker
from visits import domain as visits
from visits.models import Promise, Visit

# Django's own pages, tried by their own tests; and what machines ask.
NOT_OURS = {"set_language", "healthz", "readyz", "metrics"}
NOT_OUR_SPACES = {"admin", "v1"}  # other systems' addresses: tests/api


@dataclass
class Target:
    """Where a row leads in one store: keys of the address, what is posted, who opens it, words of its heading."""

    kwargs: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    query: str = ""
    who: Staff | None = None
    words: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One address. `role` opens it and gets `status`; `heading` stands in its <h1> (with the target's words filled in).

    `post`: it takes nothing but POST. `stranger`/`colleague`: what somebody not signed in, or without the right, gets
    (None: everybody may). `colleague_role`: a role that lacks the right. `keyed`: its keys name an object of the store.
    """

    name: str
    role: str
    make: Callable[[Maker], Target] = lambda make: Target()
    heading: str = ""
    post: bool = False
    status: int = 200
    colleague_role: str | None = "gate"
    public: bool = False
    keyed: bool = True
    phone: bool = False

    @property
    def readable(self) -> bool:
        """A whole page for people, not a fragment, a picture or a redirect."""
        return not self.post and bool(self.heading)

    def url(self, target: Target) -> str:
        return reverse(self.name, kwargs=target.kwargs) + target.query


def names(resolver=None, space: str = "") -> Iterator[str]:
    """Names of every address the product answers, `app:name`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        elif pattern.namespace not in NOT_OUR_SPACES:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)


# --- Things to open pages on -------------------------------------------------------------------------------------------


def read(visit: Visit) -> str:
    """The plate as pages write it, with the dot after the city."""
    return f"{visit.vehicle.plate[:2]}·{visit.vehicle.plate[2:]}"


def at(stage: str, **how) -> Callable[[Maker], Target]:
    """A visit at a stage, named in the address as `visit_pk`."""

    def make(maker: Maker) -> Target:
        return of(maker(stage, **how))

    return make


def of(visit: Visit, **more) -> Target:
    words = {"plate": read(visit), "customer": visit.customer.name, "number": visit.number}
    return Target(kwargs={"visit_pk": visit.pk}, words=words, **more)


def visit_pk(stage: str, **how) -> Callable[[Maker], Target]:
    """The same, named `pk`."""

    def make(maker: Maker) -> Target:
        target = of(maker(stage, **how))
        target.kwargs = {"pk": target.kwargs["visit_pk"]}
        return target

    return make


def asked_for(maker: Maker) -> Target:
    """A drink a waiting customer asked for."""
    return Target({"pk": reception.call(maker("repair"), kind="drink", by=maker.person("advisor")).pk})


def booking(maker: Maker) -> Target:
    return Target({"pk": maker("booking").appointment.pk})


def skilled(maker: Maker) -> Target:
    maker.person("technician")
    return Target()


def with_skills(maker: Maker) -> Target:
    person = maker.person("technician")
    return Target({"pk": person.pk}, words={"name": person.name})


def came_not(maker: Maker) -> Target:
    now = clock.now()
    visit = maker("booking", due_in_at=now - timedelta(hours=30))
    return Target({"pk": visit.appointment.pk})


def number(key: str = "pk", *, called: bool = False) -> Callable[[Maker], Target]:
    """A queue number, named by its id or by the token of its slip."""

    def make(maker: Maker) -> Target:
        ticket, token = waits.number(maker, called=called)
        return Target({key: token if key == "token" else ticket.pk}, words={"number": ticket.number})

    return make


def somebody_waits(maker: Maker) -> Target:
    waits.number(maker)
    return Target()


def waiting_customer(maker: Maker) -> Target:
    return Target({"pk": waits.waits(maker).pk})


def waits_by_link(maker: Maker) -> Target:
    return Target({"token": waits.entry_token(waits.waits(maker))})


def offered(maker: Maker) -> Target:
    return Target({"pk": waits.offered(maker)[0].pk})


def offer_by_link(maker: Maker) -> Target:
    return Target({"token": waits.offered(maker)[1]})


def to_confirm(maker: Maker) -> Target:
    return Target({"pk": waits.to_prepare(maker).pk})


def desk_task(maker: Maker) -> Target:
    return Target({"pk": waits.task(maker).pk})


def need(maker: Maker) -> Target:
    visit = maker("repair")
    return Target({"pk": visit.pk, "need_pk": visit.needs.get().pk})


def untold(maker: Maker) -> Target:
    visit = maker("repair")
    row = Promise.objects.get(visit=visit)
    Promise.objects.filter(pk=row.pk).update(told_at=None, told_how="")
    return Target({"pk": visit.pk, "promise_pk": row.pk}, data={"how": "phone"})


def customer(maker: Maker) -> Target:
    person = maker("repair").customer
    return Target({"pk": person.pk}, words={"customer": person.name})


def known(maker: Maker) -> Target:
    return Target({"pk": factories.customer(maker.store).pk})


def car(maker: Maker) -> Target:
    return Target({"pk": factories.vehicle(maker.store).pk})


def set_aside(maker: Maker) -> Target:
    row = SetAside.objects.create(
        store_id=maker.store.pk,
        reaction="followups.open",
        event_id=10**12 + factories.number(),
        error="ValueError: 无法处理",
        first_at=clock.now(),
        last_at=clock.now(),
    )
    return Target({"pk": row.pk})


def own_store(maker: Maker) -> Target:
    return Target(data={"store": maker.store.pk})


# The workshop


def line(maker: Maker) -> Target:
    return Target({"line_pk": maker("repair", lines=1).lines.get().pk})


def draft(maker: Maker) -> Target:
    row = maker("reception", lines=1, checked_in=True).lines.get()
    return Target({"line_pk": row.pk}, words={"item": row.title})


def job(state: str, **data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = maker("repair", lines=1, job=state).lines.get().jobs.get()
        return Target({"pk": row.pk}, data=data, who=row.technician, words={"item": row.line.title})

    return make


def job_of_controller(maker: Maker) -> Target:
    target = job("dispatched")(maker)
    target.who = maker.person("controller")
    return target


def step(maker: Maker) -> Target:
    row = maker("repair", lines=1, job="started").lines.get().jobs.get()
    first = row.line.operation.steps.first()
    return Target({"pk": row.pk, "step_pk": first.pk}, who=row.technician, words={"step": first.name})


def filled_step(maker: Maker) -> Target:
    """A filled key step that another technician may sign."""
    row = maker("repair", lines=1, job="started", technician=factories.staff(maker.store, "technician"))
    row = row.lines.get().jobs.get()
    first = row.line.operation.steps.first()
    first.key_step = True
    first.save(update_fields=["key_step"])
    result = repairs.fill_step(row, first, by=row.technician)
    return Target({"pk": result.pk}, who=factories.staff(maker.store, "technician"))


def outside(**data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        line = maker("repair", lines=1).lines.get()
        due = clock.now() + timedelta(hours=5)
        row = repairs.send_out(line, supplier="精益钣喷", due_at=due, by=maker.person("controller"))
        return Target({"pk": row.pk}, data=data)

    return make


def placed(maker: Maker) -> Target:
    line, person = maker("repair", lines=1).lines.get(), factories.staff(maker.store, "technician")
    start = (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    return Target(data={"line": line.pk, "lane": f"technician-{person.pk}", "start": start.isoformat()})


def shared_job(maker: Maker) -> Target:
    """In work, and the one who opens it only helps."""
    row = maker("repair", lines=1, job="started", technician=factories.staff(maker.store, "technician"))
    row, helper = row.lines.get().jobs.get(), factories.staff(maker.store, "technician")
    JobShare.objects.create(store=row.store, job=row, technician=helper, percent=30, planned=row.planned)
    return Target({"pk": row.pk}, who=helper)


def at_work(maker: Maker) -> Target:
    person = factories.staff(maker.store, "technician")
    repairs.come(by=person)
    return Target(who=person)


def inspectable(maker: Maker) -> Target:
    visit = maker("repair", lines=1, job="done")
    return of(visit)


def part_request(state: str = "requested") -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        # Each of several works on one car.
        technician = factories.staff(maker.store, "technician")
        row = maker("repair", lines=1, job="started", technician=technician).lines.get().jobs.get()
        asked = repairs.request_parts(row, by=row.technician)[0]
        clerk = maker.person("parts_clerk")
        if state == "ordered":
            repairs.order_parts(asked, expected_on=clock.now().date() + timedelta(days=3), by=clerk)
        if state == "issued":
            repairs.issue_parts(asked, by=clerk)
        return Target({"pk": asked.pk})

    return make


def part(maker: Maker) -> Target:
    return Target({"pk": (Part.objects.filter(active=True).first() or factories.part(maker.store)).pk})


# Inspection and wash


def level(maker: Maker) -> Target:
    visit = maker("inspection")
    return Target({"visit_pk": visit.pk, "level": 1}, who=maker.person("technician"), words={"plate": read(visit)})


def certified(maker: Maker) -> Target:
    visit = maker("wash")
    Certificate.objects.create(
        store=maker.store,
        visit=visit,
        number=f"HG{factories.number()}",
        inspector=maker.person("inspector"),
        mileage=23_456,
        issued_at=clock.now(),
    )
    return of(visit)


def washing(maker: Maker) -> Target:
    visit = maker("wash")
    inspections.start_wash(visit, by=maker.person("washer"))
    return of(visit)


def washed_untold(maker: Maker) -> Target:
    """Washed and checked, but no message reaches the customer."""
    visit = maker("wash", customer=factories.customer(maker.store, phone=""))
    inspections.waive_wash(visit, reason="customer", by=visit.advisor)
    return of(visit, data={"how": "phone"})


# Handover, till, gate


def prepared(maker: Maker) -> Target:
    visit = maker("handover")
    handovers.prepare(visit, by=visit.advisor, mileage_out=23_460)
    return of(visit)


def handed(maker: Maker) -> Target:
    visit = maker("handover")
    row = visit.needs.get()
    return Target(
        {"visit_pk": visit.pk, "need_pk": row.pk},
        data={f"need{row.pk}-outcome": "done", f"need{row.pk}-answer": "已处理"},
    )


def picture_of(stage: str, **more) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        return of(maker(stage), data={"photos": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg"), **more})

    return make


def to_account(maker: Maker) -> Target:
    return of(maker("checkout"), data={"account-amount": "100.00", "account-debtor": "顺风物流，月底"})


def asked_account(maker: Maker, *, approve: bool = False) -> tuple[Visit, object]:
    visit = maker("checkout")
    asked = checkout.ask_account(till.settlement_of(visit), amount=100, debtor="顺风物流", by=maker.person("cashier"))
    if approve:
        checkout.decide_account(asked, approve=True, by=maker.person("service_manager"))
    return visit, asked


def on_account(maker: Maker) -> Target:
    return of(asked_account(maker, approve=True)[0], data={"token": str(uuid4())})


def approval(maker: Maker) -> Target:
    asked = asked_account(maker)[1]
    return Target({"pk": asked.pk}, data={f"a{asked.pk}-decision": "approve"}, who=maker.person("general_manager"))


def payment(maker: Maker) -> Target:
    visit = maker("checkout", paid=True)
    return Target({"visit_pk": visit.pk, "payment_pk": till.settlement_of(visit).payments.get().pk})


def paid(maker: Maker) -> Target:
    visit = maker("checkout")
    settlement = till.settlement_of(visit)
    cashier = maker.person("cashier")
    checkout.pay(settlement, method="cash", amount=settlement.payable, by=cashier, token=uuid4())
    return replace(of(visit), data={"content": "1"})


def not_content(maker: Maker) -> Target:
    return replace(paid(maker), data={"answer": "not_content", "words": "空调还是有异味"})


def at_the_car(maker: Maker) -> Target:
    visit = maker("checkout")
    row = checkout.ask_before_leaving(visit, answer="not_content", words="没洗干净", by=maker.person("cashier"))
    return Target({"pk": row.pk})


def leaving(maker: Maker) -> Target:
    return Target(data={"plate": maker("checkout", paid=True).vehicle.plate})


def comforted(maker: Maker) -> Target:
    return Target(query=f"?plate={maker('repair').vehicle.plate}")


# Help on the road


def call_for_help(maker: Maker, to: str = "requested") -> Rescue:
    """A call for help, brought as far as `to`."""
    car = maker("closed").vehicle
    caller = Caller(name=car.owner.name, phone=car.owner.phone, plate=car.plate)
    asked = {"trouble": "tyre", "place": "京港澳高速 K58", "channel": "phone", "token": uuid4()}
    job, _link = rescue.request_help(store=maker.store, caller=caller, by=maker.person("advisor"), **asked)
    driver = maker.person("technician")
    if to != "requested":
        van = rescue.set_van(store=maker.store, plate="京AJ8888", title="福特全顺", tows=True)
        job = rescue.accept(job, driver=driver, van=van, minutes=30, by=driver)
    if to in ("departed", "arrived"):
        job = rescue.depart(job, kit=[], by=driver)
    if to == "arrived":
        job = rescue.arrive(job, by=driver)
    return job


def help_at(to: str, **data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        job = call_for_help(maker, to)
        return Target({"pk": job.pk}, data={"version": job.version, **data}, words=of(job.visit).words)

    return make


def to_be_accepted(maker: Maker) -> Target:
    target = help_at("requested", minutes=30)(maker)
    van = rescue.set_van(store=maker.store, plate="京AJ8888", title="福特全顺", tows=True)
    return replace(target, data=target.data | {"driver": maker.person("technician").pk, "van": van.pk})


def duty(maker: Maker) -> Target:
    now = clock.now()
    row = rescue.set_duty(
        staff=maker.person("technician"), start=now, end=now + timedelta(hours=8), phone="13800000000"
    )
    return Target({"pk": row.pk})


def rescue_by_link(maker: Maker) -> Target:
    car = maker("closed").vehicle
    caller = Caller(name=car.owner.name, phone=car.owner.phone, plate=car.plate)
    asked = {"trouble": "tyre", "place": "京港澳高速 K58", "channel": "web", "token": uuid4()}
    return Target({"token": rescue.request_help(store=maker.store, caller=caller, **asked)[1]})


# Afterwards


def call(maker: Maker) -> Target:
    visit = maker("follow_up")
    words = {"customer": visit.customer.name, "plate": read(visit)}
    return Target({"pk": visit.follow_up.pk}, who=maker.person("customer_relations"), words=words)


def case(make=cases.opened, who: str = "customer_relations", **data) -> Callable[[Maker], Target]:
    def target(maker: Maker) -> Target:
        row = make(maker)
        return Target({"pk": row.pk}, data=data, who=maker.person(who), words={"number": row.number})

    return target


def plan(key: str, make=cases.planned, who: str = "customer_relations", **data) -> Callable[[Maker], Target]:
    """A plan of a case, named in the address as `key`; `{n}` in what is posted is its number."""

    def target(maker: Maker) -> Target:
        row = make(maker)
        posted = {name.replace("{n}", str(row.pk)): value for name, value in data.items()}
        return Target({key: row.pk}, data=posted, who=maker.person(who))

    return target


def to_carry_out(maker: Maker) -> Target:
    row = cases.planned(maker, "apology", 0).measures.get()
    who = maker.person("customer_relations")
    return Target({"measure_pk": row.pk}, data={f"m{row.pk}-proof": "当面致歉"}, who=who)


def above_limit(maker: Maker):
    return cases.planned(maker, "cash", 500)


def reminder(state: str = "messaged", **data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        return reminder_of(maker, state, **data)

    return make


def reminder_of(maker: Maker, state: str = "messaged", **data) -> Target:
    """A reminder of a car, its owner taking calls; to be called today."""
    car = factories.vehicle(maker.store)
    today = clock.local_day(maker.store.tz)
    customers.give_consent(car.owner, purpose="marketing", channel="phone", by=maker.person("booking_desk"))
    task = Task.objects.create(
        store=maker.store,
        kind="maintenance",
        vehicle=car,
        customer=car.owner,
        period="2026-01-01",
        due_on=today + timedelta(days=5),
        call_on=today,
        state=state,
        operation=Operation.objects.first(),
        why={"by": "time", "base_on": "2026-01-01", "km_rate": "40.00", "rate_from": "default"},
        created_at=clock.now(),
    )
    return Target({"pk": task.pk}, data=data, words={"customer": car.owner.name})


def stop_link(maker: Maker) -> Target:
    person = factories.customer(maker.store)
    customers.give_consent(person, purpose="marketing", channel="sms", by=maker.person("booking_desk"))
    return Target({"token": outreach.stop_link(person).rstrip("/").rsplit("/", 1)[1]})


def closed_case(maker: Maker):
    return complaints.close_case(cases.closable(maker), note="客户满意", by=maker.person("customer_relations"))


def told_sales(**data) -> Callable[[Maker], Target]:
    def target(maker: Maker) -> Target:
        row = cases.told(maker)
        posted = {name.replace("{n}", str(row.pk)): value for name, value in data.items()}
        return Target({"pk": row.pk}, data=posted, who=maker.person("sales_liaison"))

    return target


def case_file(maker: Maker) -> Target:
    return Target({"pk": cases.file(maker).pk})


def case_by_link(maker: Maker) -> Target:
    return Target({"token": complaints.make_link(cases.opened(maker))})


def counter_of_complaints(maker: Maker) -> Target:
    return Target({"code": maker.store.code})


def message(status: str) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        visit = maker("handover")
        row = messaging.send(
            store=maker.store,
            template="car_ready",
            customer=visit.customer,
            params={"plate": visit.vehicle.plate},
            dedupe_key=f"pages-{factories.number()}",
            visit_id=visit.pk,
        )
        Message.objects.filter(pk=row.pk).update(status=status)
        return Target({"pk": row.pk})

    return make


# The order


def with_drafts(maker: Maker) -> Target:
    visit = maker("repair")
    factories.line(visit)
    return of(visit)


def asked(maker: Maker) -> Target:
    target = with_drafts(maker)
    visit = Visit.objects.get(pk=target.kwargs["visit_pk"])
    orders.ask_consent(visit, promised_at=clock.now() + timedelta(hours=6), by=visit.advisor)
    return target


def added_and_asked(maker: Maker) -> Target:
    """A finding whose added item the customer was asked about."""
    visit = maker("repair", job="started")
    repairs.propose(
        visit,
        by=maker.person("technician"),
        operation=factories.operation(maker.store),
        risk="safety",
        concern="右前减震器漏油",
    )
    orders.ask_consent(visit, promised_at=clock.now() + timedelta(hours=6), by=visit.advisor)
    return of(visit)


def operation(maker: Maker) -> Target:
    return of(maker("reception", checked_in=True, lines=1), data={"operation": factories.operation(maker.store).pk})


def recommended(maker: Maker) -> Target:
    earlier = maker("closed")
    declined = factories.line(earlier, consent_state=ConsentState.DECLINED, risk="safety", pack=earlier.packs.first())
    advice = Recommendation.objects.create(
        store=maker.store, vehicle=earlier.vehicle, line=declined, risk="safety", created_at=clock.now()
    )
    visit = maker("reception", vehicle=earlier.vehicle, customer=earlier.customer)
    target = of(visit)
    target.kwargs["pk"] = advice.pk
    return target


HISTORY = "VIN,单号,日期,客户描述,金额\nLSVAA4180E2000001,881,2024-03-05,方向盘异响,320.50\n"


def import_run(maker: Maker) -> Target:
    run = history.begin_import(
        store=maker.store,
        data=HISTORY.encode(),
        filename="history.csv",
        source="old-dms",
        by=maker.person("service_manager"),
    )
    return Target({"pk": run.pk}, words={"file": run.filename})


# Checklists


def version(*, draft: bool) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        manager = maker.person("service_manager")
        row = standards.draft(use="wash", by=manager) if draft else lists.in_force("wash")
        return Target({"pk": row.pk}, words={"list": row.name})

    return make


def check_item(**more) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = standards.draft(use="wash", by=maker.person("service_manager"))
        return Target({"pk": lists.items(row)[1].pk, **more})

    return make


# Questionnaires


def survey_answer(maker: Maker) -> Target:
    visit = maker("follow_up")
    core = survey_queries.core_items(survey_queries.items(survey_queries.in_force()))
    marks = {core["overall"].pk: 9, core["nps"].pk: 8, core["problem"].pk: False}
    caller = maker.person("customer_relations")
    row = surveys.answer(visit, answers=marks, channel="phone", by=caller, comment="还行")
    return Target({"pk": row.pk}, words={"customer": visit.customer.name})


def questionnaire(*, draft: bool = False) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = surveys.draft(by=maker.person("service_manager")) if draft else survey_queries.in_force()
        return Target({"pk": row.pk})

    return make


def question(**kwargs) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = surveys.draft(by=maker.person("service_manager"))
        return Target({"pk": survey_queries.items(row)[-1].pk, **kwargs})

    return make


def survey_by_link(maker: Maker) -> Target:
    visit = maker("follow_up")
    surveys.plan_invitation(visit, by=visit.advisor)
    return Target({"token": visits.make_link(visit)})


# The store


def away(maker: Maker) -> Target:
    start = clock.now() + timedelta(days=400)
    boss = factories.staff(maker.store, "service_manager")
    row = stores.take_leave(boss, start=start, end=start + timedelta(hours=4), by=boss)
    return Target({"pk": row.pk})


def kind_of_place(maker: Maker) -> Target:
    return Target({"kind": "bay"})


def one_bay(maker: Maker) -> Target:
    return Target({"kind": "bay", "pk": Bay.objects.first().pk}, data={"active": "0"})


def period(maker: Maker) -> Target:
    return Target({"pk": OpeningPeriod.objects.first().pk})


def holiday(maker: Maker) -> Target:
    return Target({"pk": CalendarDay.objects.first().pk})


def year(maker: Maker) -> Target:
    """Nobody has published the holidays of this one."""
    return Target({"year": clock.now().year + 5})


# The customer


def link(stage: str, **how) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        visit = maker(stage, **how)
        return Target({"token": visits.make_link(visit)}, words={"plate": read(visit)})

    return make


def asked_by_link(maker: Maker) -> Target:
    visit = Visit.objects.get(pk=asked(maker).kwargs["visit_pk"])
    pack = visit.packs.get(decided_at=None)
    answers = {f"line-{line.pk}": "yes" for line in visit.lines.filter(pack=pack)}
    return Target({"token": visits.make_link(visit)}, data={"pack": pack.pk, **answers})


def photo(maker: Maker) -> Target:
    visit = maker("repair")
    row = visits.store_photo(visit, kind="walk_around", upload=jpeg(), by=visit.advisor)
    return Target({"pk": row.pk})


def photo_by_link(maker: Maker) -> Target:
    visit = maker("repair")
    row = visits.store_photo(visit, kind="walk_around", upload=jpeg(), by=visit.advisor)
    return Target({"token": visits.make_link(visit), "pk": row.pk})


def remedy(maker: Maker) -> Target:
    return Target({"pk": promised.owed(maker).pk})


def money_rule(make: Callable[[Maker], dict]) -> Callable[[Maker], Target]:
    return lambda maker: Target(make(maker))


def drafted_promise(maker: Maker) -> Target:
    return Target({"pk": promised.draft(maker).pk})


def promise_in_force(maker: Maker) -> Target:
    return Target({"pk": promised.in_force("follow_up_72h").pk})


def counter(maker: Maker) -> Target:
    return Target({"code": maker.store.code})


def chosen(maker: Maker) -> Target:
    """Something is to be done: the page with times for it."""
    maker.person("advisor")
    return Target({"code": maker.store.code}, query="?kind=maintenance", data={"kind": "maintenance"})


def held_slot(maker: Maker) -> Target:
    """A time is kept for somebody who fills in the last page."""
    maker.person("advisor")
    wish = booking_domain.Wish.of([booking_domain.Item("maintenance")])
    days = booking_domain.offers(maker.store, wish, first=clock.local_day(maker.store.tz), days=10)
    first = next(offer for day in days for offer in day.offers)
    kept = booking_domain.hold(maker.store, wish, start=first.start, channel="web", by=maker.person("advisor"))
    return Target({"code": maker.store.code}, query=f"?kind=maintenance&hold={kept.token}")


def code_sent(maker: Maker) -> Target:
    row, _code = customers.issue_code(maker.store, phone="13800001111")
    return Target({"code": maker.store.code, "token": row.token})


def symptoms_of(make, **more) -> Callable[[Maker], Target]:
    def target(maker: Maker) -> Target:
        return Target({"pk": make(maker).pk, **more})

    return target


def booked_by_link(maker: Maker) -> Target:
    return Target({"code": maker.store.code, "token": visits.make_link(maker("booking"))})


def api_key(maker: Maker) -> Target:
    by = [maker.person("service_manager")]
    key, _secret = api.issue_key(name="DMS", stores=[maker.store], scopes=["visits.read"], by=by)
    return Target({"pk": key.pk})


def slug(maker: Maker) -> Target:
    return Target({"use": "wash"}, words={"list": lists.in_force("wash").name})


def waited(maker: Maker) -> Target:
    """A car that got its parts an hour ago, and one that still waits."""
    now = clock.now()
    for minutes, ended in ((120, now - timedelta(minutes=60)), (45, None)):
        start = now - timedelta(minutes=minutes)
        local = start.astimezone(maker.store.tz)
        seconds = None if ended is None else 3600
        place = {"day": local.date(), "weekday": local.weekday(), "hour": local.hour}
        Wait.objects.create(
            store=maker.store, visit=maker("repair"), kind="parts", started_at=start, ended_at=ended, seconds=seconds, counted=seconds, **place
        )  # fmt: skip
    return Target({"kind": "parts"})


def proven(maker: Maker) -> Target:
    """A car whose follow-up call is overdue, found last night."""
    call = maker("follow_up").follow_up
    type(call).objects.filter(pk=call.pk).update(due_at=clock.now() - timedelta(hours=2))
    never_miss.check(maker.store)
    return Target()


# --- The table -----------------------------------------------------------------------------------------------------------

DONE = 303  # a post that was carried out leads on

# The three guarantees and comebacks


def of_repair(maker: Maker) -> Target:
    row = kept_back.repair(maker)
    return Target({"pk": row.pk}, words={"plate": read(row.visit)})


def counted_car(maker: Maker) -> Target:
    row = kept_back.repair(maker)
    return Target({"pk": row.vehicle_id}, words={"plate": read(row.visit), "car": row.vehicle.title})


def counted(key: str) -> Callable[[Maker], Target]:
    """Something that hangs on a repair: its warning, its loan car, its problem."""

    def make(maker: Maker) -> Target:
        row = kept_back.repair(maker)
        return Target({"pk": row.courtesy.pk if key == "courtesy" else getattr(row, key).first().pk})

    return make


def somebody_counts(maker: Maker) -> Target:
    kept_back.repair(maker)
    return Target()


def excluded(maker: Maker) -> Target:
    return Target({"pk": kept_back.exclusion(maker).pk})


def back_on_the_list(maker: Maker) -> Target:
    kept_back.suggested(maker)
    return Target()


def back_again(maker: Maker) -> Target:
    row = kept_back.suggested(maker)
    return Target({"pk": row.pk}, data={"reason": "另一侧"})


def marked(maker: Maker) -> Target:
    return of(kept_back.again(maker)[0])


def red_light(maker: Maker) -> Target:
    visit = maker("repair", lines=1)
    pads = lists.in_force("lights").items.get(name_zh="前制动片厚度")
    run = inspections.save_lights(visit, results={pads.pk: {"value": 2}}, by=maker.person("technician"))
    return Target({"pk": run.results.get().pk})


def health_day(maker: Maker) -> Target:
    return Target({"day": f"{clock.local_day(maker.store.tz)}", "kind": "csv"})


def health_file(maker: Maker) -> Target:
    maker("closed")
    return Target({"pk": guarantees.write_day(maker.store, clock.local_day(maker.store.tz)).pk})


PAGES = [
    # desk
    Page("desk:home", "advisor", heading="我今天的车辆", colleague_role=None),
    Page("desk:board", "advisor", heading="实时看板"),
    Page("desk:board_lanes", "advisor"),
    Page("desk:search", "advisor", lambda make: Target(query="?q=888"), "搜索"),
    Page("desk:say", "washer", heading="客户说……", colleague_role=None, phone=True),
    Page("desk:visit", "advisor", visit_pk("repair", job="started"), "{plate} {customer} {number}"),
    Page("desk:add_need", "advisor", visit_pk("repair"), "客户提出的需求"),
    Page("desk:settle_need", "advisor", need, "答复客户需求"),
    Page("desk:promise", "advisor", visit_pk("repair"), "承诺交车时间"),
    Page("desk:move_promise", "advisor", money_rule(rules.at_risk), post=True, status=DONE),
    Page("desk:tell_promise", "advisor", untold, post=True, status=DONE),
    Page("desk:tell_customer", "advisor", visit_pk("repair"), "向客户通报进度"),
    Page("desk:cancel", "advisor", visit_pk("reception"), "结束本次服务：未维修离店"),
    Page("desk:send_link", "advisor", visit_pk("repair"), "发送客户链接"),
    Page("desk:customer", "advisor", customer, "{customer}"),
    Page("desk:dead_letters", "service_manager", heading="搁置事项"),
    Page("desk:retry", "service_manager", set_aside, post=True, status=DONE),
    Page("desk:dismiss", "service_manager", set_aside, post=True, status=DONE),
    Page("desk:choose_store", "advisor", own_store, post=True, status=302, colleague_role=None),
    # appointments
    Page("appointments:day", "booking_desk", heading="预约"),
    Page("appointments:book", "booking_desk", heading="新建预约"),
    Page("appointments:find", "booking_desk"),
    Page("appointments:slots", "booking_desk"),
    Page("appointments:hold", "booking_desk", post=True, status=422),
    Page("appointments:week", "booking_desk", heading="本周预约"),
    Page("appointments:day_print", "booking_desk", heading="到店安排"),
    Page("appointments:plan", "booking_desk", booking, "预约方案"),
    Page("appointments:move_slots", "booking_desk", booking),
    Page("appointments:hours", "service_manager", heading="营业时间"),
    Page("appointments:add_period", "service_manager", heading="新增营业时段"),
    Page("appointments:remove_period", "service_manager", period, post=True, status=DONE),
    Page("appointments:set_day", "service_manager", heading="设置特殊日期"),
    Page("appointments:clear_day", "service_manager", holiday, post=True, status=DONE),
    Page("appointments:enter_holidays", "service_manager", year, post=True, status=422, keyed=False),
    Page("appointments:leave", "service_manager", heading="员工休假"),
    Page("appointments:take_leave", "service_manager", heading="登记休假"),
    Page("appointments:end_leave", "service_manager", away, post=True, status=DONE),
    Page("appointments:people", "service_manager", skilled, "员工技能"),
    Page("appointments:skills", "service_manager", with_skills, "{name} 的技能"),
    Page("appointments:places", "service_manager", heading="工位与场地"),
    Page("appointments:add_place", "service_manager", kind_of_place, heading="新增工位", keyed=False),
    Page("appointments:switch_place", "service_manager", one_bay, post=True, status=DONE),
    Page("appointments:policy", "service_manager", heading="预约规则"),
    Page("appointments:menu", "service_manager", heading="预约菜单"),
    Page("appointments:reschedule", "booking_desk", booking, "改约"),
    Page("appointments:cancel", "booking_desk", booking, "取消预约"),
    Page("appointments:no_show", "booking_desk", came_not, "客户未到店"),
    Page("appointments:queue", "booking_desk", heading="排队叫号"),
    Page("appointments:number", "booking_desk", number("token"), "{number} 号"),
    Page("appointments:call_next", "booking_desk", somebody_waits, post=True, status=DONE),
    Page("appointments:call_number", "booking_desk", number(), post=True, status=DONE),
    Page("appointments:serve_number", "booking_desk", number(called=True), post=True, status=DONE),
    Page("appointments:end_number", "booking_desk", number(), post=True, status=DONE),
    Page("appointments:waitlist", "booking_desk", heading="预约候补"),
    Page("appointments:join", "booking_desk", heading="加入候补"),
    Page("appointments:leave_waitlist", "booking_desk", waiting_customer, post=True, status=DONE),
    Page("appointments:accept_offer", "booking_desk", offered, post=True, status=DONE),
    Page("appointments:decline_offer", "booking_desk", offered, post=True, status=DONE),
    Page("appointments:tasks", "booking_desk", heading="预约待办"),
    Page("appointments:finish_task", "booking_desk", desk_task, "迟到：联系客户"),
    Page("appointments:preparation", "controller", heading="预约内部确认"),
    Page("appointments:prepare", "controller", to_confirm, "车间"),
    Page("appointments:confirm_preparation", "controller", to_confirm, post=True, status=DONE),
    # symptoms
    Page("symptoms:list", "service_manager", heading="自助问诊"),
    Page("symptoms:begin", "service_manager", post=True, status=DONE),
    Page("symptoms:agreement", "service_manager", heading="问诊准确度"),
    Page("symptoms:tree", "controller", symptoms_of(trees.draft), "自助问诊，第 2 版"),
    Page("symptoms:try", "controller", symptoms_of(trees.draft), "第 2 版客户视图"),
    Page("symptoms:publish", "service_manager", symptoms_of(trees.draft), post=True, status=DONE),
    Page("symptoms:discard", "service_manager", symptoms_of(trees.draft), post=True, status=DONE),
    Page("symptoms:add_question", "service_manager", symptoms_of(trees.draft), "新增题目"),
    Page("symptoms:add_result", "service_manager", symptoms_of(trees.draft), "新结果"),
    Page("symptoms:question", "service_manager", symptoms_of(trees.question), "修改题目"),
    Page("symptoms:remove_question", "service_manager", symptoms_of(trees.question), post=True, status=DONE),
    Page("symptoms:add_choice", "service_manager", symptoms_of(trees.question), "“什么颜色？”的新选项"),
    Page("symptoms:choice", "service_manager", symptoms_of(trees.choice), "修改选项"),
    Page("symptoms:move_choice", "service_manager", symptoms_of(trees.choice, way="up"), post=True, status=DONE),
    Page("symptoms:remove_choice", "service_manager", symptoms_of(trees.choice), post=True, status=DONE),
    Page("symptoms:result", "service_manager", symptoms_of(trees.result), "修改结果"),
    Page("symptoms:remove_result", "service_manager", symptoms_of(trees.result), post=True, status=DONE),
    # reception
    Page("reception:arrive", "advisor", heading="到店接待"),
    Page("reception:walk_in", "advisor", heading="无预约接车"),
    Page("reception:check_in", "advisor", at("reception"), "环车检查"),
    Page("reception:greet", "advisor", at("reception"), post=True, status=DONE),
    Page("reception:photos", "advisor", picture_of("reception", kind="walk_around"), post=True, status=302),
    Page("reception:send_sheet", "advisor", at("reception"), post=True, status=422),
    Page("reception:send_photo", "advisor", at("reception"), post=True, status=422),
    Page("reception:worker", "advisor", public=True),
    Page("reception:calls", "booking_desk", heading="客户呼叫"),
    Page("reception:answer_call", "booking_desk", asked_for, post=True, status=DONE),
    Page("reception:print_check_in", "advisor", at("repair"), "接车单"),
    Page("reception:estimate", "advisor", at("reception"), status=302),
    Page("reception:sign", "advisor", at("reception", lines=1, checked_in=True), "估价与签字"),
    Page("reception:leave", "advisor", at("reception"), "未维修离店"),
    # orders
    Page("orders:import", "service_manager", heading="导入维修历史"),
    Page("orders:import_run", "service_manager", import_run, "{file}"),
    Page("orders:import_progress", "service_manager", import_run),
    Page("orders:lines", "advisor", with_drafts, "估价单"),
    Page("orders:operations", "advisor", at("reception")),
    Page("orders:add", "advisor", operation, post=True, status=DONE),
    Page("orders:add_item", "advisor", at("reception"), "新增项目"),
    Page("orders:revive", "advisor", recommended, post=True, status=DONE),
    Page("orders:terms", "advisor", at("reception", lines=1), "委托条款"),
    Page("orders:change", "advisor", draft, "{item}"),
    Page("orders:remove", "advisor", draft, post=True, status=DONE),
    Page("orders:ask", "advisor", with_drafts, "请客户确认"),
    Page("orders:redeem", "advisor", money_rule(rules.entitled), post=True, status=DONE),
    Page("orders:undo_redemption", "advisor", money_rule(rules.redeemed), post=True, status=DONE),
    Page("orders:ask_discount", "advisor", draft, "申请更大优惠"),
    Page("orders:discounts", "service_manager", money_rule(rules.discount_list), "待批优惠"),
    Page("orders:decide_discount", "service_manager", money_rule(rules.discount_asked), post=True, status=DONE),
    Page("orders:limits", "service_manager", heading="优惠权限"),
    Page("orders:take_back", "advisor", asked, post=True, status=DONE),
    Page("orders:decide_by_phone", "advisor", asked, "电话确认"),
    Page("orders:settlement", "advisor", at("checkout"), "维修结算清单"),
    Page("orders:issue", "advisor", at("handover"), post=True, status=DONE),
    Page("orders:explain", "advisor", at("handover", settled=True), post=True, status=DONE),
    Page("orders:print_order", "advisor", at("repair"), "任务委托书"),
    Page("orders:print_added", "advisor", added_and_asked, "增项确认单"),
    Page("orders:print_settlement", "advisor", at("checkout"), "机动车维修费用结算清单"),
    # repairs
    Page("repairs:board", "controller", heading="派工看板"),
    Page("repairs:board_live", "controller"),
    Page("repairs:dispatch", "controller", line, "派工"),
    Page("repairs:move", "controller", job_of_controller, "重新安排"),
    Page("repairs:withdraw", "controller", job_of_controller, "撤回派工"),
    Page("repairs:to_inspection", "controller", inspectable, post=True, status=DONE),
    Page("repairs:place", "controller", placed, post=True, keyed=False),
    Page("repairs:send_out", "controller", line, "外委加工"),
    Page("repairs:sublet", "controller", outside(), "外委返回"),
    Page("repairs:sublet_due", "controller", outside(), "改期或改价"),
    Page("repairs:sublet_off", "controller", outside(), "取消外委"),
    Page("repairs:signing", "inspector", heading="关键工序会签", phone=True),
    Page("repairs:sign_step", "technician", filled_step, post=True, status=DONE),
    Page("repairs:come", "technician", post=True, status=DONE),
    Page("repairs:go", "technician", at_work, post=True, status=DONE),
    Page("repairs:join", "technician", shared_job, post=True, status=DONE),
    Page("repairs:my_jobs", "technician", heading="我的任务", phone=True),
    Page("repairs:my_jobs_live", "technician"),
    Page("repairs:job", "technician", job("started"), "{item}", phone=True),
    Page("repairs:start", "technician", job("dispatched"), post=True, status=DONE),
    Page("repairs:pause", "technician", job("started", reason="parts"), post=True, status=DONE),
    Page("repairs:resume", "technician", job("paused"), post=True, status=DONE),
    Page("repairs:finish", "technician", job("started"), "{item}", phone=True),
    Page("repairs:step", "technician", step, "{step}", phone=True),
    Page("repairs:request_parts", "technician", job("started"), post=True, status=DONE),
    Page("repairs:print_job", "technician", job("started"), "派工单"),
    Page("repairs:propose", "technician", at("repair", job="started"), "发现问题", phone=True),
    Page("repairs:parts", "parts_clerk", heading="配件库"),
    Page("repairs:parts_live", "parts_clerk"),
    Page("repairs:issue", "parts_clerk", part_request(), "部分发料"),
    Page("repairs:order", "parts_clerk", part_request(), "订货并填写预计到货日期"),
    Page("repairs:arrived", "parts_clerk", part_request("ordered"), "订货到件"),
    Page("repairs:return", "parts_clerk", part_request("issued"), "退料"),
    Page("repairs:cancel", "parts_clerk", part_request(), "取消申领"),
    Page("repairs:receive", "parts_clerk", part, "到货入库"),
    # inspections
    Page("inspections:queue", "inspector", heading="质检", phone=True),
    Page("inspections:inspect", "technician", level, "自检", phone=True),
    Page("inspections:begin", "technician", level, post=True, status=DONE),
    Page("inspections:lights", "technician", at("repair"), "红绿灯检查", phone=True),
    Page("inspections:propose_light", "technician", red_light, post=True, status=DONE),
    Page("inspections:print_sheet", "inspector", at("wash"), "质检单"),
    Page("inspections:print_certificate", "inspector", certified, "机动车维修竣工出厂合格证"),
    Page("inspections:wash_queue", "washer", heading="洗车", phone=True),
    Page("inspections:wash", "washer", at("wash"), "{plate} 洗车", phone=True),
    Page("inspections:start_wash", "washer", at("wash"), post=True, status=DONE),
    Page("inspections:mark_washed", "washer", washing, post=True, status=DONE),
    Page(
        "inspections:waive_wash",
        "advisor",
        lambda make: of(make("wash"), data={"reason": "customer"}),
        post=True,
        status=DONE,
    ),
    Page("inspections:tell_ready", "advisor", washed_untold, post=True, status=DONE),
    # guarantees
    Page("guarantees:cars", "service_manager", somebody_counts, "三包管理"),
    Page("guarantees:car", "service_manager", counted_car, "{plate} {car}"),
    Page("guarantees:record", "advisor", of_repair, "三包修理记录"),
    Page("guarantees:exclude", "service_manager", of_repair, "扣除不计入的时间", colleague_role="advisor"),
    Page("guarantees:towing", "advisor", of_repair, "拖运费"),
    Page("guarantees:withdraw", "service_manager", excluded, post=True, status=DONE, colleague_role="advisor"),
    Page("guarantees:regroup", "service_manager", counted("problems"), "维修的是哪个问题？", colleague_role="advisor"),
    Page("guarantees:handle", "service_manager", counted("alerts"), "处理三包预警", colleague_role="advisor"),
    Page("guarantees:settle", "advisor", counted("courtesy"), "备用车或交通补偿"),
    Page("guarantees:comebacks", "advisor", back_on_the_list, "返修"),
    Page("guarantees:comeback", "advisor", back_again, "是同一问题返修吗？"),
    Page("guarantees:confirm", "advisor", back_again, post=True, status=DONE),
    Page("guarantees:dismiss", "advisor", back_again, post=True, status=DONE),
    Page("guarantees:mark", "advisor", marked, "同一问题再次出现"),
    Page("guarantees:ehealth", "service_manager", heading="汽车维修电子健康档案", colleague_role="advisor"),
    Page("guarantees:ehealth_day", "service_manager", health_day, keyed=False, colleague_role="advisor"),
    Page("guarantees:ehealth_file", "service_manager", health_file, colleague_role="advisor"),
    # handover
    Page("handover:handover", "advisor", prepared, "{plate} 交车"),
    Page(
        "handover:prepare",
        "advisor",
        lambda make: of(make("handover"), data={"mileage_out": 23_460}),
        post=True,
        status=DONE,
    ),
    Page("handover:explain", "advisor", prepared, post=True, status=DONE),
    Page("handover:photos", "advisor", picture_of("handover"), post=True, status=DONE),
    Page("handover:settle_need", "advisor", handed, post=True, status=DONE),
    # help on the road
    Page("rescue:jobs", "technician", heading="道路救援", colleague_role="washer", phone=True),
    Page("rescue:take", "advisor", heading="救援来电", colleague_role="washer"),
    Page("rescue:job", "technician", help_at("accepted"), "{plate} 救援", colleague_role="washer", phone=True),
    Page("rescue:accept", "controller", to_be_accepted, post=True, status=DONE, colleague_role="washer"),
    Page("rescue:depart", "advisor", help_at("accepted"), post=True, status=DONE, colleague_role="washer"),
    Page("rescue:arrive", "advisor", help_at("departed"), post=True, status=DONE, colleague_role="washer"),
    Page(
        "rescue:finish", "advisor", help_at("arrived", outcome="补胎"), post=True, status=DONE, colleague_role="washer"
    ),
    Page(
        "rescue:call_off",
        "advisor",
        help_at("requested", reason="自己修好了"),
        post=True,
        status=DONE,
        colleague_role="washer",
    ),
    Page("rescue:roster", "service_manager", heading="值班表与救援车"),
    Page("rescue:end_duty", "service_manager", duty, post=True, status=DONE),
    Page(
        "rescue:set_van",
        "service_manager",
        lambda maker: Target(data={"plate": "京AJ8888", "title": "福特全顺"}),
        post=True,
        status=DONE,
    ),
    # checkout
    Page("checkout:queue", "cashier", heading="待结算车辆"),
    Page("checkout:pay", "cashier", at("checkout"), "{plate} 结算"),
    Page("checkout:ask_account", "cashier", to_account, post=True, status=DONE),
    Page("checkout:book_account", "cashier", on_account, post=True, status=DONE),
    Page("checkout:refund", "cashier", payment, "退款"),
    Page("checkout:ask_leaving", "cashier", not_content, post=True, status=DONE),
    Page("checkout:meet", "service_manager", at_the_car, post=True, status=DONE),
    Page("checkout:issue_gate_pass", "cashier", paid, post=True, status=DONE),
    Page("handover:print_handover", "advisor", at("checkout"), "交车检查表"),
    Page("checkout:print_gate_pass", "cashier", at("checkout", paid=True), "出门证"),
    Page("checkout:approvals", "service_manager", heading="挂账审批"),
    Page("checkout:decide", "general_manager", approval, post=True, status=DONE),
    Page("checkout:gate", "gate", heading="门卫放行", colleague_role="washer", phone=True),
    Page("checkout:release", "gate", leaving, post=True, status=DONE, colleague_role="washer"),
    # followups, complaints
    Page("followups:queue", "customer_relations", heading="回访"),
    Page("followups:call", "customer_relations", call, "回访 {customer}"),
    Page("followups:take", "customer_relations", call, post=True, status=DONE),
    Page("complaints:inbox", "customer_relations", heading="投诉单"),
    Page("complaints:comfort", "technician", comforted, "当场致意", colleague_role="sales_liaison", keyed=False),
    Page("complaints:praise", "washer", colleague_role=None),
    Page("complaints:case", "customer_relations", case(), "投诉单 {number}"),
    Page("complaints:respond", "customer_relations", case(**{"respond-text": "已致电道歉"}), post=True, status=DONE),
    Page("complaints:note", "customer_relations", case(**{"note-text": "等客户回电"}), post=True, status=DONE),
    Page("complaints:take", "customer_relations", case(), post=True, status=DONE),
    Page(
        "complaints:grade",
        "customer_relations",
        case(**{"grade-severity": "L2", "grade-category": "wash"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:plan",
        "customer_relations",
        case(**{"plan-text": "免费检查", "plan-kind1": "apology"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:approve", "service_manager", plan("plan_pk", above_limit, "service_manager"), post=True, status=DONE
    ),
    Page(
        "complaints:refuse", "customer_relations", plan("plan_pk", **{"refuse-text": "换一个"}), post=True, status=DONE
    ),
    Page(
        "complaints:offer_answer",
        "customer_relations",
        plan("plan_pk", **{"offer-answer": "accepted", "offer-channel": "phone"}),
        post=True,
        status=DONE,
    ),
    Page("complaints:measure_done", "customer_relations", to_carry_out, post=True, status=DONE),
    Page(
        "complaints:recheck",
        "service_manager",
        case(cases.executed, "service_manager", **{"recheck-outcome": "satisfied", "recheck-words": "好了"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:cause",
        "customer_relations",
        case(**{"cause-cause": "people", "cause-responsible": "workshop", "cause-prevention": "培训"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:tell_sales",
        "customer_relations",
        case(cases.understood, **{"sales-text": "请致电"}),
        post=True,
        status=DONE,
    ),
    Page(
        "complaints:close",
        "customer_relations",
        case(cases.closable, **{"close-text": "客户满意"}),
        post=True,
        status=DONE,
    ),
    Page("complaints:approvals", "service_manager", heading="待审批方案", phone=True),
    Page(
        "complaints:decide",
        "service_manager",
        plan("pk", above_limit, "service_manager", **{"p{n}-decision": "approve"}),
        post=True,
        status=DONE,
    ),
    Page("complaints:limits", "service_manager", heading="补偿审批权限"),
    Page(
        "complaints:set_limit",
        "general_manager",
        lambda maker: Target({"role": "advisor"}, data={"advisor-cash": "0", "advisor-equivalent": "300"}),
        post=True,
        status=DONE,
        keyed=False,
    ),
    Page("complaints:sales", "sales_liaison", heading="投诉反馈销售"),
    Page("complaints:sales_read", "sales_liaison", told_sales(), post=True, status=DONE),
    Page("complaints:sales_answer", "sales_liaison", told_sales(**{"f{n}-text": "已致电"}), post=True, status=DONE),
    Page("complaints:import", "service_manager", heading="导入投诉"),
    Page("complaints:import_run", "service_manager", case_file, "cases.csv"),
    Page("complaints:import_progress", "service_manager", case_file),
    # reports
    Page("reports:csi", "service_manager", heading="客户满意度（CSI）"),
    Page("reports:csi_answers", "service_manager", heading="满意度背后的答卷"),
    Page("reports:csi_export", "service_manager"),
    Page("reports:waits", "service_manager", heading="流程在哪里等待"),
    Page("reports:waits_csv", "service_manager"),
    Page("reports:wait_standards", "service_manager", heading="等待标准"),
    Page("reports:wait", "service_manager", waited, "待料", keyed=False),
    Page("reports:wait_visits", "service_manager", waited, "待料：相关车辆", keyed=False),
    Page("reports:wait_csv", "service_manager", waited, keyed=False),
    Page("reports:advice", "service_manager", money_rule(rules.advised), "诚信建议"),
    Page("reports:never_miss", "service_manager", proven, "五个不错过"),
    Page("reports:never_miss_check", "service_manager", post=True, status=DONE),
    Page("reports:never_miss_csv", "service_manager", proven),
    # surveys
    Page("surveys:answers", "customer_relations", heading="客户答卷"),
    Page("surveys:answer", "customer_relations", survey_answer, "{customer}的答卷"),
    Page("surveys:questionnaire", "service_manager", heading="满意度问卷"),
    Page("surveys:begin", "service_manager", post=True, status=DONE),
    Page("surveys:version", "service_manager", questionnaire(), "满意度问卷，第 1 版"),
    Page("surveys:publish", "service_manager", questionnaire(draft=True), post=True, status=DONE),
    Page("surveys:discard", "service_manager", questionnaire(draft=True), post=True, status=DONE),
    Page("surveys:weights", "service_manager", questionnaire(draft=True), "因子权重"),
    Page("surveys:add_item", "service_manager", questionnaire(draft=True), "新增题目"),
    Page("surveys:item", "service_manager", question(), "修改题目"),
    Page("surveys:move", "service_manager", question(way="up"), post=True, status=DONE),
    Page("surveys:remove", "service_manager", question(), post=True, status=DONE),
    # commitments
    Page("commitments:list", "advisor", heading="服务承诺"),
    Page("commitments:measured", "advisor", heading="承诺记录"),
    Page("commitments:settle", "customer_relations", remedy, "承诺未兑现的补偿"),
    Page("commitments:definitions", "service_manager", heading="承诺内容"),
    Page(
        "commitments:definition",
        "service_manager",
        lambda make: Target({"code": "follow_up_72h"}),
        "离店后回访",
        keyed=False,
    ),
    Page("commitments:publish", "service_manager", drafted_promise, post=True, status=DONE),
    Page("commitments:discard", "service_manager", drafted_promise, post=True, status=DONE),
    Page("commitments:withdraw", "service_manager", promise_in_force, post=True, status=DONE),
    # outreach
    Page("outreach:calls", "booking_desk", heading="招揽电话"),
    Page("outreach:call", "booking_desk", reminder(), "招揽 {customer}"),
    Page("outreach:book", "booking_desk", reminder(), post=True, status=DONE),
    Page("outreach:opt_out", "booking_desk", reminder(), post=True, status=DONE),
    Page("outreach:results", "service_manager", heading="招揽成效"),
    Page("outreach:policy", "service_manager", heading="招揽规则", colleague_role="booking_desk"),
    Page("portal:stop", "", stop_link, "不再接收提醒？", public=True, phone=True),
    # messaging
    Page("messaging:list", "booking_desk", heading="消息"),
    Page("messaging:resend", "booking_desk", message("failed"), post=True, status=DONE),
    Page("messaging:cancel", "booking_desk", message("pending"), post=True, status=DONE),
    # standards
    Page("standards:list", "service_manager", heading="服务标准"),
    Page("standards:edit", "service_manager", slug, "洗车", keyed=False),
    Page("standards:begin", "service_manager", slug, post=True, status=DONE, keyed=False),
    Page("standards:version", "service_manager", version(draft=False), "{list}，第 1 版"),
    Page("standards:publish", "service_manager", version(draft=True), post=True, status=DONE),
    Page("standards:discard", "service_manager", version(draft=True), post=True, status=DONE),
    Page("standards:rename", "service_manager", version(draft=True), "检查单名称"),
    Page("standards:add_item", "service_manager", version(draft=True), "新增检查项"),
    Page("standards:item", "service_manager", check_item(), "修改检查项"),
    Page("standards:move", "service_manager", check_item(way="up"), post=True, status=DONE),
    Page("standards:remove", "service_manager", check_item(), post=True, status=DONE),
    # customers
    Page("customers:edit", "booking_desk", known, "修改客户信息"),
    Page("customers:preferences", "booking_desk", customer, "{customer} 的偏好"),
    Page("customers:add_vehicle", "booking_desk", known, "新增车辆"),
    Page("customers:consent", "booking_desk", known, "客户授权登记"),
    Page("customers:entitlements", "advisor", money_rule(rules.car), "可用权益"),
    Page("customers:void_entitlement", "service_manager", money_rule(rules.entitlement), post=True, status=DONE),
    Page("customers:edit_vehicle", "booking_desk", car, "修改车辆信息"),
    # other systems
    Page("api:keys", "service_manager", heading="接口密钥"),
    Page("api:new_key", "service_manager", heading="新建接口密钥"),
    Page("api:withdraw", "service_manager", api_key, post=True, status=DONE),
    Page("api:schema", "", public=True),
    Page("api:docs", "", public=True),
    # visits
    Page("visits:photo", "advisor", photo),
    # the customer
    Page("portal:visit", "", link("repair", job="started"), "维修中", public=True, phone=True),
    Page("portal:decide", "", asked_by_link, post=True, status=200, public=True),
    Page("portal:photo", "", photo_by_link, public=True),
    Page("portal:survey_stop", "", survey_by_link, post=True, public=True, status=DONE),
    Page("portal:survey", "", survey_by_link, "这次服务怎么样？", public=True, phone=True),
    Page("portal:complain", "", counter_of_complaints, "有不满意的地方？", public=True, phone=True),
    Page("portal:complain_visit", "", link("follow_up"), "有不满意的地方？", public=True, phone=True),
    Page("portal:case", "", case_by_link, "您的投诉", public=True, phone=True),
    Page("portal:rescue_call", "", counter, "道路救援", public=True, phone=True),
    Page("portal:rescue", "", rescue_by_link, "已收到您的求助", public=True, phone=True),
    Page("portal:board", "", counter, "叫号屏", public=True, phone=True),
    Page("portal:take_number", "", counter, "取号", public=True, phone=True),
    Page("portal:ticket", "", number("token"), "您的号码", public=True, phone=True),
    Page("portal:wait_ask", "", counter, "预约候补", public=True, phone=True),
    Page("portal:waits", "", waits_by_link, "您已在候补名单中", public=True, phone=True),
    Page("portal:offer", "", offer_by_link, "有一个空位可以给您", public=True, phone=True),
    Page("portal:book", "", counter, "需要什么服务？", public=True, phone=True),
    Page("portal:book_time", "", chosen, "您什么时候方便到店？", public=True, phone=True),
    Page("portal:book_hold", "", chosen, post=True, public=True, status=302),
    Page("portal:book_form", "", held_slot, "填写预约", public=True, phone=True),
    Page("portal:book_who", "", counter, "曾到店服务？", public=True, phone=True),
    Page("portal:book_code", "", code_sent, "输入验证码", public=True, phone=True),
    Page("portal:book_leave", "", counter, post=True, public=True, status=DONE),
    Page("portal:symptom", "", counter, "您注意到什么情况？", public=True, phone=True),
    Page("portal:visit_booking", "", link("booking"), "您的预约", public=True, phone=True),
    Page("portal:visit_booking_move", "", link("booking"), post=True, public=True, status=409),
    Page("portal:visit_booking_cancel", "", link("booking"), post=True, public=True, status=200),
    Page("portal:visit_calendar", "", link("booking"), public=True),
    Page("portal:screen", "", counter, "在店车辆进度", public=True),
    Page(
        "portal:call",
        "",
        lambda make: replace(link("repair")(make), data={"kind": "ride"}),
        post=True,
        status=DONE,
        public=True,
    ),
    Page("portal:promises", "", counter, "我们的服务承诺", public=True, phone=True),
    Page("portal:booked", "", booked_by_link, "预约成功", public=True, phone=True),
    # signing in and out
    Page("login", "", heading="登录", public=True, phone=True),
    Page("logout", "", post=True, status=302, public=True),
]
# For those who build pages: nobody else finds them.
GALLERY = {"gallery", "gallery_portal", "gallery_print", "gallery_dialog", "gallery_poll", "gallery_refused"}
BY_NAME = {page.name: page for page in PAGES}
