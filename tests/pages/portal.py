"""What a customer sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from appointments import domain as booking_domain
from appointments.domain import Caller
from complaints import domain as complaints
from core import clock
from customers import domain as customers
from outreach import domain as outreach
from rescue import domain as rescue
from surveys import domain as surveys
from tests import factories
from tests.appointments import targets as waits
from tests.complaints import targets as cases
from tests.pages.rows import DONE, Page, Target
from tests.pages.targets import asked, number, read
from tests.pictures import jpeg
from tests.visits_at_stage import Maker
from visits import domain as visits
from visits.models import Visit


def waits_by_link(maker: Maker) -> Target:
    return Target({"token": waits.entry_token(waits.waits(maker))})


def offer_by_link(maker: Maker) -> Target:
    return Target({"token": waits.offered(maker)[1]})


def rescue_by_link(maker: Maker) -> Target:
    car = maker("closed").vehicle
    caller = Caller(name=car.owner.name, phone=car.owner.phone, plate=car.plate)
    asked = {"trouble": "tyre", "place": "京港澳高速 K58", "channel": "web", "token": uuid4()}
    return Target({"token": rescue.request_help(store=maker.store, caller=caller, **asked)[1]})


def stop_link(maker: Maker) -> Target:
    person = factories.customer(maker.store)
    customers.give_consent(person, purpose="marketing", channel="sms", by=maker.person("booking_desk"))
    return Target({"token": outreach.stop_link(person).rstrip("/").rsplit("/", 1)[1]})


def case_by_link(maker: Maker) -> Target:
    return Target({"token": complaints.make_link(cases.opened(maker))})


def counter_of_complaints(maker: Maker) -> Target:
    return Target({"code": maker.store.code})


def survey_by_link(maker: Maker) -> Target:
    visit = maker("follow_up")
    surveys.plan_invitation(visit, by=visit.advisor)
    return Target({"token": visits.make_link(visit)})


def link(stage: str, **how) -> Callable[[Maker], Target]:
    def make(maker: Maker) -> Target:
        visit = maker(stage, **how)
        return Target({"token": visits.make_link(visit)}, words={"plate": read(visit)})

    return make


def asked_by_link(maker: Maker) -> Target:
    visit = Visit.objects.get(pk=asked(maker).kwargs["visit_pk"])
    pack = visit.packs.get(decided_at=None)
    answers = {f"line-{line.pk}": "yes" for line in visit.lines.filter(pack=pack)}
    return Target({"token": visits.make_link(visit)}, data={"pack": pack.pk, **answers})


def photo_by_link(maker: Maker) -> Target:
    visit = maker("repair")
    row = visits.store_photo(visit, kind="walk_around", upload=jpeg(), by=visit.advisor)
    return Target({"token": visits.make_link(visit), "pk": row.pk})


def counter(maker: Maker) -> Target:
    return Target({"code": maker.store.code})


def chosen(maker: Maker) -> Target:
    """Something is to be done: the page with times for it."""
    maker.person("advisor")
    return Target({"code": maker.store.code}, query="?kind=maintenance", data={"kind": "maintenance"})


def held_slot(maker: Maker) -> Target:
    """A time is kept for somebody who fills in the last page."""
    maker.person("advisor")
    wish = booking_domain.Wish.of([booking_domain.Item("maintenance")])
    days = booking_domain.offers(maker.store, wish, first=clock.local_day(maker.store.tz), days=10, public=True)
    first = next(offer for day in days for offer in day.offers)
    kept = booking_domain.hold(maker.store, wish, start=first.start, channel="web", by=maker.person("advisor"))
    return Target({"code": maker.store.code}, query=f"?kind=maintenance&hold={kept.token}")


def code_sent(maker: Maker) -> Target:
    row, _code = customers.issue_code(maker.store, phone="13800001111")
    return Target({"code": maker.store.code, "token": row.token})


def booked_by_link(maker: Maker) -> Target:
    return Target({"code": maker.store.code, "token": visits.make_link(maker("booking"))})


PAGES = [
    Page("portal:stop", "", stop_link, "不再接收提醒？", public=True, phone=True),
    Page("portal:visit", "", link("repair", job="started"), "维修中", public=True, phone=True),
    Page("portal:decide", "", asked_by_link, post=True, status=200, public=True),
    Page("portal:photo", "", photo_by_link, public=True),
    Page("portal:survey_stop", "", survey_by_link, post=True, public=True, status=DONE),
    Page("portal:survey", "", survey_by_link, "这次服务怎么样？", public=True, phone=True),
    Page("portal:complain", "", counter_of_complaints, "有不满意的地方？", public=True, phone=True),
    Page("portal:complain_visit", "", link("follow_up"), "有不满意的地方？", public=True, phone=True),
    Page("portal:case", "", case_by_link, "您的投诉", public=True, phone=True),
    Page("portal:rescue_call", "", counter, "道路救援", public=True, phone=True),
    Page("portal:rescue", "", rescue_by_link, "已收到您的求助", public=True, phone=True),
    Page("portal:board", "", counter, "叫号屏", public=True, phone=True),
    Page("portal:take_number", "", counter, "取号", public=True, phone=True),
    Page("portal:ticket", "", number("token"), "您的号码", public=True, phone=True),
    Page("portal:wait_ask", "", counter, "预约候补", public=True, phone=True),
    Page("portal:waits", "", waits_by_link, "您已在候补名单中", public=True, phone=True),
    Page("portal:offer", "", offer_by_link, "有一个空位可以给您", public=True, phone=True),
    Page("portal:book", "", counter, "需要什么服务？", public=True, phone=True),
    Page("portal:book_time", "", chosen, "您什么时候方便到店？", public=True, phone=True),
    Page("portal:book_hold", "", chosen, post=True, public=True, status=302),
    Page("portal:book_form", "", held_slot, "填写预约", public=True, phone=True),
    Page("portal:book_who", "", counter, "曾到店服务？", public=True, phone=True),
    Page("portal:book_code", "", code_sent, "输入验证码", public=True, phone=True),
    Page("portal:book_leave", "", counter, post=True, public=True, status=DONE),
    Page("portal:symptom", "", counter, "您注意到什么情况？", public=True, phone=True),
    Page("portal:visit_booking", "", link("booking"), "您的预约", public=True, phone=True),
    Page("portal:visit_booking_move", "", link("booking"), post=True, public=True, status=409),
    Page("portal:visit_booking_cancel", "", link("booking"), post=True, public=True, status=200),
    Page("portal:visit_calendar", "", link("booking"), public=True),
    Page("portal:screen", "", counter, "在店车辆进度", public=True),
    Page(
        "portal:call",
        "",
        lambda make: replace(link("repair")(make), data={"kind": "ride"}),
        post=True,
        status=DONE,
        public=True,
    ),
    Page("portal:promises", "", counter, "我们的服务承诺", public=True, phone=True),
    Page("portal:booked", "", booked_by_link, "预约成功", public=True, phone=True),
]
