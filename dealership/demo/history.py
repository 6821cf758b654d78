"""Two years of closed visits, row by row as COPY reads them.

`plan` decides, for the whole store at once and from one seed, which car comes on which day and under which number; `Chunk` writes
the rows of some of the cars, so that several processes share the work and the result does not depend on how many they are.
Shapes: arrivals follow the weekday and two morning peaks; durations are log-normal around the operation's standard hours; about one
first promise in nine breaks, and one car in seventeen is sent back by an inspection.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from catalogue.models import Operation
from core.names import pinyin_of
from core.stages import JOURNEY, Stage
from customers.models import Customer, OdometerReading, Ownership, Vehicle
from dealership.demo.cars import COLOURS, MODELS, NEW_ENERGY
from dealership.demo.copying import NULL, Rows
from dealership.demo.words import mobile, person_name, plate, vin
from followups.models import CallAttempt, FollowUpCall
from inspections.models import Inspection
from journal.models import Event
from orders.models import Consent, ConsentPack, Line, LinePart, RepairOrder
from repairs.models import Job
from stores.choices import RoleCode
from stores.models import Staff, Store
from visits.models import Need, Promise, Signature, Visit

DAYS = 730
# The newest visit lies a few days back, so that its follow-up call does not lie in the future.
CLOSED_AGO = 5
VISITS_PER_CAR = 3.2
# Monday to Sunday: Saturdays are full.
WEEKDAY_SHARE = (1.0, 0.92, 0.9, 0.92, 1.05, 1.35, 0.85)
HOUR_SHARE = (0, 0, 0, 0, 0, 0, 0, 0, 7, 18, 14, 8, 4, 9, 12, 11, 8, 4)  # local hour of arrival
LINES_MAX, PARTS_MAX, EVENTS_MAX = 4, 8, 20
KINDS = (("maintenance", 62), ("minor", 30), ("accident", 5), ("warranty", 3))
CONCERNS = {
    "maintenance": (
        "该做保养了，顺便检查一下刹车",
        "保养到期，最近油耗有点高",
        "做个常规保养，下周要跑长途",
        "保养一下，空调有点味道",
    ),
    "minor": (
        "左前门过减速带有异响",
        "刹车时方向盘抖动",
        "冷车启动有吱吱声",
        "空调不够凉",
        "高速时车身发抖",
        "倒车影像偶尔黑屏",
        "发动机故障灯亮了",
    ),
    "accident": ("右后保险杠被追尾了", "停车时前杠刮到柱子", "左前叶子板被剐蹭"),
    "warranty": ("变速箱低速有顿挫，还在质保期内", "中控屏死机好几次了", "充电枪插上没反应"),
}
WANTS = ("今天能准时取车", "费用不要超预算", "把异响彻底解决", "等待时间短一点", "把做了什么讲清楚", "车洗干净")
LATE_REASONS = ("配件晚到", "检查中发现新故障", "前一台车超时，工位未空出", "等待客户确认增项")
CORRECTIONS = (
    "按标准工序完成，试车正常",
    "更换后复检合格",
    "调整并紧固，异响消除",
    "清洗后故障消失，已复查",
    "更换损坏件并做匹配",
)
PRAISE = ("服务挺好", "很满意，准时交车", "解释得很清楚", "还可以", "环境不错，等得有点久", "")
PROBLEMS = ("取车比说好的晚了一个多小时", "异响好像还有一点", "洗车没洗干净", "费用比说的高", "没人主动告诉我进度")
HMS = [f" {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}+00" for s in range(86_400)]


@dataclass
class Plan:
    """`starts[i]` is the first visit of car i (one more at the end); `days[v]`, `numbers[v]`: day and number within the day."""

    today: date
    starts: array
    days: array
    numbers: array

    @property
    def cars(self) -> int:
        return len(self.starts) - 1


def first_day(today: date) -> date:
    return today - timedelta(days=DAYS + CLOSED_AGO)


def plan(visits: int, *, today: date, random: Random) -> Plan:
    """Share `visits` out over cars and days."""
    starts, days = array("l", [0]), array("h")
    weights = [WEEKDAY_SHARE[(first_day(today) + timedelta(days=d)).weekday()] for d in range(DAYS)]
    full = max(weights)
    while len(days) < visits:
        count = min(1 + int(random.expovariate(1 / (VISITS_PER_CAR - 1)) + 0.5), 12, visits - len(days))
        chosen: set[int] = set()
        while len(chosen) < count:
            day = random.randrange(DAYS)
            if random.random() * full < weights[day]:
                chosen.add(day)
        days.extend(sorted(chosen))
        starts.append(len(days))
    seen = array("l", [0]) * DAYS
    numbers = array("l")
    for day in days:
        seen[day] += 1
        numbers.append(seen[day])
    return Plan(today, starts, days, numbers)


@dataclass
class Bases:
    """First ids of the ranges reserved for the whole load; row ids follow from the number of the car or visit."""

    customer: int
    vehicle: int
    ownership: int
    reading: int
    visit: int
    order: int
    pack: int
    consent: int
    signature: int
    line: int
    part: int
    promise: int
    need: int
    job: int
    inspection: int
    call: int
    attempt: int
    event: int


# Ids per unit: of a car for the first three, of a visit for the others.
PER_UNIT = {
    "customer": (Customer, 1), "vehicle": (Vehicle, 1), "ownership": (Ownership, 1),
    "reading": (OdometerReading, 1), "visit": (Visit, 1), "order": (RepairOrder, 1), "pack": (ConsentPack, 1),
    "consent": (Consent, 1), "signature": (Signature, 1), "line": (Line, LINES_MAX), "part": (LinePart, PARTS_MAX),
    "promise": (Promise, 2), "need": (Need, 2), "job": (Job, LINES_MAX), "inspection": (Inspection, 6),
    "call": (FollowUpCall, 1), "attempt": (CallAttempt, 2), "event": (Event, EVENTS_MAX),
}  # fmt: skip
OF_CARS = {"customer", "vehicle", "ownership"}
MODELS_LOADED = [model for model, _count in PER_UNIT.values()]


@dataclass
class Material:
    """What the rows refer to, read once."""

    store_id: int
    rate: Decimal
    staff: dict[str, list[int]]
    operations: dict[str, list[tuple]]


def material(store: Store) -> Material:
    """Staff ids by role and operations by repair category, each (id, title, hours, [(part id, number, name, class, unit, quantity, price)])."""
    staff: dict[str, list[int]] = {code: [] for code in RoleCode.values}
    for pk, code in Staff.objects.order_by("id").values_list("id", "role__code"):
        staff[code].append(pk)
    operations: dict[str, list[tuple]] = {"maintenance": [], "minor": []}
    rows = Operation.objects.filter(active=True).prefetch_related("parts__part").order_by("id")
    for row in rows:
        parts = [
            (
                use.part_id,
                use.part.number,
                use.part.name_zh,
                use.part.part_class,
                use.part.unit,
                use.quantity,
                use.part.price,
            )
            for use in row.parts.all()
        ]
        entry = (row.pk, row.name_zh, row.hours, parts)
        operations.setdefault("maintenance" if row.category == "maintenance" else "minor", []).append(entry)
    return Material(store.pk, store.hour_rate, staff, operations)


class Chunk:
    """Writes the rows of the cars `first` to `last` (exclusive)."""

    def __init__(self, plan: Plan, bases: Bases, material: Material, *, seed: int, position: tuple[int, int]):
        self.plan, self.at, self.m, self.seed = plan, bases, material, seed
        self.store = str(material.store_id)
        self.epoch, self.xid = (str(part) for part in position)
        self.first_day = first_day(plan.today)
        self.day_texts = [(self.first_day + timedelta(days=d)).isoformat() for d in range(DAYS + 30)]
        self.midnight = int(datetime.combine(self.first_day, datetime.min.time(), UTC).timestamp())
        self.tables = self._tables()

    def _tables(self) -> dict[str, Rows]:
        s = "store_id"
        return {
            "customer": Rows(
                Customer, "id", s, "name", "name_pinyin", "name_initials", "gender", "phone", "created_at"
            ),
            "vehicle": Rows(
                Vehicle,
                "id",
                s,
                "vin",
                "vin_check_ok",
                "plate",
                "plate_kind",
                "brand",
                "model",
                "year",
                "colour",
                "powertrain",
                "invoice_date",
                "owner_id",
                "mileage",
                "mileage_on",
                "created_at",
            ),
            "ownership": Rows(Ownership, "id", s, "vehicle_id", "customer_id", "since"),
            "reading": Rows(OdometerReading, "id", s, "vehicle_id", "km", "on"),
            "visit": Rows(
                Visit,
                "id",
                s,
                "number",
                "customer_id",
                "vehicle_id",
                "advisor_id",
                "stage",
                "stage_since",
                "version",
                "origin",
                "opened_at",
                "due_in_at",
                "arrived_at",
                "mileage_in",
                "waiting",
                "promised_at",
                "first_promised_at",
                "round",
                "ready_at",
                "handed_over_at",
                "released_at",
                "ended_at",
            ),
            "order": Rows(RepairOrder, "id", s, "visit_id", "category", "signed_at"),
            "signature": Rows(Signature, "id", s, "visit_id", "purpose", "signer", "document_sha256", "at"),
            "pack": Rows(
                ConsentPack,
                "id",
                s,
                "visit_id",
                "version",
                "content",
                "sha256",
                "created_at",
                "created_by_id",
                "decided_at",
            ),
            "consent": Rows(
                Consent,
                "id",
                s,
                "visit_id",
                "pack_id",
                "method",
                "decided_by",
                "at",
                "signature_id",
                "evidence_sha256",
                "taken_by_id",
            ),
            "line": Rows(
                Line,
                "id",
                s,
                "visit_id",
                "position",
                "kind",
                "operation_id",
                "title",
                "concern",
                "correction",
                "pay_type",
                "hours",
                "hour_rate",
                "labour",
                "material",
                "consent_state",
                "consent_id",
                "pack_id",
                "work",
                "work_done_at",
                "created_at",
            ),
            "part": Rows(
                LinePart,
                "id",
                s,
                "line_id",
                "part_id",
                "number",
                "name",
                "part_class",
                "unit",
                "quantity",
                "unit_price",
                "amount",
            ),
            "promise": Rows(
                Promise,
                "id",
                s,
                "visit_id",
                "sequence",
                "old_at",
                "new_at",
                "reason",
                "by_kind",
                "by_id",
                "made_at",
                "told_at",
                "told_how",
            ),
            "need": Rows(
                Need,
                "id",
                s,
                "visit_id",
                "kind",
                "words",
                "stage",
                "owner_id",
                "created_at",
                "outcome",
                "answer",
                "settled_at",
                "settled_by_id",
            ),
            "job": Rows(
                Job,
                "id",
                s,
                "line_id",
                "round",
                "technician_id",
                "planned",
                "dispatched_by_id",
                "dispatched_at",
                "state",
                "started_at",
                "finished_at",
            ),
            "inspection": Rows(
                Inspection, "id", s, "visit_id", "round", "level", "inspector_id", "verdict", "reason", "at"
            ),
            "call": Rows(
                FollowUpCall,
                "id",
                s,
                "visit_id",
                "due_at",
                "next_try_at",
                "state",
                "assigned_to_id",
                "completed_at",
                "satisfaction",
                "nps",
                "words",
                "problem",
            ),
            "attempt": Rows(CallAttempt, "id", s, "call_id", "sequence", "outcome", "by_id", "at"),
            "event": Rows(
                Event,
                "id",
                s,
                "name",
                "subject_kind",
                "subject_id",
                "visit_id",
                "actor_kind",
                "actor_id",
                "at",
                "data",
                "origin",
                "epoch",
                "xid",
            ),
        }

    def write(self, cursor, first: int, last: int) -> int:
        """Add and send the rows of these cars; returns how many visits they had."""
        for car in range(first, last):
            self._car(car, Random(self.seed * 1_000_003 + car))
        # Parents first, for a load that keeps its foreign keys.
        for rows in self.tables.values():
            rows.flush(cursor)
        return self.plan.starts[last] - self.plan.starts[first]

    def ts(self, second: int) -> str:
        """A time from seconds since the plan's first midnight (UTC)."""
        return self.day_texts[second // 86_400] + HMS[second % 86_400]

    def _car(self, car: int, r: Random) -> None:
        begin, end = self.plan.starts[car], self.plan.starts[car + 1]
        model = r.choices(MODELS, [m.weight for m in MODELS])[0]
        age_days = r.randrange(120, 2600)
        since = self.first_day + timedelta(days=self.plan.days[begin] - age_days)
        km_a_day = model.km_a_year * r.lognormvariate(0, 0.35) / 365
        customer, vehicle = str(self.at.customer + car), str(self.at.vehicle + car)
        name = person_name(r)
        full, initials = pinyin_of(name)
        newest = end - 1
        km = min(int((age_days + self.plan.days[newest] - self.plan.days[begin]) * km_a_day), 900_000)
        green = model.powertrain in NEW_ENERGY
        stamp = self.ts(self.plan.days[begin] * 86_400)
        self.tables["customer"].add(
            customer, self.store, name, full, initials, r.choice(("male", "female", "male")), mobile(r), stamp
        )
        self.tables["vehicle"].add(
            vehicle, self.store, vin(car, model.wmi, since.year), "t",
            plate(car, new_energy=green, pure_electric=model.powertrain == "electric"),
            "new_energy" if green else "ordinary", model.brand, model.name, str(since.year), r.choice(COLOURS),
            str(model.powertrain.value), since.isoformat(), customer, str(km), self.day_texts[self.plan.days[newest]], stamp,
        )  # fmt: skip
        self.tables["ownership"].add(str(self.at.ownership + car), self.store, vehicle, customer, since.isoformat())
        advisor = r.choice(self.m.staff["advisor"])  # most customers stay with theirs
        for visit in range(begin, end):
            day = self.plan.days[visit]
            reading = min(int((age_days + day - self.plan.days[begin]) * km_a_day), 900_000)
            who = advisor if r.random() < 0.75 else r.choice(self.m.staff["advisor"])
            Stay(self, visit, r, customer=customer, vehicle=vehicle, name=name, advisor=who, km=reading).write()


class Stay:
    """One visit with everything that hangs on it."""

    def __init__(self, chunk: Chunk, index: int, r: Random, *, customer, vehicle, name, advisor, km):
        self.c, self.i, self.r = chunk, index, r
        self.customer, self.vehicle, self.name, self.advisor, self.km = customer, vehicle, name, str(advisor), km
        self.id = str(chunk.at.visit + index)
        self.day = chunk.plan.days[index]
        self.events = 0
        self.kind = r.choices([k for k, _w in KINDS], [w for _k, w in KINDS])[0]

    def write(self) -> None:
        self._clock()
        self._lines()
        self._promise()
        self._visit()
        self._order()
        self._needs()
        self._floor()
        self._call()
        self._story()

    def _clock(self) -> None:
        """Seconds of each step since the plan's first midnight, in UTC (the store is eight hours ahead)."""
        r = self.r
        hour = r.choices(range(len(HOUR_SHARE)), HOUR_SHARE)[0]
        self.arrived = self.day * 86_400 + (hour - 8) * 3600 + r.randrange(3600)
        self.booked = r.random() < 0.7
        self.signed = self.arrived + int(r.lognormvariate(6.8, 0.35))

    def _lines(self) -> None:
        r, pool = self.r, self.c.m.operations
        main = pool["maintenance"] if self.kind == "maintenance" else pool["minor"]
        count = min(1 + (r.random() < 0.55) + (r.random() < 0.3) + (r.random() < 0.12), LINES_MAX)
        self.jobs = [r.choice(main)] + [r.choice(pool["maintenance"] + pool["minor"]) for _n in range(count - 1)]
        self.hours = float(sum(job[2] for job in self.jobs))
        self.work_start = self.signed + int(r.lognormvariate(6.9, 0.7))
        work = self.hours * 3600 * r.lognormvariate(-0.08, 0.22)
        self.work_end = self.work_start + int(work) + 300
        self.sent_back = r.random() < 0.06
        if self.sent_back:
            self.work_end += int(r.lognormvariate(7.4, 0.4))
        self.inspected = self.work_end + int(r.lognormvariate(6.6, 0.5))
        self.ready = self.inspected + int(r.lognormvariate(7.1, 0.35))
        self.handed = self.ready + int(r.lognormvariate(6.9, 0.7))
        self.released = self.handed + int(r.lognormvariate(6.3, 0.4))
        # three days at the most, at a decent hour
        self.called = self.released + int(r.uniform(20, 70) * 3600)

    def _promise(self) -> None:
        # What an advisor says: the hours, an hour around them, on the quarter, with some courage.
        span = (self.hours * 1.12 + 1.75) * 3600 * self.r.uniform(0.95, 1.25)
        self.promised = (self.signed + int(span)) // 900 * 900 + 900
        self.first = self.promised
        self.again = self.ready > self.promised and self.r.random() < 0.8
        if self.again:
            self.promised = max(self.ready // 900 * 900 + 900, self.promised + 900)
        ts, add = self.c.ts, self.c.tables["promise"].add
        base = self.c.at.promise + self.i * 2
        store = self.c.store
        add(
            str(base),
            store,
            self.id,
            "1",
            NULL,
            ts(self.first),
            "",
            "staff",
            self.advisor,
            ts(self.signed),
            ts(self.signed),
            "in_person",
        )
        if self.again:
            made = ts(min(self.first - 1, max(self.signed + 600, self.first - self.r.randrange(300, 3600))))
            reason = self.r.choice(LATE_REASONS)
            add(
                str(base + 1),
                store,
                self.id,
                "2",
                ts(self.first),
                ts(self.promised),
                reason,
                "staff",
                self.advisor,
                made,
                made,
                "phone",
            )

    def _visit(self) -> None:
        c, ts = self.c, self.c.ts
        self.number = f"RO{c.day_texts[self.day].replace('-', '')}-{c.plan.numbers[self.i]:04d}"
        opened = self.arrived - self.r.randrange(1, 6) * 86_400 if self.booked else self.arrived
        self.opened = max(opened, 0)
        due = ts(self.arrived // 1800 * 1800) if self.booked else NULL
        c.tables["visit"].add(
            self.id, c.store, self.number, self.customer, self.vehicle, self.advisor, "closed", ts(self.called), "9", "demo",
            ts(self.opened), due, ts(self.arrived), str(self.km), "t" if self.hours < 2 and self.r.random() < 0.6 else "f",
            ts(self.promised), ts(self.first), "2" if self.sent_back else "1", ts(self.ready), ts(self.handed),
            ts(self.released), ts(self.called),
        )  # fmt: skip
        day = c.day_texts[self.day]
        c.tables["reading"].add(str(c.at.reading + self.i), c.store, self.vehicle, str(self.km), day)

    def _order(self) -> None:
        c, ts = self.c, self.c.ts
        pack, consent = str(c.at.pack + self.i), str(c.at.consent + self.i)
        signature, signed = str(c.at.signature + self.i), ts(self.signed)
        category = {"maintenance": "maintenance", "accident": "accident", "warranty": "warranty"}.get(
            self.kind, "minor"
        )
        c.tables["order"].add(str(c.at.order + self.i), c.store, self.id, category, signed)
        pay = "warranty" if self.kind == "warranty" else "insurance" if self.kind == "accident" else "customer"
        shown, parts_written, total = [], 0, Decimal(0)
        concern = self.r.choice(CONCERNS[self.kind])
        for place, (operation, title, hours, parts) in enumerate(self.jobs):
            line = c.at.line + self.i * LINES_MAX + place
            labour = (hours * c.m.rate).quantize(Decimal("0.01"))
            material = Decimal(0)
            for part_id, number, name, part_class, unit, quantity, price in parts:
                if parts_written == PARTS_MAX:
                    break
                amount = (quantity * price).quantize(Decimal("0.01"))
                material += amount
                c.tables["part"].add(
                    str(c.at.part + self.i * PARTS_MAX + parts_written), c.store, str(line), str(part_id), number, name,
                    str(part_class), unit, str(quantity), str(price), str(amount),
                )  # fmt: skip
                parts_written += 1
            c.tables["line"].add(
                str(line), c.store, self.id, str(place + 1), "job", str(operation), title, concern if place == 0 else "",
                self.r.choice(CORRECTIONS), pay, str(hours), str(c.m.rate), str(labour), str(material), "approved", consent,
                pack, "done", ts(self.work_end), signed,
            )  # fmt: skip
            shown.append({"id": line, "title": title, "labour": str(labour), "material": str(material)})
            total += labour + material
        self.total = total
        content = json.dumps(
            {"visit": self.number, "lines": shown, "totals": {"total": str(total)}}, ensure_ascii=False
        )
        digest = hashlib.sha256(content.encode()).hexdigest()
        c.tables["signature"].add(signature, c.store, self.id, "estimate", self.name, digest, signed)
        c.tables["pack"].add(pack, c.store, self.id, "1", content, digest, signed, self.advisor, signed)
        c.tables["consent"].add(
            consent, c.store, self.id, pack, "signature", self.name, signed, signature, digest, self.advisor
        )

    def _needs(self) -> None:
        c, ts = self.c, self.c.ts
        settled = ts(self.handed)
        rows = [("matters_most", self.r.choice(WANTS))]
        if self.kind != "maintenance":
            rows.append(("fault", self.r.choice(CONCERNS[self.kind])))
        for place, (kind, words) in enumerate(rows):
            c.tables["need"].add(
                str(c.at.need + self.i * 2 + place), c.store, self.id, kind, words, "reception", self.advisor, ts(self.arrived),
                "done", "", settled, self.advisor,
            )  # fmt: skip

    def _floor(self) -> None:
        c, r, ts, staff = self.c, self.r, self.c.ts, self.c.m.staff
        technician = r.choice(staff["technician"])
        controller = str(r.choice(staff["controller"]))
        start, end = ts(self.work_start), ts(self.work_end)
        for place in range(len(self.jobs)):
            c.tables["job"].add(
                str(c.at.job + self.i * LINES_MAX + place), c.store, str(c.at.line + self.i * LINES_MAX + place), "1",
                str(technician), f'["{start}","{end}")', controller, ts(self.work_start - 120), "done", start, end,
            )  # fmt: skip
        base, add = c.at.inspection + self.i * 6, c.tables["inspection"].add
        inspector = str(r.choice(staff["inspector"]))
        checks = [
            ("1", str(technician), self.work_end + 60),
            ("2", controller, self.work_end + 240),
            ("3", inspector, self.inspected),
        ]
        round_no = "2" if self.sent_back else "1"
        if self.sent_back:
            add(str(base + 3), c.store, self.id, "1", "1", str(technician), "pass", "", ts(self.work_end - 1800))
            add(str(base + 4), c.store, self.id, "1", "2", controller, "pass", "", ts(self.work_end - 1500))
            add(
                str(base + 5),
                c.store,
                self.id,
                "1",
                "3",
                inspector,
                "fail",
                "车轮螺栓扭矩不足",
                ts(self.work_end - 1200),
            )
        for place, (level, who, at) in enumerate(checks):
            add(str(base + place), c.store, self.id, round_no, level, who, "pass", "", ts(at))

    def _call(self) -> None:
        c, r, ts = self.c, self.r, self.c.ts
        late = self.ready > self.first
        score = max(1, min(10, round(r.gauss(8.9 - 1.3 * late - 0.9 * self.sent_back, 1.1))))
        nps = max(0, min(10, round(r.gauss(8.7 - 1.6 * late, 1.5))))
        caller = str(r.choice(c.m.staff["customer_relations"]))
        call = str(c.at.call + self.i)
        reached = r.random() < 0.86
        row = (str(score), str(nps), r.choice(PRAISE), "f") if reached else (NULL, NULL, "", NULL)
        c.tables["call"].add(
            call, c.store, self.id, ts(self.released + 72 * 3600), ts(self.called), "done" if reached else "unreachable", caller,
            ts(self.called), *row,
        )  # fmt: skip
        c.tables["attempt"].add(
            str(c.at.attempt + self.i * 2),
            c.store,
            call,
            "1",
            "done" if reached else "no_answer",
            caller,
            ts(self.called),
        )

    def _story(self) -> None:
        """The journal's rows, as the domain functions write them."""
        start = {"stage": "booking" if self.booked else "reception", "customer_id": int(self.customer)}
        self._event(
            "visits.opened", self.opened, {**start, "vehicle_id": int(self.vehicle), "advisor_id": int(self.advisor)}
        )
        times = {
            Stage.RECEPTION: self.arrived, Stage.REPAIR: self.signed, Stage.INSPECTION: self.work_end, Stage.WASH: self.inspected,
            Stage.HANDOVER: self.ready, Stage.CHECKOUT: self.handed, Stage.FOLLOW_UP: self.released, Stage.CLOSED: self.called,
        }  # fmt: skip
        came_from, since = (Stage.BOOKING if self.booked else Stage.RECEPTION), self.opened
        self._event("visits.promised", self.signed, {"sequence": 1, "new_at": self._iso(self.first), "old_at": None})
        rounds = 2 if self.sent_back else 1
        for stage in JOURNEY[1 if self.booked else 2 :]:
            at = times[stage]
            if stage == Stage.INSPECTION and self.sent_back:
                self._moved(came_from, Stage.INSPECTION, self.work_end - 2000, since, 1)
                self._moved(Stage.INSPECTION, Stage.REPAIR, self.work_end - 1200, self.work_end - 2000, 2)
                came_from, since = Stage.REPAIR, self.work_end - 1200
            self._moved(came_from, stage, at, since, rounds if stage not in (Stage.RECEPTION, Stage.REPAIR) else 1)
            came_from, since = stage, at
        ready = {
            "ready_at": self._iso(self.ready),
            "first_promised_at": self._iso(self.first),
            "promised_at": self._iso(self.promised),
        }
        self._event("visits.ready", self.ready, {**ready, "advisor_id": int(self.advisor)})
        gone = {
            "released_at": self._iso(self.released),
            "customer_id": int(self.customer),
            "vehicle_id": int(self.vehicle),
        }
        self._event("visits.released", self.released, {**gone, "advisor_id": int(self.advisor)})

    def _moved(self, came_from, stage, at: int, since: int, round_no: int) -> None:
        data = {"came_from": came_from.value, "stage": stage.value, "round": round_no, "seconds": max(at - since, 0)}
        self._event("visits.stage_entered", at, {**data, "advisor_id": int(self.advisor)})

    def _event(self, name: str, at: int, data: dict) -> None:
        c = self.c
        c.tables["event"].add(
            str(c.at.event + self.i * EVENTS_MAX + self.events), c.store, name, "visits.visit", self.id, self.id, "staff",
            self.advisor, c.ts(at), json.dumps(data), "demo", c.epoch, c.xid,
        )  # fmt: skip
        self.events += 1

    def _iso(self, second: int) -> str:
        return (datetime.fromtimestamp(self.c.midnight + second, UTC)).isoformat()
