"""What happens around a repair: work that is due from the maker, work that did not hold, a second pair of hands, a supplier,
parts on their way, what a car has coming, and a customer who would like a coffee."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from catalogue.models import Operation, Part
from core import clock
from core.actors import Actor
from core.clock import local_day
from core.stages import Stage
from customers import domain as customers
from customers.choices import EntitlementKind, EntitlementPayer
from customers.models import Vehicle
from dealership.demo.cars import MODELS
from guarantees import domain as guarantees
from guarantees.choices import ExclusionKind
from inspections import domain as inspections
from orders import domain as orders
from orders.choices import ConsentState, LineWork, PayType
from orders.models import Line
from reception import domain as reception
from reception.choices import CallKind
from repairs import domain as repairs
from repairs.choices import JobState, PauseReason
from repairs.models import Job
from standards import queries as standard_queries
from standards.choices import ChecklistUse
from stores.choices import RoleCode
from visits import domain as visits
from visits.choices import NeedKind, ToldHow
from visits.models import Visit

WAITS_FOR = timedelta(days=3, hours=5)  # a car under guarantee that still lacks its part: the fourth day
OIL = "B001"
MAKERS = "更换发电机"  # what the maker pays


class Workshop:
    """Adds to the cars a `Driver` has brought in. Inside the store's scope; each step by its own role."""

    def __init__(self, driver):
        self.driver, self.store = driver, driver.store
        self.controller, self.parts = driver.one(RoleCode.CONTROLLER), driver.one(RoleCode.PARTS_CLERK)
        self.manager, self.advisor = driver.one(RoleCode.SERVICE_MANAGER), driver.one(RoleCode.ADVISOR)

    def fill(self) -> None:
        self.under_guarantee()
        self.come_back()
        self.coming_to_it()
        self.together()
        self.outside()
        self.material()
        self.lights()
        self.calls()

    def under_guarantee(self) -> None:
        """Three days ago the maker's part was not there: a single repair on its fourth day, a day of transport left out."""
        operation = Operation.objects.filter(name_zh=MAKERS).first() or Operation.objects.filter(active=True).first()
        with clock.behind(WAITS_FOR):
            visit = self.driver.begin(Stage.RECEPTION, model=MODELS[0])
            bought = local_day(self.store.tz) - timedelta(days=400)
            Vehicle.objects.filter(pk=visit.vehicle_id).update(invoice_date=bought)
            self.driver.walk_around(visit, mileage=18_460)
            orders.add_line(visit, by=visit.advisor, operation=operation, pay_type=PayType.WARRANTY)
            self.driver.agree(self._fresh(visit))
        visit = self._fresh(visit)
        due = local_day(self.store.tz) + timedelta(days=1)
        Part.objects.filter(pk__in=operation.parts.values("part")).update(stock=0)
        with clock.behind(WAITS_FOR - timedelta(hours=1)):
            job = self._give(visit.lines.get(), self.driver.technicians[3])
            repairs.start(job, by=job.technician)
            asked = repairs.request_parts(job, by=job.technician)
            repairs.pause(job, reason=PauseReason.PARTS, by=job.technician)
        for request in asked:
            repairs.order_parts(
                request,
                expected_on=due,
                supplier="主机厂配件中心",
                carrier="德邦物流",
                tracking_number="DPK210034567",
                by=self.parts,
            )
        with clock.behind(WAITS_FOR - timedelta(hours=2)):
            later = datetime.combine(due, time(17), tzinfo=self.store.tz)
            visits.promise(visit, at=later, reason="配件在途，明日到店", told_how=ToldHow.PHONE, by=visit.advisor)
        repair = guarantees.keep(visit)
        guarantees.exclude(
            repair,
            kind=ExclusionKind.SPECIAL_PART,
            hours=Decimal(20),
            reason="按 VIN 定制线束在途运输",
            by=self.manager,
        )

    def come_back(self) -> None:
        """A car of the last weeks is here again with what was repaired then; whether it is the same is for a person to say."""
        now = clock.now()
        told = Line.objects.filter(
            visit__released_at__range=(now - timedelta(days=25), now - timedelta(days=2)),
            visit__origin="demo",
            work=LineWork.DONE,
            operation__in=[row for row in self.driver.operations.values() if row.code[0] not in "AB"],
            consent_state=ConsentState.APPROVED,
        ).exclude(visit__vehicle__visits__ended_at=None)
        line = (
            told.select_related("visit__vehicle", "visit__customer", "operation")
            .order_by("-visit__released_at")
            .first()
        )
        if line is None:
            return
        before = line.visit
        visit = reception.walk_in(
            store=self.store,
            customer=before.customer,
            vehicle=before.vehicle,
            advisor=self.advisor,
            by=self.advisor,
            needs=[(NeedKind.FAULT, f"上次做过{line.operation.name_zh}，现在又不行了")],
        )
        self.driver.walk_around(visit, mileage=(before.mileage_in or 20_000) + 320)
        orders.add_line(visit, by=self.advisor, operation=line.operation)
        guarantees.look(visit)

    def coming_to_it(self) -> None:
        """A maintenance package that pays this oil service, a free first service, and a discount above the advisor's limit."""
        oil = Operation.objects.filter(code=OIL).first()
        visit = self.driver.begin(Stage.RECEPTION)
        self.driver.walk_around(visit)
        package = customers.grant_entitlement(
            visit.vehicle,
            kind=EntitlementKind.PACKAGE,
            name="安心保养四次套餐",
            payer=EntitlementPayer.PREPAID,
            quantity=4,
            operation_code=OIL if oil else "",
            valid_until=local_day(self.store.tz) + timedelta(days=540),
            reference="TC20260311-017",
            by=self.manager,
        )
        line = orders.add_line(visit, by=visit.advisor, operation=oil or self._some_operation())
        orders.redeem(line, package, by=visit.advisor)
        dear = orders.add_line(visit, by=visit.advisor, operation=self._some_operation())
        most = orders.gross_of(dear) * Decimal("0.3")
        orders.ask_discount(dear, discount=round(most, 2), reason="十年老客户，第二辆车也在本店购买", by=visit.advisor)
        booked = Visit.objects.filter(stage=Stage.BOOKING, ended_at=None).select_related("vehicle__store").first()
        if booked:
            customers.grant_entitlement(
                booked.vehicle,
                kind=EntitlementKind.FIRST_SERVICE,
                name="首次保养（主机厂承担）",
                payer=EntitlementPayer.MAKER,
                operation_code=OIL if oil else "",
                valid_until=local_day(self.store.tz) + timedelta(days=90),
                by=self.manager,
            )

    def together(self) -> None:
        """Two on one job, and a key step that waits for the eyes of a third."""
        technician, helper = self.driver.technicians[2], self.driver.technicians[4]
        operation = (
            Operation.objects.filter(key_operation=True, steps__key_step=True, hours__gte=1).order_by("code").first()
        )
        if operation is None:
            return
        visit = self._agreed(operation)
        job = self._give(visit.lines.first(), technician, helpers={helper: 40})
        repairs.start(job, by=technician)
        for step in operation.steps.order_by("position"):
            self.driver.fill_step(job, step, technician)
            if step.key_step:
                break

    def outside(self) -> None:
        """What the house cannot do is at a supplier's until tomorrow."""
        visit = self._agreed(self._some_operation(1))
        repairs.send_out(
            visit.lines.first(),
            supplier="沪西变速箱专修",
            due_at=clock.now() + timedelta(hours=26),
            cost=Decimal(460),
            note="带旧件对比照片",
            by=self.controller,
        )

    def material(self) -> None:
        """What runs has asked for its parts: some lie ready, one is on order."""
        going = Job.objects.filter(state__in=[JobState.STARTED, JobState.PAUSED], part_requests=None)
        for job in going.select_related("technician__role", "line__visit").order_by("pk"):
            repairs.request_parts(job, by=job.technician)

    def lights(self) -> None:
        """A traffic-light inspection on its way: worn pads are red and proposed."""
        job = (
            Job.objects.filter(state=JobState.STARTED)
            .select_related("technician", "line__visit")
            .order_by("pk")
            .first()
        )
        items = standard_queries.in_force(ChecklistUse.LIGHTS)
        pads = items and items.items.filter(unit="mm", low__isnull=False).order_by("position").first()
        if job is None or pads is None:
            return
        results = {pads.pk: {"value": pads.low - Decimal("0.5")}}
        run = inspections.save_lights(job.line.visit, results=results, by=job.technician)
        inspections.propose_light(run.results.get(item=pads), by=job.technician)

    def calls(self) -> None:
        """Who waits asks for a drink; somebody else for a seat by the window."""
        waiting = Visit.objects.filter(waiting=True, ended_at=None, stage__in=[Stage.REPAIR, Stage.WASH]).order_by("pk")
        for visit, kind in zip(waiting, (CallKind.DRINK, CallKind.SEAT), strict=False):
            reception.call(visit, kind=kind, by=Actor.customer(visit.customer_id))

    # --- Shortest ways ----------------------------------------------------------------------------------------------

    def _agreed(self, operation: Operation) -> Visit:
        """One more car, agreed with its customer."""
        visit = self.driver.begin(Stage.RECEPTION)
        self.driver.walk_around(visit)
        orders.add_line(visit, by=visit.advisor, operation=operation)
        self.driver.agree(self._fresh(visit))
        return self._fresh(visit)

    def _give(self, line: Line, technician, **more) -> Job:
        start = max(self.driver.free_from.get(technician.pk, clock.now()), clock.now())
        end = start + timedelta(minutes=max(float(line.hours) * 60, 30))
        self.driver.free_from[technician.pk] = end
        return repairs.dispatch(line, technician=technician, start=start, end=end, by=self.controller, **more)

    def _some_operation(self, place: int = 0) -> Operation:
        codes = sorted(code for code, row in self.driver.operations.items() if row.hours >= 1)
        return self.driver.operations[codes[place]]

    @staticmethod
    def _fresh(visit: Visit) -> Visit:
        return Visit.objects.select_related("customer", "vehicle", "advisor", "store").get(pk=visit.pk)
