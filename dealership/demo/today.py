"""Cars that are here right now, carried to their stage by the same functions the pages call, each step by its own role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from appointments import domain as appointments
from appointments.choices import BookingChannel, ServiceKind
from catalogue.choices import StepKind
from catalogue.models import Operation
from checkout import domain as checkout
from checkout.choices import PaymentMethod
from checkout.queries import balance
from complaints import domain as complaints
from complaints.choices import VoiceKind
from core import clock
from core.stages import Stage
from customers import domain as customers
from dealership.demo.ahead import Ahead
from dealership.demo.around import roadside
from dealership.demo.cars import MODELS, NEW_ENERGY, Model
from dealership.demo.words import mobile, person_name, plate, vin
from dealership.demo.workshop import Workshop
from handover import domain as handover
from handover.choices import NextService
from inspections import domain as inspections
from inspections.choices import Level, Verdict, WaiveReason
from orders import domain as orders
from orders.choices import Risk
from reception import domain as reception
from reception.queries import earliest_ready
from repairs import domain as repairs
from repairs.choices import PauseReason
from repairs.models import Job
from repairs.queries.signing import signing_problem, unsigned
from standards import queries as standard_queries
from standards.choices import ChecklistUse, ItemKind, ItemState
from stores.access import in_store
from stores.choices import RoleCode, Skill
from stores.models import Bay, Staff, Store
from visits import domain as visits
from visits.choices import NeedKind, ToldHow
from visits.models import Visit

# How many cars stand where; the rest of today's bookings arrive later.
STANDING = (
    (Stage.BOOKING, 5),
    (Stage.RECEPTION, 2),
    (Stage.REPAIR, 4),
    (Stage.INSPECTION, 2),
    (Stage.WASH, 2),
    (Stage.HANDOVER, 2),
    (Stage.CHECKOUT, 2),
    (Stage.FOLLOW_UP, 3),
)
WANTS = ("三点前要接孩子", "想知道刹车片还能用多久", "费用不要超过两千", "把右后门异响解决掉", "洗车请避开天窗")
BUSY = 3  # technicians who are at work on a car; the first of them has the demo login
# How long ago a car came that is through with its repair, and when each step of it was.
NOW, CAME = timedelta(), timedelta(minutes=180)
AGO = {
    name: timedelta(minutes=minutes)
    for name, minutes in {
        "receive": 179,
        "_repair": 165,
        "_inspect": 60,
        "_wash": 45,
        "_hand_over": 20,
        "_check_out": 8,
    }.items()
}
FIRST_NUMBER, APART = 700_000, 53_003  # cars of today do not share plates with the history's


def fill(store: Store, *, progress: Callable[[str, int, int], None], seed: int = 1) -> None:
    """Put cars into the store at every stage. Runs through the domain, so every rule and the journal apply."""
    random = Random(seed)
    with in_store(store):
        total = sum(count for _stage, count in STANDING)
        driver = Driver(store, random)
        done = 0
        for stage, count in STANDING:
            for _n in range(count):
                driver.carry(stage)
                done += 1
                progress("today", done, total)
        driver.voices()
        Workshop(driver).fill()
        roadside(store, random)
        Ahead(store, random).fill()


class Driver:
    """Carries one car after another as far as asked."""

    def __init__(self, store: Store, random: Random):
        self.store, self.random, self.count = store, random, 0
        self.staff: dict[str, list[Staff]] = {code: [] for code in RoleCode.values}
        for person in (
            Staff.objects.filter(active=True).select_related("role", "user", "store").order_by("-user__is_active", "id")
        ):
            self.staff[person.role.code].append(person)
        self.technicians = self.staff[RoleCode.TECHNICIAN]
        self.given = 0  # cars given to somebody; the first one to the technician with the demo login
        self.free_from: dict[int, datetime] = {}
        self.bays = list(Bay.objects.filter(kind="lift").order_by("code"))
        self.operations = {
            row.code: row for row in Operation.objects.filter(skill__in=[Skill.MECHANICAL, Skill.ELECTRICAL])
        }

    def carry(self, target: Stage) -> Visit:
        """A new car, from its beginning to `target`; what is further than repair came this morning."""
        steps = self._steps(target)
        past = self._repair in steps
        with clock.behind(CAME if past else NOW):
            visit = self.begin(target)
        for step in steps:
            with clock.behind(AGO[step.__name__] if past else NOW):
                step(visit)
            visit = Visit.objects.select_related("customer", "vehicle", "advisor", "store").get(pk=visit.pk)
        return visit

    def _steps(self, target: Stage) -> list[Callable]:
        road = [
            (Stage.REPAIR, self.receive),
            (Stage.INSPECTION, self._repair),
            (Stage.WASH, self._inspect),
            (Stage.HANDOVER, self._wash),
            (Stage.CHECKOUT, self._hand_over),
            (Stage.FOLLOW_UP, self._check_out),
        ]
        stages = [stage for stage, _step in road]
        if target == Stage.REPAIR and self.count % 2:
            return [self.receive, self._half_repair]
        return [step for stage, step in road[: stages.index(target) + 1]] if target in stages else []

    def one(self, role: RoleCode, place: int = 0) -> Staff:
        return self.staff[role][place % len(self.staff[role])]

    def begin(self, target: Stage, *, model: Model | None = None) -> Visit:
        self.count += 1
        r, advisor = self.random, self.one(RoleCode.ADVISOR, self.count % 3)
        model = model or r.choice(MODELS)
        owner = customers.register_customer(store=self.store, name=person_name(r), phone=mobile(r), by=advisor)
        green = model.powertrain in NEW_ENERGY
        number = FIRST_NUMBER + self.count * APART
        car = customers.register_vehicle(
            store=self.store,
            owner=owner,
            plate=plate(number, new_energy=green, pure_electric=model.powertrain == "electric"),
            vin=vin(number, model.wmi, 2022),
            brand=model.brand,
            model=model.name,
            powertrain=model.powertrain,
            by=advisor,
        )
        needs = [(NeedKind.MATTERS_MOST, r.choice(WANTS))]
        if target == Stage.BOOKING:
            slot = self._slot()
            booked = appointments.book(
                store=self.store,
                customer=owner,
                vehicle=car,
                advisor=slot.advisor,
                start=slot.start,
                services=[ServiceKind.MAINTENANCE],
                needs=needs,
                channel=BookingChannel.PHONE,
                by=self.one(RoleCode.BOOKING_DESK),
            )
            return booked.visit
        return reception.walk_in(
            store=self.store,
            customer=owner,
            vehicle=car,
            advisor=advisor,
            by=advisor,
            waiting=self.count % 3 == 0,
            needs=needs,
        )

    def _slot(self) -> appointments.Offer:
        """The first offer for a maintenance a while from now."""
        wish = appointments.Wish.of([appointments.Item(ServiceKind.MAINTENANCE)])
        answers = appointments.offers(self.store, wish, first=clock.local_day(self.store.tz), days=14)
        begin = clock.now() + timedelta(minutes=20 * self.count)
        return next(offer for answer in answers for offer in answer.offers if offer.start >= begin)

    def receive(self, visit: Visit) -> None:
        self.walk_around(visit)
        codes = sorted(self.operations)
        for code in self.random.sample(codes, 2):
            orders.add_line(visit, by=visit.advisor, operation=self.operations[code])
        self.agree(visit)

    def walk_around(self, visit: Visit, *, mileage: int | None = None) -> None:
        advisor = visit.advisor
        reception.check_in(
            visit,
            by=advisor,
            fuel_percent=self.random.randrange(15, 95, 5),
            mileage=mileage or self.random.randrange(8_000, 90_000),
            marks=[{"zone": "left_front", "kind": "scratch", "x": 22, "y": 40, "note": ""}] if self.count % 2 else [],
            results=self._all_in_order(ChecklistUse.WALK_AROUND, visit),
            valuables_reminded=True,
            covers_laid=True,
        )

    def agree(self, visit: Visit) -> None:
        advisor = visit.advisor
        hours = sum((line.hours for line in visit.lines.all()), Decimal(0))
        promised = clock.now() + timedelta(minutes=float(hours) * 60 + (25 if self.count % 5 == 0 else 100))
        # Every fifth customer is in a hurry; the others are promised what can be kept.
        hurry = "客户急用，车间已确认可以提前" if self.count % 5 == 0 else ""
        if not hurry:
            promised = max(promised, earliest_ready(self.store, list(visit.lines.all()), visit=visit).at)
        reception.sign_estimate(visit, by=advisor, signer=visit.customer.name, promised_at=promised, early_reason=hurry)

    def _dispatched(self, visit: Visit, *, busy: bool = False) -> list:
        # A technician whose clock runs at the end is not given the work of a car that goes on.
        controller, now = self.one(RoleCode.CONTROLLER), clock.now()
        people = self.technicians[:BUSY] if busy else self.technicians[BUSY:]
        technician = people[self.given % len(people)]
        self.given += 1
        bay = self.bays[people.index(technician) % len(self.bays)] if busy else None
        jobs, start = [], self.free_from.get(technician.pk, now)
        for line in visit.lines.filter(consent_state="approved", kind="job"):
            end = start + timedelta(minutes=max(float(line.hours) * 60, 10))
            jobs.append(repairs.dispatch(line, technician=technician, bay=bay, start=start, end=end, by=controller))
            start = end
        self.free_from[technician.pk] = start
        return jobs

    def _half_repair(self, visit: Visit) -> None:
        first, *_rest = self._dispatched(visit, busy=True)
        repairs.start(first, by=first.technician)
        if self.count % 4 == 1:
            repairs.propose(
                visit,
                by=first.technician,
                risk=Risk.SAFETY,
                operation=self.operations["Z001"],
                concern="前制动片剩余 2.6 mm，低于 3 mm 的更换标准",
                measured=orders.Measured(Decimal("2.6"), "mm", 3),
            )
            advisor = visit.advisor
            orders.ask_by_link(Visit.objects.get(pk=visit.pk), by=advisor)
            repairs.pause(first, reason=PauseReason.CUSTOMER, by=first.technician)

    def _repair(self, visit: Visit) -> None:
        """One job after the other, each of the same length, until the inspection."""
        jobs = self._dispatched(visit)
        length = (AGO["_repair"] - AGO["_inspect"]) / len(jobs)
        for number, job in enumerate(jobs):
            technician, began = job.technician, AGO["_repair"] - number * length
            with clock.behind(began):
                repairs.start(job, by=technician)
                for step in job.line.operation.steps.all():
                    self.fill_step(job, step, technician)
                self._sign(job)
            with clock.behind(began - length):
                repairs.finish(job, by=technician, cause="按工单检查", correction="按标准工序完成，复查正常")
        with clock.behind(AGO["_inspect"]):
            repairs.to_inspection(visit, by=technician)
            visits.tell_customer(visit, how=ToldHow.WECHAT, text="维修已完成，正在质检。", by=visit.advisor)

    def _sign(self, job) -> None:
        """Key steps get the second signature of the first colleague who may give it."""
        people = [*self.technicians, *self.staff[RoleCode.INSPECTOR]]
        job = Job.objects.select_related("line__operation").prefetch_related("shares").get(pk=job.pk)
        for result in unsigned(job):
            colleague = next(person for person in people if not signing_problem(person, job, result))
            repairs.sign_step(result, by=colleague)

    @staticmethod
    def fill_step(job, step, technician) -> None:
        if step.kind == StepKind.PHOTO:
            if step.required:
                repairs.fill_step(job, step, by=technician, reason="相机没电，已口头确认")
        elif step.kind == StepKind.VALUE:
            repairs.fill_step(job, step, by=technician, value=_middle(step))
        else:
            repairs.fill_step(job, step, by=technician, text="正常")

    def _inspect(self, visit: Visit) -> None:
        technician = visit.lines.exclude(jobs=None).first().jobs.last().technician
        people = (technician, self.one(RoleCode.CONTROLLER), self.one(RoleCode.INSPECTOR))
        uses = (ChecklistUse.SELF_CHECK, ChecklistUse.CROSS_CHECK, ChecklistUse.FINAL_CHECK)
        for level, person, use in zip(Level, people, uses, strict=True):
            results = self._all_in_order(use, visit)
            inspections.inspect_filled(visit, level=level, results=results, verdict=Verdict.PASS, by=person)

    def _wash(self, visit: Visit) -> None:
        if self.count % 2:
            inspections.waive_wash(visit, reason=WaiveReason.CUSTOMER, by=visit.advisor)
        else:
            inspections.start_wash(visit, by=self.one(RoleCode.WASHER))
            inspections.mark_washed(visit, by=self.one(RoleCode.WASHER))
            results = self._all_in_order(ChecklistUse.WASH, visit)
            inspections.finish_wash_filled(visit, by=self.one(RoleCode.INSPECTOR), results=results)

    def _hand_over(self, visit: Visit) -> None:
        advisor = visit.advisor
        handover.prepare(visit, by=advisor, mileage_out=visit.mileage_in)
        handover.explain_bill(visit, by=advisor)
        for need in visit.needs.filter(outcome=""):
            visits.settle_need(need, outcome="done", answer="已照办", by=advisor)
        handover.complete_filled(
            visit,
            by=advisor,
            results=self._all_in_order(ChecklistUse.HANDOVER, visit),
            old_parts_shown=True,
            settings_reset=True,
            declined_named=True,
            mileage_out=visit.mileage_in,
            next_service=NextService.REMIND,
            next_service_on=clock.now().date() + timedelta(days=183),
            signer=visit.customer.name,
        )

    def _check_out(self, visit: Visit) -> None:
        cashier = self.one(RoleCode.CASHIER)
        settlement = visit.settlements.get(superseded_at=None)
        owed = balance(settlement)
        if owed:
            reference = f"42000{self.count:09d}"
            checkout.pay(
                settlement, method=PaymentMethod.WECHAT, amount=owed, reference=reference, by=cashier, token=uuid4()
            )
        checkout.issue_gate_pass(visit, by=cashier, content=True)
        checkout.release(visit.vehicle.plate, by=self.one(RoleCode.GATE))

    def _all_in_order(self, use: ChecklistUse, visit: Visit) -> dict[int, dict]:
        items = standard_queries.items(
            standard_queries.in_force(use), new_energy=visit.vehicle.powertrain in NEW_ENERGY
        )
        return {item.pk: self._result(item) for item in items}

    @staticmethod
    def _result(item) -> dict:
        if item.kind == ItemKind.VALUE:
            return {"state": ItemState.OK, "value": _middle(item), "note": ""}
        return {"state": ItemState.OK, "value": None, "note": "正常" if item.kind == ItemKind.TEXT else ""}

    def voices(self) -> None:
        """A word of praise and a problem, so that the homes show what they are for."""
        advisor = self.one(RoleCode.ADVISOR)
        relations = self.one(RoleCode.CUSTOMER_RELATIONS)
        complaints.take_voice(
            store=self.store, kind=VoiceKind.PRAISE, words="小陈解释得特别清楚，一点不推销", about=advisor, by=relations
        )
        waiting = Visit.objects.filter(stage=Stage.REPAIR).select_related("vehicle").first()
        complaints.take_voice(
            store=self.store,
            kind=VoiceKind.PROBLEM,
            words="休息区空调太冷，等了半小时没人倒水",
            plate=waiting.vehicle.plate,
            by=relations,
        )


def _middle(row) -> Decimal:
    """A value in the middle of its range, or at the limit where only one is given."""
    limits = [limit for limit in (row.low, row.high) if limit is not None]
    return (sum(limits, Decimal(0)) / len(limits)).quantize(Decimal("0.01")) if limits else Decimal(1)
