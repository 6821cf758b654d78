"""What became of those who were not content: a case each, put right, asked again by somebody else, told to sales."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealership.demo.copying import NULL
from dealership.demo.history.phrases import LESSONS, PROMISED
from dealership.demo.history.planning import at_a_decent_hour
from dealership.demo.history.story import tell

if TYPE_CHECKING:
    from dealership.demo.history.stay import Stay

DAY = 86_400
# What a case was about, how often, where it came from.
ABOUT = (
    ("transparency", 34, "information", "front_desk"),
    ("repair_time", 26, "method", "workshop"),
    ("repair_quality", 18, "people", "workshop"),
    ("wash", 12, "method", "workshop"),
    ("attitude", 10, "people", "front_desk"),
)
HELP = (("apology", 0), ("explanation", 0), ("free_labour", 180), ("voucher", 100), ("voucher", 200), ("gift", 50))


def write(stay: Stay) -> None:
    if not stay.case:
        return
    c, r, ts = stay.c, stay.r, stay.c.ts
    case = str(c.at.case + stay.i)
    owner, checker, manager = stay.caller, _other(stay), str(r.choice(c.m.staff["service_manager"]))
    opened = stay.answered
    answered = opened + int(r.lognormvariate(7.2, 0.6))
    planned = answered + int(r.lognormvariate(8.6, 0.5))
    done = planned + int(r.lognormvariate(10.2, 0.5))
    checked = at_a_decent_hour(done + int(r.uniform(0.6, 2.6) * DAY))
    told, replied = checked + 1800, at_a_decent_hour(checked + int(r.uniform(0.3, 2.2) * DAY))
    closed = replied + 1200
    if closed > (c.last_second):
        # Too young to be over: it would still be worked on, and history starts no clock.
        squeeze = max(c.last_second - opened, 60)
        answered, planned, done, checked, told, replied, closed = (
            opened + squeeze * part // 70 for part in (10, 20, 30, 40, 45, 60, 70)
        )
    about, cause, responsible = _about(r)
    severity = "L2" if r.random() < 0.8 else "L3"
    source = "survey" if stay.channel == "link" else "follow_up"
    number = f"TS{c.day_texts[stay.day].replace('-', '')}-{5000 + c.plan.numbers[stay.i]:04d}"
    c.tables["case"].add(
        case, c.store, number, source, severity, "closed", stay.id, stay.customer, stay.vehicle, stay.words, owner, about, "demo",
        ts(opened), ts(opened + 3600), ts(answered), ts(planned), ts(done), cause, responsible, r.choice(LESSONS), "satisfied",
        ts(closed), "客户复查满意，已反馈销售",
    )  # fmt: skip
    measure, amount = r.choice(HELP)
    _rows(stay, case, owner=owner, checker=checker, manager=manager, measure=measure, amount=amount,
          times=(answered, planned, done, checked, told, replied, closed))  # fmt: skip
    _told(stay, case, number, severity=severity, source=source, owner=owner, checker=checker, amount=amount,
          times=(opened, answered, planned, done, checked, told, replied, closed))  # fmt: skip


def _rows(stay: Stay, case: str, *, owner, checker, manager, measure, amount, times) -> None:
    c, ts, i = stay.c, stay.c.ts, stay.i
    answered, planned, done, checked, told, replied, closed = times
    sales = str(stay.r.choice(c.m.staff["sales_liaison"]))
    c.tables["entry"].add(
        str(c.at.entry + i * 2), c.store, case, "response", "已致电客户致歉并说明处理时间", owner, ts(answered)
    )
    c.tables["entry"].add(
        str(c.at.entry + i * 2 + 1), c.store, case, "closing", "客户复查满意，已反馈销售", checker, ts(closed)
    )
    plan = str(c.at.recovery + i)
    c.tables["recovery"].add(
        plan, c.store, case, stay.vehicle, stay.r.choice(PROMISED), "executed", "0.00", f"{amount}.00", "f", owner, ts(planned),
        ts(planned), "accepted", ts(planned + 300), "phone", ts(done),
    )  # fmt: skip
    c.tables["measure"].add(
        str(c.at.measure + i), c.store, plan, measure, f"{amount}.00", ts(done), owner, "已登记在客户档案"
    )
    c.tables["recheck"].add(
        str(c.at.recheck + i), c.store, case, "1", checker, ts(checked), ts(checked + 8 * 3600)[:10], "satisfied", "问题解决了，可以"
    )  # fmt: skip
    c.tables["feedback"].add(
        str(c.at.feedback + i), c.store, case, "售后问题已解决，请销售顾问知悉并关怀客户", ts(told), checker, ts(told + 3 * DAY),
        ts(told + (replied - told) // 3), sales, ts(replied), sales, "已知悉，已向客户问候",
    )  # fmt: skip


def _told(stay: Stay, case: str, number: str, *, severity, source, owner, checker, amount, times) -> None:
    opened, answered, planned, done, checked, told, replied, closed = times
    total = f"{amount}.00"
    steps = (
        ("case_opened", opened, owner, {"severity": severity, "source": source, "owner_id": int(owner)}),
        ("customer_answered", answered, owner, {"seconds": answered - opened, "in_time": answered - opened <= 3600}),
        ("plan_proposed", planned, owner, {"total": total, "money": "0.00", "kind": total, "exposure": total}),
        ("plan_executed", done, owner, {"total": total, "seconds": done - opened, "in_time": done - opened <= 3 * DAY}),
        ("rechecked", checked, checker, {"outcome": "satisfied", "attempt": 1}),
        ("sales_told", told, checker, {"due_at": stay.moment(told + 3 * DAY)}),
        ("sales_answered", replied, owner, {"seconds": replied - told, "in_time": True}),
        ("case_closed", closed, checker, {"seconds": closed - opened, "close_kind": "satisfied"}),
    )
    for name, at, who, data in steps:
        tell(
            stay, f"complaints.{name}", at, {"number": number, **data}, kind="complaints.case", subject=case, staff=who
        )


def _other(stay: Stay) -> str:
    """Somebody who neither owned the case nor looked after the car."""
    people = [str(pk) for role in ("customer_relations", "service_manager") for pk in stay.c.m.staff[role]]
    return next((pk for pk in people if pk not in (stay.caller, stay.advisor)), NULL)


def _about(r) -> tuple[str, str, str]:
    about = r.choices(ABOUT, [share for _code, share, _cause, _who in ABOUT])[0]
    return about[0], about[2], about[3]
