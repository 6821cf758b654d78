"""The bill is what the customer agreed to: recomputed from the consent packs alone, after whatever people did to the order."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalogue import queries as catalogue
from catalogue.choices import RepairCategory
from core.actors import Actor
from core.stages import Stage
from customers import domain as customers
from orders import domain as orders
from orders import queries
from orders.choices import LineWork, PayType
from orders.domain import PartInput
from orders.models import Line, Redemption, RepairOrder
from visits.models import Visit

EACH = settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
cents = st.decimals("0.01", 3000, places=2, allow_nan=False)


def from_packs_alone(visit) -> dict[str, Decimal]:
    """What the bill must say, from the rows of packs and answers only: no line, no part and no function of the product is read."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT p.content, c.decisions, c.lapsed FROM orders_consent c JOIN orders_consentpack p ON p.id = c.pack_id"
            " WHERE c.visit_id = %s ORDER BY c.id",
            [visit.pk],
        )
        answers = sql.fetchall()
    sums: Counter[str] = Counter()
    for content, decisions, lapsed in answers:
        content, decisions, lapsed = json.loads(content), json.loads(decisions), json.loads(lapsed)
        for line in content["lines"]:
            if not decisions[str(line["id"])] or line["id"] in lapsed:
                continue
            fen = round(Decimal(line["labour"]) * 100) + sum(
                round(Decimal(part["amount"]) * 100) for part in line["parts"]
            )
            sums["total"] += fen
            sums[line["pay_type"]] += fen
    return {name: Decimal(fen) / 100 for name, fen in sums.items()}


class Order(RuleBasedStateMachine):
    """An advisor who prices and asks, a customer who answers, a workshop that works, and packages that pay."""

    make_visit = by = None
    entered: Counter = Counter()

    @initialize()
    def begin(self):
        self.visit = self.make_visit("repair", lines=0)
        orders.open_order(self.visit, by=self.by)
        self.package = customers.grant_entitlement(
            self.visit.vehicle, kind="package", name="保养套餐", payer="maker", quantity=3, by=self.by
        )

    def rows(self, **where) -> list[Line]:
        return list(self.visit.lines.filter(**where).order_by("position"))

    @rule(
        rate=cents,
        parts=st.lists(cents, max_size=2),
        pay=st.sampled_from(["customer", "customer", "insurance", "internal"]),
    )
    def add(self, rate, parts, pay):
        material = [PartInput(name="件", unit_price=price, quantity=2) for price in parts]
        orders.add_line(
            self.visit, title="项目", hours=Decimal("0.70"), hour_rate=rate, parts=material, pay_type=pay, by=self.by
        )
        self.entered["add"] += 1

    @precondition(lambda self: self.rows(consent_state__in=["draft", "asked", "approved"], work="open"))
    @rule(data=st.data(), rate=cents)
    def change(self, data, rate):
        line = data.draw(st.sampled_from(self.rows(consent_state__in=["draft", "asked", "approved"], work="open")))
        orders.change_line(line, hour_rate=rate, by=self.by)
        self.entered["change " + line.consent_state] += 1

    @precondition(lambda self: self.rows(consent_state="draft"))
    @rule(data=st.data())
    def remove(self, data):
        orders.remove_line(data.draw(st.sampled_from(self.rows(consent_state="draft"))), by=self.by)
        self.entered["remove"] += 1

    @precondition(lambda self: self.rows(consent_state__in=["draft", "asked"]))
    @rule(bits=st.integers(0, 255))
    def ask_and_hear(self, bits):
        pack = orders.ask_consent(self.visit, by=self.by)
        answer = {view["id"]: bool(bits >> i & 1) for i, view in enumerate(pack.content["lines"])}
        orders.decide(
            pack, decisions=answer, method="link", decided_by="客户", by=Actor.customer(self.visit.customer_id)
        )
        self.entered["hear"] += 1

    @precondition(lambda self: self.rows(consent_state__in=["draft", "asked"]))
    @rule()
    def ask(self):
        orders.ask_consent(self.visit, by=self.by)

    @precondition(lambda self: self.rows(consent_state__in=["draft", "asked", "approved"], pay_type="customer"))
    @rule(data=st.data())
    def redeem(self, data):
        self.package.refresh_from_db()
        if self.package.left:
            rows = self.rows(consent_state__in=["draft", "asked", "approved"], pay_type="customer")
            orders.redeem(data.draw(st.sampled_from(rows)), self.package, by=self.by)
            self.entered["redeem"] += 1

    @precondition(lambda self: self.rows(pay_type="package", work="open"))
    @rule(data=st.data())
    def undo(self, data):
        orders.undo_redemption(data.draw(st.sampled_from(self.rows(pay_type="package", work="open"))), by=self.by)
        self.entered["undo"] += 1

    @precondition(lambda self: self.rows(consent_state="approved", work="open"))
    @rule(data=st.data())
    def work(self, data):
        line = data.draw(st.sampled_from(self.rows(consent_state="approved", work="open")))
        orders.mark_work(line, work=LineWork.STARTED, by=self.by)
        self.entered["work"] += 1

    @invariant()
    def agreed_is_what_the_packs_say(self):
        if hasattr(self, "visit"):
            assert queries.consented_amount(self.visit) == from_packs_alone(self.visit).get("total", 0)
            used = Redemption.objects.filter(visit=self.visit, undone_at=None).count()
            self.package.refresh_from_db()
            assert self.package.used == used == len(self.rows(pay_type=PayType.PACKAGE))

    def teardown(self):
        """The car is done: the workshop finishes what was agreed, and the list is issued."""
        if not hasattr(self, "visit"):
            return
        if pack := queries.open_pack(self.visit):
            orders.take_back(pack, by=self.by)
        for line in self.rows(consent_state="draft"):
            orders.remove_line(line, by=self.by)
        for line in self.rows(consent_state="approved"):
            orders.mark_work(line, work=LineWork.DONE, by=self.by)
        if not self.rows(consent_state="approved"):
            return
        Visit.objects.filter(pk=self.visit.pk).update(stage=Stage.INSPECTION)
        bill = orders.issue_settlement(self.visit, by=self.by)
        packs = from_packs_alone(self.visit)
        free = sum(
            (row.line.amount for row in self.visit.redemptions.filter(undone_at=None).select_related("line")),
            Decimal(0),
        )
        agreed_free = packs.get("package", Decimal(0))
        assert bill.total == packs["total"]
        # What was redeemed after he had agreed to pay it is no longer his; what he was asked about as redeemed never was.
        assert bill.payable == packs.get("customer", Decimal(0)) - (free - agreed_free)
        assert 0 <= bill.payable <= packs["total"]
        self.entered["bill"] += 1


