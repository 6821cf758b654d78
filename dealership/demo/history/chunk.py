"""Some of the cars: their owners, their rows, and the sending of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from core.names import pinyin_of
from dealership.demo.cars import COLOURS, MODELS, NEW_ENERGY
from dealership.demo.history.planning import CLOSED_AGO, CONSENTS, DAYS, Bases, Material, Plan, first_day
from dealership.demo.history.stay import Stay
from dealership.demo.history.tables import tables
from dealership.demo.words import mobile, person_name, plate, vin

MAY_ASK, MAY_REMIND = 0.75, 0.62
HMS = [f" {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}+00" for s in range(86_400)]


class Chunk:
    """Writes the rows of the cars `first` to `last` (exclusive)."""

    def __init__(self, plan: Plan, bases: Bases, material: Material, *, seed: int, position: tuple[int, int]):
        self.plan, self.at, self.m, self.seed = plan, bases, material, seed
        self.store = str(material.store_id)
        self.epoch, self.xid = (str(part) for part in position)
        self.first_day = first_day(plan.today)
        self.first_weekday = self.first_day.weekday()
        self.day_texts = [(self.first_day + timedelta(days=d)).isoformat() for d in range(DAYS + 30)]
        self.midnight = int(datetime.combine(self.first_day, datetime.min.time(), UTC).timestamp())
        # Nothing in the history lies after yesterday.
        self.last_second = (DAYS + CLOSED_AGO - 1) * 86_400
        self.tables = tables()

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
        asked, reminded = r.random() < MAY_ASK, r.random() < MAY_REMIND
        self._agreed(car, customer, stamp, asked=asked, reminded=reminded)
        for visit in range(begin, end):
            day = self.plan.days[visit]
            reading = min(int((age_days + day - self.plan.days[begin]) * km_a_day), 900_000)
            who = advisor if r.random() < 0.75 else r.choice(self.m.staff["advisor"])
            stay = Stay(self, visit, r, customer=customer, vehicle=vehicle, name=name, advisor=who, km=reading)
            stay.may_ask, stay.may_remind = asked, reminded
            stay.before = self.plan.days[visit - 1] if visit > begin else None
            stay.write()

    def _agreed(self, car: int, customer: str, at: str, *, asked: bool, reminded: bool) -> None:
        """What the customer signed for when his car came for the first time."""
        rows = [("survey", asked), ("marketing", reminded)]
        for place, (purpose, allowed) in enumerate(rows):
            for channel_place, channel in enumerate(("sms", "phone")):
                self.tables["agreed"].add(
                    str(self.at.agreed + car * CONSENTS + place * 2 + channel_place), self.store, customer, purpose, channel,
                    "t" if allowed else "f", "首次进店登记表", at,
                )  # fmt: skip
