"""A store's hands on a visit, clumsy and eager: hypothesis lets them do anything in any order and looks at what came of it.

The oracle below knows the rules from the handbook (domain.md 1.4) and reads rows; it calls no gate. A `Hands` object does one
next sensible thing for a visit; the machine mixes that with things nobody should do.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import uuid4

from django.db import transaction

from appointments.models import Appointment
from checkout import domain as checkout
from checkout.models import GatePass, Payment
from core import clock
from core.actors import Actor
from core.errors import DomainError
from core.stages import ENDS, JOURNEY, Stage
from dealership.demo.today import Driver
from followups import domain as followups
from followups.models import FollowUpCall
from handover import domain as handover
from handover.models import Handover
from inspections import domain as inspections
from inspections.choices import Level, Verdict
from inspections.models import Inspection, Wash
from journal.models import Event
from orders import domain as orders
from orders.models import ConsentPack, Settlement
from reception import domain as reception
from reception.models import CheckIn
from repairs import domain as repairs
from repairs.models import ClockEntry, Job
from standards.choices import ChecklistUse
from stores.models import Staff
from visits import domain as visits
from visits.models import Visit

USES = {
    Level.SELF: ChecklistUse.SELF_CHECK,
    Level.CROSS: ChecklistUse.CROSS_CHECK,
    Level.FINAL: ChecklistUse.FINAL_CHECK,
}


class Hands(Driver):
    """Small right steps, one at a time; `random` picks where there is a choice."""

    def next_step(self, visit: Visit) -> None:
        getattr(self, f"at_{visit.stage}", lambda _visit: None)(visit)

    def at_booking(self, visit: Visit) -> None:
        reception.arrive(visit, by=visit.advisor)

    def at_reception(self, visit: Visit) -> None:
        if not CheckIn.objects.filter(visit=visit, completed_at__isnull=False).exists():
            results = self._all_in_order(ChecklistUse.WALK_AROUND, visit)
            km = max(visit.vehicle.mileage or 0, 1000)
            reception.check_in(
                visit,
                by=visit.advisor,
                fuel_percent=50,
                mileage=km,
                results=results,
                valuables_reminded=True,
                covers_laid=True,
            )
        elif not visit.lines.exists():
            self.add_line(visit)
        else:
            promised = clock.now() + timedelta(hours=3)
            reception.sign_estimate(
                visit, by=visit.advisor, signer="张三", promised_at=promised, early_reason="客户赶时间"
            )

    def add_line(self, visit: Visit) -> None:
        code = self.random.choice(sorted(self.operations))
        orders.add_line(visit, by=visit.advisor, operation=self.operations[code])

    def at_repair(self, visit: Visit) -> None:
        if visit.lines.filter(consent_state="draft").exists():
            orders.ask_by_link(visit, by=visit.advisor)
        elif visit.lines.filter(consent_state="asked").exists():
            self.decide(visit, approve=True)
        elif (
            line := visit.lines.filter(consent_state="approved", kind="job")
            .exclude(work="done")
            .order_by("position")
            .first()
        ):
            self._work(visit, line)
        else:
            technician = self._worker(visit)
            repairs.to_inspection(visit, by=technician)

    def decide(self, visit: Visit, *, approve: bool) -> None:
        pack = ConsentPack.objects.filter(visit=visit, superseded_at=None, decided_at=None).get()
        lines = visit.lines.filter(pack=pack)
        orders.decide(
            pack,
            decisions={line.pk: approve for line in lines},
            method="phone",
            decided_by="张三",
            phone="13800000000",
            evidence="录音 0001",
            by=visit.advisor,
        )

    def _work(self, visit: Visit, line) -> None:
        job = Job.objects.filter(line=line).exclude(state__in=["withdrawn", "done"]).first()
        if job is None:
            self.count += 1
            technician = self.technicians[self.count % len(self.technicians)]
            last = Job.objects.filter(technician=technician).order_by("-planned").first()
            start = max(clock.now(), last.planned.upper) if last else clock.now()
            end = start + timedelta(minutes=30)
            repairs.dispatch(line, technician=technician, start=start, end=end, by=self.controller)
        elif job.state == "dispatched":
            repairs.start(job, by=job.technician)
        elif job.state == "paused":
            repairs.resume(job, by=job.technician)
        else:
            for step in line.operation.steps.all() if line.operation else ():
                self.fill_step(job, step, job.technician)
            self._sign(job)
            repairs.finish(job, by=job.technician, cause="检查", correction="完成")

    @property
    def controller(self) -> Staff:
        return self.staff["controller"][0]

    def _worker(self, visit: Visit) -> Staff:
        job = Job.objects.filter(line__visit=visit, state="done").order_by("id").last()
        return job.technician if job else self.technicians[0]

    def at_inspection(self, visit: Visit) -> None:
        passed = set(
            Inspection.objects.filter(visit=visit, round=visit.round, verdict="pass").values_list("level", flat=True)
        )
        level = next(level for level in Level if level not in passed)
        self.inspect(visit, level, self.inspector_of(visit, level))

    def inspector_of(self, visit: Visit, level: Level) -> Staff:
        if level == Level.SELF:
            return self._worker(visit)
        return self.controller if level == Level.CROSS else self.staff["inspector"][0]

    def inspect(self, visit: Visit, level: Level, who: Staff, verdict: Verdict = Verdict.PASS, line=None) -> None:
        results = self._all_in_order(USES[level], visit)
        reason = "" if verdict == Verdict.PASS else "扭矩不足"
        inspections.inspect_filled(
            visit, level=level, results=results, verdict=verdict, by=who, reason=reason, line=line
        )

    def at_wash(self, visit: Visit) -> None:
        wash = Wash.objects.filter(visit=visit).first()
        if wash.state == "queued" and self.random.random() < 0.4:
            inspections.waive_wash(visit, reason="customer", by=visit.advisor)
        elif wash.state == "queued":
            inspections.start_wash(visit, by=self.staff["washer"][0])
        elif wash.state == "washing" and wash.washed_at is None:
            inspections.mark_washed(visit, by=self.staff["washer"][0])
        elif wash.state == "washing":
            results = self._all_in_order(ChecklistUse.WASH, visit)
            inspections.finish_wash_filled(visit, by=self.staff["inspector"][0], results=results)
        else:
            inspections.tell_ready(visit, by=visit.advisor, how="phone")

    def at_handover(self, visit: Visit) -> None:
        sheet = Handover.objects.filter(visit=visit).first()
        if sheet is None or not Settlement.objects.filter(visit=visit, superseded_at=None).exists():
            handover.prepare(visit, by=visit.advisor, mileage_out=visit.mileage_in)
        elif sheet.bill_explained_at is None:
            handover.explain_bill(visit, by=visit.advisor)
        elif need := visit.needs.filter(outcome="").first():
            visits.settle_need(need, outcome="done", answer="", by=visit.advisor)
        else:
            self._hand_over(visit)

    def at_checkout(self, visit: Visit) -> None:
        cashier = self.staff["cashier"][0]
        settlement = Settlement.objects.get(visit=visit, superseded_at=None)
        owed = settlement.payable - sum(
            Payment.objects.filter(settlement=settlement).values_list("amount", flat=True), Decimal(0)
        )
        if owed:
            checkout.pay(settlement, method="wechat", amount=owed, reference="4200001", by=cashier, token=uuid4())
        elif not GatePass.objects.filter(visit=visit).exists():
            checkout.issue_gate_pass(visit, by=cashier, content=True)
        else:
            checkout.release(visit.vehicle.plate, by=self.staff["gate"][0])

    def at_follow_up(self, visit: Visit) -> None:
        caller = self.staff["customer_relations"][0]
        call = FollowUpCall.objects.filter(visit=visit).first()
        if call is None:
            followups.open_call(visit, by=Actor.system("followups"))
        else:
            followups.record_attempt(call, outcome="done", by=caller, satisfaction=9, nps=9, words="好", problem=False)


def wrongs(visit: Visit, *, since: int) -> list[str]:
    """Everything about a visit that must not be, whoever did what; `since`: the journal's last id when it began."""
    stage = Stage(visit.stage)
    found = [] if visit.stage not in ENDS or visit.ended_at else ["ended without a time"]
    place = JOURNEY.index(stage) if stage in JOURNEY else -1
    for threshold, check in ORACLE:
        if place >= JOURNEY.index(threshold):
            found += check(visit)
    return found + _exits(visit) + _always(visit) + _story(visit, since)


