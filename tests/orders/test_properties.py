"""Whatever people do to an order in whatever sequence: sums are sums, and the customer's word covers what it says."""

from __future__ import annotations

import os
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.actors import Actor
from core.errors import Conflict, DomainError
from orders import domain as orders
from orders import queries
from orders.choices import ConsentState, LineKind, LineWork, PayType
from orders.domain import PartInput
from orders.models import Recommendation

EACH = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

cents = st.decimals(0, 5000, places=2, allow_nan=False)
hours = st.decimals(0, 20, places=2, allow_nan=False)
quantity = st.decimals("0.01", 20, places=2, allow_nan=False)
part = st.builds(
    PartInput,
    name=st.just("件"),
    quantity=quantity,
    unit_price=cents,
    brought_by_customer=st.booleans(),
)
line = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(LineKind.values),
        "hours": hours,
        "rate": cents,
        "fee": cents,
        "share": st.integers(0, 10),
        "pay_type": st.sampled_from([pay for pay in PayType.values if pay != PayType.PACKAGE]),
        "parts": st.lists(part, max_size=3),
    }
)


def slow_money(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def slow_line(spec: dict) -> tuple[Decimal, Decimal, Decimal]:
    """Labour (or fee), material and discount of a line, written down again from the rule's words."""
    if spec["kind"] == LineKind.JOB:
        gross = slow_money(spec["hours"] * spec["rate"])
    else:
        gross = spec["fee"]
    discount = slow_money(gross * spec["share"] / 100) if spec["share"] else Decimal(0)
    discount = min(discount, slow_money(gross * Decimal("0.1")))
    material = sum(
        (Decimal(0) if p.brought_by_customer else slow_money(p.quantity * p.unit_price) for p in spec["parts"]),
        Decimal(0),
    )
    return gross - discount, material, discount


def put_on(visit, spec: dict, by):
    _own, _material, discount = slow_line(spec)
    price = (
        {"hours": spec["hours"], "hour_rate": spec["rate"]} if spec["kind"] == LineKind.JOB else {"fee": spec["fee"]}
    )
    return orders.add_line(
        visit,
        title="项目",
        kind=spec["kind"],
        discount=discount,
        pay_type=spec["pay_type"],
        parts=spec["parts"],
        by=by,
        **price,
    )


@EACH
@given(specs=st.lists(line, min_size=1, max_size=5))
def test_totals_equal_a_slow_recomputation(make_visit, advisor, specs):
    visit = make_visit("reception")
    for spec in specs:
        put_on(visit, spec, advisor)

    totals = queries.totals(visit)

    slow = [(spec, *slow_line(spec)) for spec in specs]
    labour = sum((own for s, own, _m, _d in slow if s["kind"] == "job"), Decimal(0))
    other = sum((own for s, own, _m, _d in slow if s["kind"] != "job"), Decimal(0))
    material = sum((m for _s, _o, m, _d in slow), Decimal(0))
    mine = sum((own + m for s, own, m, _d in slow if s["pay_type"] == "customer"), Decimal(0))
    assert totals == queries.Totals(
        labour,
        material,
        other,
        sum((d for *_rest, d in slow), Decimal(0)),
        labour + material + other,
        mine,
    )


class OrderMachine(RuleBasedStateMachine):
    """People at one order: an advisor who adds, changes and asks, a customer who answers, a workshop that works."""

    make_visit = by = None
    entered: Counter = Counter()

    @initialize()
    def visit_at_repair(self):
        self.visit = self.make_visit("repair", lines=2)
        orders.add_line(self.visit, title="项目", hours=Decimal(1), risk="safety", by=self.by)

    def rows(self, *states: str, work: str = "") -> list:
        rows = self.visit.lines.filter(consent_state__in=states).order_by("position")
        return list(rows.filter(work=work) if work else rows)

    def attempt(self, name: str, do, refused: type[DomainError] | None = None) -> None:
        """Do it; `refused` is what must be answered instead where the rule says no."""
        if refused is None:
            do()
        else:
            with pytest.raises(refused):
                do()
        self.entered[name] += 1

    @rule(rate=cents, risk=st.sampled_from(["", "safety", "later"]))
    def add(self, rate, risk):
        self.attempt(
            "add",
            lambda: orders.add_line(self.visit, title="项目", hours=Decimal(1), hour_rate=rate, risk=risk, by=self.by),
        )

    @precondition(lambda self: self.rows("draft", "asked", "approved", work="open"))
    @rule(data=st.data(), price=cents, parts=st.booleans())
    def change(self, data, price, parts):
        line = data.draw(st.sampled_from(self.rows("draft", "asked", "approved", work="open")))
        what = {"parts": [PartInput(name="件", unit_price=price)]} if parts else {"hour_rate": price}
        self.attempt("change", lambda: orders.change_line(line, **what, by=self.by))

    @precondition(lambda self: self.rows("approved", work="dispatched") or self.rows("declined"))
    @rule(data=st.data())
    def change_what_is_settled(self, data):
        line = data.draw(st.sampled_from(self.rows("approved", work="dispatched") or self.rows("declined")))
        self.attempt("change refused", lambda: orders.change_line(line, hour_rate=1, by=self.by), Conflict)

    @precondition(lambda self: self.rows("draft"))
    @rule(data=st.data())
    def remove(self, data):
        line = data.draw(st.sampled_from(self.rows("draft")))
        self.attempt("remove", lambda: orders.remove_line(line, by=self.by))

    @precondition(lambda self: self.rows("draft", "asked"))
    @rule()
    def ask(self):
        self.attempt("ask", lambda: orders.ask_consent(self.visit, by=self.by))

    @precondition(lambda self: queries.open_pack(self.visit))
    @rule()
    def take_back(self):
        self.attempt("take back", lambda: orders.take_back(queries.open_pack(self.visit), by=self.by))

    @precondition(lambda self: queries.open_pack(self.visit))
    @rule(bits=st.integers(0, 255))
    def decide(self, bits):
        pack = queries.open_pack(self.visit)
        asked = [view["id"] for view in pack.content["lines"]]
        answer = {pk: bool(bits >> i & 1) for i, pk in enumerate(asked)}
        self.attempt("decide", lambda: self.say(pack, answer))

    @precondition(lambda self: self.rows("draft", "asked"))
    @rule(yes=st.booleans())
    def ask_and_hear(self, yes):
        pack = orders.ask_consent(self.visit, by=self.by)
        answer = {view["id"]: yes for view in pack.content["lines"]}
        self.attempt("ask and hear", lambda: self.say(pack, answer))

    @precondition(lambda self: self.visit.packs.exclude(superseded_at=None, decided_at=None).exists())
    @rule()
    def answer_an_old_question(self):
        pack = self.visit.packs.exclude(superseded_at=None, decided_at=None).last()
        answer = {view["id"]: True for view in pack.content["lines"]}
        self.attempt("old question", lambda: self.say(pack, answer), Conflict)

    def say(self, pack, answer):
        by = Actor.customer(self.visit.customer_id)
        return orders.decide(pack, decisions=answer, method="link", decided_by="客户", by=by)

    @precondition(lambda self: self.rows("approved", work="open"))
    @rule(data=st.data())
    def dispatch(self, data):
        line = data.draw(st.sampled_from(self.rows("approved", work="open")))
        self.attempt("dispatch", lambda: orders.mark_work(line, work=LineWork.DISPATCHED, by=self.by))

    @precondition(lambda self: self.rows("draft", "asked", "declined"))
    @rule(data=st.data())
    def work_without_a_word(self, data):
        line = data.draw(st.sampled_from(self.rows("draft", "asked", "declined")))
        self.attempt("work refused", lambda: orders.mark_work(line, work=LineWork.STARTED, by=self.by), Conflict)

    @precondition(lambda self: Recommendation.objects.filter(vehicle=self.visit.vehicle, closed_at=None).exists())
    @rule()
    def revive(self):
        row = Recommendation.objects.filter(vehicle=self.visit.vehicle, closed_at=None).first()
        self.attempt("revive", lambda: orders.revive(row, visit=self.visit, by=self.by))

    @invariant()
    def the_customers_word_covers_what_it_says(self):
        check(self.visit)


def check(visit) -> None:
    packs = {pack.pk: pack for pack in visit.packs.all()}
    agreed = Decimal(0)
    for row in visit.lines.select_related("operation", "consent").prefetch_related("parts"):
        assert row.material == sum((p.amount for p in row.parts.all()), Decimal(0))
        if row.consent_state == ConsentState.DRAFT:
            assert (row.consent_id, row.pack_id) == (None, None)
            continue
        pack = packs[row.pack_id]
        assert queries.line_view(row) in pack.content["lines"]
        if row.consent_state == ConsentState.ASKED:
            assert pack.superseded_at is pack.decided_at is None
        else:
            assert row.consent.pack_id == pack.pk
            assert pack.decided_at is not None
        if row.consent_state == ConsentState.APPROVED:
            agreed += row.amount
        else:
            assert row.work == LineWork.OPEN
    assert sum(p.superseded_at is None and p.decided_at is None for p in packs.values()) <= 1
    for pack in packs.values():
        assert pack.sha256 == queries.digest(pack.content)
        assert not (pack.superseded_at and pack.decided_at)
    assert queries.consented_amount(visit) == agreed


def test_an_agreed_line_never_differs_from_what_was_agreed(make_visit, staff):
    class Machine(OrderMachine):
        entered = Counter()

    Machine.make_visit, Machine.by = staticmethod(make_visit), staff("service_manager")

    rules = {name for name, value in vars(OrderMachine).items() if hasattr(value, "hypothesis_stateful_rule")}
    often = 3 if os.environ.get("TEST_LONG") else 1
    for _run in range(15):
        run_state_machine_as_test(
            Machine, settings=settings(EACH, max_examples=6, stateful_step_count=20, derandomize=False)
        )
        if len(Machine.entered) == len(rules) and min(Machine.entered.values()) >= often:
            break

    print(dict(Machine.entered))
    # an action that was never tried proves nothing
    assert len(Machine.entered) == len(rules)
    assert min(Machine.entered.values()) >= often
