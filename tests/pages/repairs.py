"""Pages of `repairs`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from catalogue.models import Part
from core import clock
from repairs import domain as repairs
from repairs.models import JobShare
from tests import factories
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import at, of
from tests.visits_at_stage import Maker


def line(maker: Maker) -> Target:
    return Target({"line_pk": maker("repair", lines=1).lines.get().pk})


def job(state: str, **data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        row = maker("repair", lines=1, job=state).lines.get().jobs.get()
        return Target({"pk": row.pk}, data=data, who=row.technician, words={"item": row.line.title})

    return make


def job_of_controller(maker: Maker) -> Target:
    target = job("dispatched")(maker)
    target.who = maker.person("controller")
    return target


def step(maker: Maker) -> Target:
    row = maker("repair", lines=1, job="started").lines.get().jobs.get()
    first = row.line.operation.steps.first()
    return Target({"pk": row.pk, "step_pk": first.pk}, who=row.technician, words={"step": first.name})


def filled_step(maker: Maker) -> Target:
    """A filled key step that another technician may sign."""
    row = maker("repair", lines=1, job="started", technician=factories.staff(maker.store, "technician"))
    row = row.lines.get().jobs.get()
    first = row.line.operation.steps.first()
    first.key_step = True
    first.save(update_fields=["key_step"])
    result = repairs.fill_step(row, first, by=row.technician)
    return Target({"pk": result.pk}, who=factories.staff(maker.store, "technician"))


def outside(**data) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        line = maker("repair", lines=1).lines.get()
        due = clock.now() + timedelta(hours=5)
        row = repairs.send_out(line, supplier="精益钣喷", due_at=due, by=maker.person("controller"))
        return Target({"pk": row.pk}, data=data)

    return make


def placed(maker: Maker) -> Target:
    line, person = maker("repair", lines=1).lines.get(), factories.staff(maker.store, "technician")
    start = (clock.now() + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    return Target(data={"line": line.pk, "lane": f"technician-{person.pk}", "start": start.isoformat()})


def shared_job(maker: Maker) -> Target:
    """In work, and the one who opens it only helps."""
    row = maker("repair", lines=1, job="started", technician=factories.staff(maker.store, "technician"))
    row, helper = row.lines.get().jobs.get(), factories.staff(maker.store, "technician")
    JobShare.objects.create(store=row.store, job=row, technician=helper, percent=30, planned=row.planned)
    return Target({"pk": row.pk}, who=helper)


def at_work(maker: Maker) -> Target:
    person = factories.staff(maker.store, "technician")
    repairs.come(by=person)
    return Target(who=person)


def inspectable(maker: Maker) -> Target:
    visit = maker("repair", lines=1, job="done")
    return of(visit)


def part_request(state: str = "requested") -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        # Each of several works on one car.
        technician = factories.staff(maker.store, "technician")
        row = maker("repair", lines=1, job="started", technician=technician).lines.get().jobs.get()
        asked = repairs.request_parts(row, by=row.technician)[0]
        clerk = maker.person("parts_clerk")
        if state == "ordered":
            repairs.order_parts(asked, expected_on=clock.now().date() + timedelta(days=3), by=clerk)
        if state == "issued":
            repairs.issue_parts(asked, by=clerk)
        return Target({"pk": asked.pk})

    return make


def part(maker: Maker) -> Target:
    return Target({"pk": (Part.objects.filter(active=True).first() or factories.part(maker.store)).pk})


PAGES = [
    Page("repairs:board", "controller", heading="派工看板"),
    Page("repairs:board_live", "controller"),
    Page("repairs:dispatch", "controller", line, "派工"),
    Page("repairs:move", "controller", job_of_controller, "重新安排"),
    Page("repairs:withdraw", "controller", job_of_controller, "撤回派工"),
    Page("repairs:to_inspection", "controller", inspectable, post=True, status=DONE),
    Page("repairs:place", "controller", placed, post=True, keyed=False),
    Page("repairs:send_out", "controller", line, "外委加工"),
    Page("repairs:sublet", "controller", outside(), "外委返回"),
    Page("repairs:sublet_due", "controller", outside(), "改期或改价"),
    Page("repairs:sublet_off", "controller", outside(), "取消外委"),
    Page("repairs:signing", "inspector", heading="关键工序会签", phone=True),
    Page("repairs:sign_step", "technician", filled_step, post=True, status=DONE),
    Page("repairs:come", "technician", post=True, status=DONE),
    Page("repairs:go", "technician", at_work, post=True, status=DONE),
    Page("repairs:join", "technician", shared_job, post=True, status=DONE),
    Page("repairs:my_jobs", "technician", heading="我的任务", phone=True),
    Page("repairs:my_jobs_live", "technician"),
    Page("repairs:job", "technician", job("started"), "{item}", phone=True),
    Page("repairs:start", "technician", job("dispatched"), post=True, status=DONE),
    Page("repairs:pause", "technician", job("started", reason="parts"), post=True, status=DONE),
    Page("repairs:resume", "technician", job("paused"), post=True, status=DONE),
    Page("repairs:finish", "technician", job("started"), "{item}", phone=True),
    Page("repairs:step", "technician", step, "{step}", phone=True),
    Page("repairs:request_parts", "technician", job("started"), post=True, status=DONE),
    Page("repairs:print_job", "technician", job("started"), "派工单"),
    Page("repairs:propose", "technician", at("repair", job="started"), "发现问题", phone=True),
    Page("repairs:parts", "parts_clerk", heading="配件库"),
    Page("repairs:parts_live", "parts_clerk"),
    Page("repairs:issue", "parts_clerk", part_request(), "部分发料"),
    Page("repairs:order", "parts_clerk", part_request(), "订货并填写预计到货日期"),
    Page("repairs:arrived", "parts_clerk", part_request("ordered"), "订货到件"),
    Page("repairs:return", "parts_clerk", part_request("issued"), "退料"),
    Page("repairs:cancel", "parts_clerk", part_request(), "取消申领"),
    Page("repairs:receive", "parts_clerk", part, "到货入库"),
]