def _exits(visit: Visit) -> list[str]:
    found = []
    if visit.stage == Stage.NO_SHOW and visit.due_in_at and visit.due_in_at > visit.ended_at:
        found.append("a no-show before the booked time")
    if visit.stage == Stage.LEFT_WITHOUT_SERVICE and visit.lines.exclude(work__in=["open", "dispatched"]).exists():
        found.append("left without service after work had begun")
    if visit.round > 1 and not Inspection.objects.filter(visit=visit, round=visit.round - 1, verdict="fail").exists():
        found.append("sent back without a failed inspection")
    return found


def _arrived(visit: Visit) -> list[str]:
    found = [] if visit.arrived_at else ["received without having arrived"]
    if Appointment.objects.filter(visit=visit).exclude(status="arrived").exists():
        found.append("received, but the booking does not say so")
    return found


def _always(visit: Visit) -> list[str]:
    found = []
    for line in visit.lines.all():
        if line.work != "open" and line.consent_state != "approved":
            found.append(f"worked without consent: {line.work}")
        if line.consent_state == "approved" and line.consent_id is None:
            found.append("approved without proof")
    for bill in Settlement.objects.filter(visit=visit, superseded_at=None):
        lines = [row for row in visit.lines.all() if row.consent_state == "approved"]
        agreed = sum((row.labour + row.material for row in lines), Decimal(0))
        if bill.total != agreed:
            found.append(f"billed {bill.total}, agreed {agreed}")
    return found


