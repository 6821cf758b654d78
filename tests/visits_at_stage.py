"""A visit at any stage, by writing the rows it would have gathered on its way (no journal, no reactions).

For tests of pages and of what comes later. A test of how a visit gets somewhere uses the domain functions.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from appointments.choices import AppointmentStatus
from appointments.models import Appointment
from checkout.choices import PaymentMethod
from checkout.models import GatePass, Payment
from core import clock
from core.stages import JOURNEY, Stage, step_of
from customers.models import Customer, Vehicle
from followups.choices import CallOutcome, CallState
from followups.models import CallAttempt, FollowUpCall
from handover.choices import NextService
from handover.models import Handover
from inspections.choices import Level, Verdict, WashState
from inspections.models import Inspection, Wash
from orders import queries
from orders.choices import LineWork, PayType
from orders.models import Line, Settlement
from reception.models import CheckIn
from repairs.choices import JobState
from repairs.models import ClockEntry, Job, StepResult
from stores.choices import RoleCode
from stores.models import Staff, Store
from tests import factories
from visits.models import Need, Promise, Visit

# How far each stage's moment lies back from now, for a visit that stands at the end of its journey: in hours.
_HOURS_AGO = dict(zip(JOURNEY, (30, 8, 7, 5, 4, 3, 2, 1, 0.5), strict=True))


class Maker:
    """Builds one visit; `people` are shared by all visits a test makes, so that a test costs few logins."""

    def __init__(self, store: Store):
        self.store = store
        self.people: dict[str, Staff] = {}
        self.made = 0
        self.hour: datetime | None = None
        self.jobs_made = 0

    def person(self, role: str, key: str = "") -> Staff:
        key = key or role
        if key not in self.people:
            self.people[key] = factories.staff(self.store, role)
        return self.people[key]

    def __call__(
        self,
        stage: Stage | str = Stage.BOOKING,
        *,
        customer: Customer | None = None,
        vehicle: Vehicle | None = None,
        advisor: Staff | None = None,
        technician: Staff | None = None,
        lines: int | None = None,
        job: str | None = None,
        booked: bool = True,
        checked_in: bool | None = None,
        settled: bool | None = None,
        paid: bool = False,
        need: str = "刹车有异响，请检查",
        **fields,
    ) -> Visit:
        """Make a visit standing at `stage` with everything the stages before it wrote.

        `lines`: how many lines (default 2 from repair on, else 0); approved from repair on, drafts before.
        `job`: state of the lines' jobs while at repair ("dispatched", "started", "paused"; "done" = ready for
        inspection); default none is dispatched yet. `checked_in`: whether the walk-around is done (default from repair
        on). `settled`: whether a settlement list is issued and explained (default from checkout on). `paid`: at
        checkout, whether it is paid and the gate pass issued. `need`: the customer's words ("" = none).
        Other keywords are fields of the visit.
        """
        stage = Stage(stage)
        reached = step_of(stage) or {Stage.LEFT_WITHOUT_SERVICE: 2}.get(stage, 1)
        self.made += 1
        visit = self._visit(stage, reached, customer, vehicle, advisor or self.person(RoleCode.ADVISOR), fields)
        if need:
            Need.objects.create(
                store=self.store,
                visit=visit,
                kind="fault",
                words=need,
                stage=Stage.BOOKING,
                owner=visit.advisor,
                created_at=visit.opened_at,
            )
        if booked:
            self._appointment(visit, stage)
        if checked_in if checked_in is not None else reached >= 3:
            self._check_in(visit)
        count = lines if lines is not None else (2 if reached >= 3 else 0)
        made = self._lines(visit, count, agreed=reached >= 3)
        if reached >= 3:
            self._promise(visit)
        job = "done" if reached >= 4 else job
        if job:
            self._jobs(visit, made, JobState(job), technician or self.person(RoleCode.TECHNICIAN))
        if reached >= 5:
            self._inspections(visit)
            self._wash(visit, done=reached >= 6)
        if settled if settled is not None else reached >= 7:
            settlement = self._settlement(visit, made)
            if reached >= 7:
                self._handover(visit)
            if reached >= 8 or paid:
                self._checkout(visit, settlement, used=reached >= 8)
        if reached >= 8:
            self._follow_up(visit, done=reached >= 9)
        visit.refresh_from_db()
        return visit

    def _visit(self, stage, reached, customer, vehicle, advisor, fields) -> Visit:
        now = clock.now()
        vehicle = vehicle or factories.vehicle(self.store, owner=customer)
        values = {
            "number": f"RO{now:%Y%m%d}-T{factories.number():04d}",
            "customer": customer or vehicle.owner,
            "vehicle": vehicle,
            "advisor": advisor,
            "stage": stage,
            "stage_since": now - timedelta(minutes=20),
            "opened_at": _moment(now, Stage.BOOKING),
            "due_in_at": self._slot(stage, now),
        }
        if reached >= 2:
            values |= {"arrived_at": _moment(now, Stage.RECEPTION)}
        if 2 <= reached <= 7 and stage in JOURNEY:
            values |= {"next_update_due_at": now + timedelta(hours=1)}
        if reached >= 3:
            promised = now + timedelta(hours=4)
            values |= {"mileage_in": 23_450, "promised_at": promised, "first_promised_at": promised}
        if reached >= 6:
            values |= {"ready_at": _moment(now, Stage.HANDOVER)}
        if reached >= 7:
            values |= {"handed_over_at": _moment(now, Stage.CHECKOUT)}
        if reached >= 8:
            values |= {"released_at": _moment(now, Stage.FOLLOW_UP)}
        if stage not in JOURNEY or stage == Stage.CLOSED:
            values |= {"ended_at": now, "end_reason": "" if stage == Stage.CLOSED else "客户改变主意"}
        return Visit.objects.create(store=self.store, **{**values, **fields})

    def _slot(self, stage: Stage, now: datetime) -> datetime:
        """Slots of one advisor never overlap: bookings go into the coming days, arrivals into the past ones."""
        # One hour for all of a test's cars, also when the clock strikes meanwhile; another day begins anew.
        if self.hour is None or abs(now - self.hour) > timedelta(hours=12):
            self.hour = now.replace(minute=0, second=0, microsecond=0)
        base = self.hour
        if stage == Stage.BOOKING:
            return base + timedelta(days=1, minutes=30 * self.made)
        return base - timedelta(hours=9, minutes=30 * self.made)

    def _appointment(self, visit: Visit, stage: Stage) -> None:
        status = {
            Stage.BOOKING: AppointmentStatus.BOOKED,
            Stage.CANCELLED: AppointmentStatus.CANCELLED,
            Stage.NO_SHOW: AppointmentStatus.NO_SHOW,
        }.get(stage, AppointmentStatus.ARRIVED)
        gone = status in (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)
        Appointment.objects.create(
            store=self.store,
            visit=visit,
            advisor=visit.advisor,
            during=DateTimeTZRange(visit.due_in_at, visit.due_in_at + timedelta(minutes=30)),
            status=status,
            services=["maintenance"],
            booked_at=visit.opened_at,
            booked_by_kind="staff",
            booked_by_id=visit.advisor_id,
            ended_at=clock.now() if gone else None,
        )

    def _check_in(self, visit: Visit) -> None:
        CheckIn.objects.create(
            store=self.store,
            visit=visit,
            advisor=visit.advisor,
            greeted_at=visit.arrived_at,
            fuel_percent=60,
            valuables_reminded=True,
            covers_laid=True,
            completed_at=visit.arrived_at + timedelta(minutes=12),
        )

    def _lines(self, visit: Visit, count: int, *, agreed: bool) -> list[Line]:
        if not count:
            return []
        consent = factories.consent(visit) if agreed else None
        if agreed:
            factories.order(visit, signed_at=consent.at)
        return [factories.line(visit, operation=factories.operation(self.store), consent=consent) for _ in range(count)]

    def _promise(self, visit: Visit) -> None:
        made_at = visit.arrived_at + timedelta(minutes=30)
        Promise.objects.create(
            store=self.store,
            visit=visit,
            sequence=1,
            new_at=visit.promised_at,
            by_kind="staff",
            by_id=visit.advisor_id,
            made_at=made_at,
            told_at=made_at,
            told_how="in_person",
        )

    def _jobs(self, visit: Visit, lines: list[Line], state: JobState, technician: Staff) -> None:
        started = visit.arrived_at + timedelta(minutes=40)
        for index, line in enumerate(lines):
            # One technician works on one car at a time: only the first line's clock may run.
            mine = state if state == JobState.DONE or index == 0 else JobState.DISPATCHED
            begin = started + timedelta(minutes=45 * index)
            end = begin + timedelta(minutes=40)
            # Nobody is planned for two jobs at a time, also when one technician has the cars of several visits.
            planned = started + timedelta(minutes=45 * self.jobs_made)
            self.jobs_made += 1
            job = Job.objects.create(
                store=self.store,
                line=line,
                technician=technician,
                planned=DateTimeTZRange(planned, planned + timedelta(minutes=40)),
                dispatched_by=self.person(RoleCode.CONTROLLER),
                dispatched_at=begin,
                state=mine,
                started_at=None if mine == JobState.DISPATCHED else begin,
                finished_at=end if mine == JobState.DONE else None,
                pause_reason="parts" if mine == JobState.PAUSED else "",
            )
            self._work(job, line, mine, begin, end)

    def _work(self, job: Job, line: Line, state: JobState, begin: datetime, end: datetime) -> None:
        if state != JobState.DISPATCHED:
            running = state == JobState.STARTED
            ClockEntry.objects.create(
                store=self.store,
                job=job,
                technician=job.technician,
                started_at=begin,
                stopped_at=None if running else end,
                stop_reason="parts" if state == JobState.PAUSED else "",
            )
        line.work = LineWork(state.value)
        if state == JobState.DONE:
            line.work_done_at = end
            line.cause, line.correction = "按保养周期", "已更换并检查"
            StepResult.objects.bulk_create(
                StepResult(store=self.store, job=job, step=step, by=job.technician, at=end)
                for step in line.operation.steps.all()
            )
        line.save(update_fields=["work", "work_done_at", "cause", "correction"])

    def _inspections(self, visit: Visit) -> None:
        at = visit.arrived_at + timedelta(hours=3)
        people = {
            Level.SELF: self.person(RoleCode.TECHNICIAN),
            Level.CROSS: self.person(RoleCode.TECHNICIAN, "cross"),
            Level.FINAL: self.person(RoleCode.INSPECTOR),
        }
        Inspection.objects.bulk_create(
            Inspection(
                store=self.store,
                visit=visit,
                round=visit.round,
                level=level,
                inspector=person,
                verdict=Verdict.PASS,
                at=at,
            )
            for level, person in people.items()
        )

    def _wash(self, visit: Visit, *, done: bool) -> None:
        queued = visit.arrived_at + timedelta(hours=3, minutes=10)
        wash = Wash(store=self.store, visit=visit, queued_at=queued)
        if done:
            wash.state, wash.washer = WashState.DONE, self.person(RoleCode.WASHER)
            wash.started_at, wash.done_at = queued, queued + timedelta(minutes=20)
        wash.save()

    def _settlement(self, visit: Visit, lines: list[Line]) -> Settlement:
        labour = sum((line.labour for line in lines), Decimal(0))
        material = sum((line.material for line in lines), Decimal(0))
        payable = sum((line.amount for line in lines if line.pay_type == PayType.CUSTOMER), Decimal(0))
        return Settlement.objects.create(
            store=self.store,
            visit=visit,
            number=visit.number.replace("RO", "JS"),
            version=1,
            content=queries.settlement_content(visit, factories.order(visit), queries.order_lines(visit)),
            labour=labour,
            material=material,
            other=0,
            total=labour + material,
            payable=payable,
            issued_at=clock.now() - timedelta(hours=2),
            issued_by=visit.advisor,
            explained_at=clock.now() - timedelta(hours=1),
        )

    def _handover(self, visit: Visit) -> None:
        Handover.objects.create(
            store=self.store,
            visit=visit,
            advisor=visit.advisor,
            started_at=visit.ready_at,
            bill_explained_at=visit.handed_over_at,
            old_parts_shown=True,
            settings_reset=True,
            mileage_out=(visit.mileage_in or 0) + 2,
            next_service=NextService.REMIND,
            next_service_on=clock.now().date() + timedelta(days=180),
            completed_at=visit.handed_over_at,
        )
        visit.needs.filter(outcome="").update(outcome="done", settled_at=visit.handed_over_at)

    def _checkout(self, visit: Visit, settlement: Settlement, *, used: bool) -> None:
        now = clock.now()
        cashier = self.person(RoleCode.CASHIER)
        if settlement.payable:
            Payment.objects.create(
                store=self.store,
                settlement=settlement,
                method=PaymentMethod.WECHAT,
                amount=settlement.payable,
                reference=f"WX{factories.number()}",
                token=uuid4(),
                by=cashier,
                at=now,
            )
        GatePass.objects.create(
            store=self.store,
            visit=visit,
            number=visit.number.replace("RO", "CM"),
            issued_by=cashier,
            issued_at=now - timedelta(minutes=5),
            valid_until=now + timedelta(hours=6),
            used_at=now if used else None,
            used_by=self.person(RoleCode.GATE) if used else None,
        )

    def _follow_up(self, visit: Visit, *, done: bool) -> None:
        caller = self.person(RoleCode.CUSTOMER_RELATIONS)
        due = visit.released_at + timedelta(hours=self.store.follow_up_hours)
        call = FollowUpCall(
            store=self.store, visit=visit, due_at=due, next_try_at=visit.released_at, assigned_to=caller
        )
        if done:
            call.state, call.completed_at, call.problem = CallState.DONE, visit.ended_at, False
            call.satisfaction, call.nps = 9, 9
        call.save()
        if done:
            CallAttempt.objects.create(
                store=self.store, call=call, sequence=1, outcome=CallOutcome.DONE, by=caller, at=visit.ended_at
            )


def _moment(now: datetime, stage: Stage) -> datetime:
    return now - timedelta(hours=_HOURS_AGO[stage])
