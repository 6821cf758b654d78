"""Answers of customers as they come in over months: rows and journal, without going through the pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from core import clock
from core.actors import Actor
from journal import domain as journal
from stores.models import Staff, Store
from surveys import queries, statistics
from surveys.choices import FactorCode, ItemKind
from surveys.events import Answered, Invited
from surveys.models import Answer, FactorScore, Response
from surveys.rules import is_low
from tests import factories
from visits.events import CarReleased
from visits.models import Visit

SYSTEM = Actor.system("test")
# History: roll-ups count it, and nothing else follows from it.
DEMO = "demo"
POWERTRAINS = ("petrol", "petrol", "petrol", "hybrid", "electric")


@dataclass
class Town:
    """A store's customers: `release()` lets a car go, `answer()` has its customer answer."""

    store: Store
    random: Random
    advisors: list[Staff] = field(default_factory=list)

    def __post_init__(self):
        questionnaire = queries.in_force()
        self.questionnaire = questionnaire
        self.items = queries.items(questionnaire)
        self.weights = {factor.code: factor.weight for factor in queries.factors(questionnaire)}
        self.advisors = self.advisors or [factories.staff(self.store, "advisor") for _ in range(3)]

    def release(self, at: datetime, *, advisor: Staff | None = None, late: bool = False, booked: bool = True) -> Visit:
        """A car that left at `at`; the event is journalled now, whenever that is."""
        advisor = advisor or self.random.choice(self.advisors)
        car = factories.vehicle(self.store, powertrain=self.random.choice(POWERTRAINS))
        promised = at - timedelta(hours=2)
        visit = Visit.objects.create(
            store=self.store,
            number=f"RO{at:%Y%m%d}-R{factories.number():05d}",
            customer=car.owner,
            vehicle=car,
            advisor=advisor,
            stage="follow_up",
            stage_since=at,
            opened_at=at - timedelta(hours=8),
            due_in_at=at - timedelta(hours=7) if booked else None,
            arrived_at=at - timedelta(hours=7),
            mileage_in=20_000,
            promised_at=promised,
            first_promised_at=promised,
            ready_at=promised + timedelta(minutes=50 if late else -10),
            handed_over_at=at - timedelta(minutes=30),
            released_at=at,
            round=2 if self.random.random() < 0.08 else 1,
        )
        journal.record(
            CarReleased(at, visit.customer_id, visit.vehicle_id, advisor.pk),
            store_id=self.store.pk,
            subject=visit,
            visit_id=visit.pk,
            by=SYSTEM,
            at=at,
            origin=DEMO,
        )
        return visit

    def invite(self, visit: Visit) -> None:
        day = clock.local_day(self.store.tz, visit.released_at)
        self._journal(Invited(visit.pk, day, visit.advisor_id), visit, visit.released_at + timedelta(days=1))

    def answer(
        self, visit: Visit, *, mood: float, channel: str = "link", moods: dict[str, float] | None = None
    ) -> Response:
        """The customer answers; `mood` is his mean score, `moods` another one for a factor."""
        moods = moods or {}
        scores: dict[str, list[int | None]] = {}
        answers, yes = [], {}
        nps = overall = None
        for item in self.items:
            code = item.factor.code if item.factor else ""
            value = self._score(moods.get(code, mood))
            if item.kind == ItemKind.SCALE and code:
                # Some questions are skipped.
                value = None if self.random.random() < 0.08 else value
                scores.setdefault(code, []).append(value)
                if value is not None:
                    answers.append(Answer(store=self.store, item=item, score=value))
            elif item.kind == ItemKind.SCALE:
                overall = value
            elif item.kind == ItemKind.NPS:
                nps = max(0, min(10, value))
            elif item.asks_problem:
                yes["problem"] = value <= 5
        return self._save(visit, scores, answers, overall, nps, yes.get("problem"), channel)

    def _score(self, mood: float) -> int:
        return max(1, min(10, round(self.random.gauss(mood, 1.3))))

    def _save(self, visit, scores, answers, overall, nps, problem, channel) -> Response:
        means = {code: statistics.factor_mean(given) for code, given in scores.items()}
        means = {code: mean.quantize(Decimal("0.01")) for code, mean in means.items() if mean is not None}
        low = is_low([overall, *(score for given in scores.values() for score in given)], nps, problem)
        at = visit.released_at + timedelta(hours=self.random.randint(24, 90))
        response = Response.objects.create(
            store=self.store,
            visit=visit,
            questionnaire=self.questionnaire,
            channel=channel,
            at=at,
            csi=statistics.csi(scores, self.weights),
            overall=overall,
            nps=nps,
            problem=problem,
            low=low,
            comment="" if not low else "等了很久才交车，希望以后准时一些。",
            advisor=visit.advisor,
            released_at=visit.released_at,
            origin="demo",
        )
        FactorScore.objects.bulk_create(
            FactorScore(store=self.store, response=response, code=code, score=mean) for code, mean in means.items()
        )
        for answer in answers:
            answer.response = response
        Answer.objects.bulk_create(answers)
        self._journal(
            Answered(
                response_id=response.pk,
                channel=channel,
                released_on=clock.local_day(self.store.tz, visit.released_at),
                low=low,
                csi=response.csi,
                nps=nps,
                overall=overall,
                problem=problem,
                advisor_id=visit.advisor_id,
                factors=means,
            ),
            visit,
            at,
        )
        return response

    def _journal(self, evt, visit: Visit, at: datetime) -> None:
        journal.record(evt, store_id=self.store.pk, subject=visit, visit_id=visit.pk, by=SYSTEM, at=at, origin=DEMO)


FACTORS = list(FactorCode.values)