def _looked_at(visit: Visit) -> list[str]:
    found = []
    if not CheckIn.objects.filter(visit=visit, completed_at__isnull=False, valuables_reminded=True).exists():
        found.append("in repair without a walk-around")
    if visit.promised_at is None:
        found.append("in repair without a promised time")
    if not visit.lines.filter(consent_state="approved").exists():
        found.append("in repair without an agreed item")
    return found


def _worked(visit: Visit) -> list[str]:
    found = []
    if visit.lines.filter(consent_state__in=["draft", "asked"], kind="job").exists():
        found.append("left repair with an open question")
    if visit.lines.filter(consent_state="approved", kind="job").exclude(work="done").exists():
        found.append("left repair with work undone")
    if ClockEntry.objects.filter(job__line__visit=visit, stopped_at=None).exists():
        found.append("left repair with a clock running")
    return found


def _inspected(visit: Visit) -> list[str]:
    rows = list(Inspection.objects.filter(visit=visit, round=visit.round))
    found = [] if {row.level for row in rows} == {1, 2, 3} else ["not inspected three times"]
    if any(row.verdict != "pass" for row in rows):
        found.append("left inspection with a fail")
    if len({row.inspector_id for row in rows}) != len(rows):
        found.append("one person inspected twice")
    return found


def _washed(visit: Visit) -> list[str]:
    clean = Wash.objects.filter(visit=visit, state__in=["done", "waived"]).exists()
    return [
        *([] if clean else ["handed over unwashed"]),
        *([] if visit.ready_at else ["handed over without being told"]),
    ]


def _handed_over(visit: Visit) -> list[str]:
    done = Handover.objects.filter(visit=visit, completed_at__isnull=False, bill_explained_at__isnull=False).exists()
    found = [] if done else ["at the till without a handover"]
    if visit.needs.filter(outcome="").exists():
        found.append("at the till with an unanswered request")
    return found


def _paid(visit: Visit) -> list[str]:
    bill = Settlement.objects.filter(visit=visit, superseded_at=None).first()
    paid = sum(Payment.objects.filter(settlement=bill).values_list("amount", flat=True), Decimal(0))
    found = [] if bill and paid == bill.payable else ["left the store unpaid"]
    if not GatePass.objects.filter(visit=visit, used_at__isnull=False).exists():
        found.append("left the store without a gate pass")
    return found


def _called(visit: Visit) -> list[str]:
    asked = FollowUpCall.objects.filter(visit=visit).exclude(state="open").exists()
    return [] if asked else ["closed without a call"]


ORACLE = (
    (Stage.RECEPTION, _arrived),
    (Stage.REPAIR, _looked_at),
    (Stage.INSPECTION, _worked),
    (Stage.WASH, _inspected),
    (Stage.HANDOVER, _washed),
    (Stage.CHECKOUT, _handed_over),
    (Stage.FOLLOW_UP, _paid),
    (Stage.CLOSED, _called),
)


def moves(visit: Visit, *, since: int) -> list[tuple[str, str]]:
    """The stages a visit went through since, as the journal tells them."""
    rows = Event.objects.filter(visit_id=visit.pk, id__gt=since, name="visits.stage_entered").order_by("id")
    return [(row.data["came_from"], row.data["stage"]) for row in rows]


def _story(visit: Visit, since: int) -> list[str]:
    told = moves(visit, since=since)
    found = [f"the journal jumps from {a[1]} to {b[0]}" for a, b in pairwise(told) if a[1] != b[0]]
    if told and told[-1][1] != visit.stage:
        found.append(f"the journal says {told[-1][1]}, the visit {visit.stage}")
    return found


def attempt(action) -> bool:
    """Do it; True if the house let it happen. Any error but a readable refusal is a bug and goes up."""
    try:
        with transaction.atomic():
            action()
    except DomainError:
        return False
    return True
