"""Pages of `appointments`."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from stores import domain as stores
from stores.models import Bay, CalendarDay, OpeningPeriod
from tests import factories
from tests.appointments import targets as waits
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import number
from tests.visits_at_stage import Maker


def booking(maker: Maker) -> Target:
    return Target({"pk": maker("booking").appointment.pk})


def skilled(maker: Maker) -> Target:
    maker.person("technician")
    return Target()


def with_skills(maker: Maker) -> Target:
    person = maker.person("technician")
    return Target({"pk": person.pk}, words={"name": person.name})


def came_not(maker: Maker) -> Target:
    now = clock.now()
    visit = maker("booking", due_in_at=now - timedelta(hours=30))
    return Target({"pk": visit.appointment.pk})


def somebody_waits(maker: Maker) -> Target:
    waits.number(maker)
    return Target()


def waiting_customer(maker: Maker) -> Target:
    return Target({"pk": waits.waits(maker).pk})


def offered(maker: Maker) -> Target:
    return Target({"pk": waits.offered(maker)[0].pk})


def to_confirm(maker: Maker) -> Target:
    return Target({"pk": waits.to_prepare(maker).pk})


def desk_task(maker: Maker) -> Target:
    return Target({"pk": waits.task(maker).pk})


def away(maker: Maker) -> Target:
    start = clock.now() + timedelta(days=400)
    boss = factories.staff(maker.store, "service_manager")
    row = stores.take_leave(boss, start=start, end=start + timedelta(hours=4), by=boss)
    return Target({"pk": row.pk})


def kind_of_place(maker: Maker) -> Target:
    return Target({"kind": "bay"})


def one_bay(maker: Maker) -> Target:
    return Target({"kind": "bay", "pk": Bay.objects.first().pk}, data={"active": "0"})


def period(maker: Maker) -> Target:
    return Target({"pk": OpeningPeriod.objects.first().pk})


def holiday(maker: Maker) -> Target:
    return Target({"pk": CalendarDay.objects.first().pk})


def year(maker: Maker) -> Target:
    """Nobody has published the holidays of this one."""
    return Target({"year": clock.now().year + 5})


PAGES = [
    Page("appointments:day", "booking_desk", heading="预约"),
    Page("appointments:book", "booking_desk", heading="新建预约"),
    Page("appointments:find", "booking_desk"),
    Page("appointments:slots", "booking_desk"),
    Page("appointments:hold", "booking_desk", post=True, status=422),
    Page("appointments:week", "booking_desk", heading="本周预约"),
    Page("appointments:day_print", "booking_desk", heading="到店安排"),
    Page("appointments:plan", "booking_desk", booking, "预约方案"),
    Page("appointments:move_slots", "booking_desk", booking),
    Page("appointments:hours", "service_manager", heading="营业时间"),
    Page("appointments:add_period", "service_manager", heading="新增营业时段"),
    Page("appointments:remove_period", "service_manager", period, post=True, status=DONE),
    Page("appointments:set_day", "service_manager", heading="设置特殊日期"),
    Page("appointments:clear_day", "service_manager", holiday, post=True, status=DONE),
    Page("appointments:enter_holidays", "service_manager", year, post=True, status=422, keyed=False),
    Page("appointments:leave", "service_manager", heading="员工休假"),
    Page("appointments:take_leave", "service_manager", heading="登记休假"),
    Page("appointments:end_leave", "service_manager", away, post=True, status=DONE),
    Page("appointments:people", "service_manager", skilled, "员工技能"),
    Page("appointments:skills", "service_manager", with_skills, "{name} 的技能"),
    Page("appointments:places", "service_manager", heading="工位与场地"),
    Page("appointments:add_place", "service_manager", kind_of_place, heading="新增工位", keyed=False),
    Page("appointments:switch_place", "service_manager", one_bay, post=True, status=DONE),
    Page("appointments:policy", "service_manager", heading="预约规则"),
    Page("appointments:menu", "service_manager", heading="预约菜单"),
    Page("appointments:reschedule", "booking_desk", booking, "改约"),
    Page("appointments:cancel", "booking_desk", booking, "取消预约"),
    Page("appointments:no_show", "booking_desk", came_not, "客户未到店"),
    Page("appointments:queue", "booking_desk", heading="排队叫号"),
    Page("appointments:number", "booking_desk", number("token"), "{number} 号"),
    Page("appointments:call_next", "booking_desk", somebody_waits, post=True, status=DONE),
    Page("appointments:call_number", "booking_desk", number(), post=True, status=DONE),
    Page("appointments:serve_number", "booking_desk", number(called=True), post=True, status=DONE),
    Page("appointments:end_number", "booking_desk", number(), post=True, status=DONE),
    Page("appointments:waitlist", "booking_desk", heading="预约候补"),
    Page("appointments:join", "booking_desk", heading="加入候补"),
    Page("appointments:leave_waitlist", "booking_desk", waiting_customer, post=True, status=DONE),
    Page("appointments:accept_offer", "booking_desk", offered, post=True, status=DONE),
    Page("appointments:decline_offer", "booking_desk", offered, post=True, status=DONE),
    Page("appointments:tasks", "booking_desk", heading="预约待办"),
    Page("appointments:finish_task", "booking_desk", desk_task, "迟到：联系客户"),
    Page("appointments:preparation", "controller", heading="预约内部确认"),
    Page("appointments:prepare", "controller", to_confirm, "车间"),
    Page("appointments:confirm_preparation", "controller", to_confirm, post=True, status=DONE),
]