def test_the_bill_equals_a_recomputation_from_the_consent_packs_alone(make_visit, staff):
    class Machine(Order):
        entered = Counter()

    Machine.make_visit, Machine.by = staticmethod(make_visit), staff("general_manager")
    wanted = {
        "add",
        "change draft",
        "change asked",
        "change approved",
        "remove",
        "hear",
        "redeem",
        "undo",
        "work",
        "bill",
    }
    for _run in range(6):
        run_state_machine_as_test(
            Machine,
            settings=settings(EACH, max_examples=5, stateful_step_count=16, derandomize=False, phases=[Phase.generate]),
        )
        if all(Machine.entered[name] for name in wanted):
            break

    print(dict(Machine.entered))
    # an action that was never tried proves nothing
    assert {name for name in wanted if not Machine.entered[name]} == set()


def test_a_hand_in_the_database_does_not_change_what_was_agreed(asked, advisor):
    visit, pack, lines = asked
    answer = {line.pk: True for line in lines}
    orders.decide(pack, decisions=answer, method="link", decided_by="客户", by=Actor.customer(visit.customer_id))
    before = queries.consented_amount(visit)

    Line.objects.filter(pk=lines[0].pk).update(labour=Decimal("9999.00"))

    assert queries.consented_amount(visit) == before


# --- The guarantee -------------------------------------------------------------------------------------------------


@EACH
@given(categories=st.lists(st.sampled_from(RepairCategory.values), min_size=1, max_size=5))
def test_the_guarantee_is_never_below_the_statutory_one(make_visit, advisor, categories):
    visit = make_visit("reception", lines=0)
    order = orders.open_order(visit, by=advisor, category=categories[0])
    for category in categories[1:]:
        order = orders.set_terms(visit, by=advisor, category=category)

    days, km = catalogue.guarantee_for(categories[-1])
    assert (order.guarantee_days, order.guarantee_km) >= (days, km)
    assert order.guarantee_days >= days
    assert order.guarantee_km >= km


@EACH
@given(
    category=st.sampled_from(RepairCategory.values),
    days=st.integers(0, 800),
    km=st.integers(0, 60_000),
    then=st.sampled_from(RepairCategory.values),
)
def test_a_store_may_promise_more_and_never_less(make_visit, advisor, category, days, km, then):
    visit = make_visit("reception", lines=0)
    orders.open_order(visit, by=advisor, category=category)
    least_days, least_km = catalogue.guarantee_for(category)

    if days < least_days or km < least_km:
        with pytest.raises(orders.BelowStatute):
            orders.set_terms(visit, by=advisor, guarantee_days=days, guarantee_km=km)
    else:
        orders.set_terms(visit, by=advisor, guarantee_days=days, guarantee_km=km)
    orders.set_terms(visit, by=advisor, category=then)

    order = RepairOrder.objects.get(visit=visit)
    least_days, least_km = catalogue.guarantee_for(then)
    assert order.guarantee_days >= least_days
    assert order.guarantee_km >= least_km
