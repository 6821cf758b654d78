"""One car of somebody else's history through all nine stages, in a real browser, each step by the person whose work it is."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from catalogue.models import Operation
from core import clock
from core.money import capital
from core.stages import JOURNEY, Stage
from customers.models import Vehicle
from journal.testing import drain
from messaging.models import Message
from orders.domain import imports
from orders.importers import history
from orders.importers.reading import read_table
from orders.models import Settlement
from repairs.models import Job
from stores.models import Staff
from tests import factories
from tests.browser import DESKTOP, PHONE
from tests.pictures import jpeg
from visits.models import Visit

# A file as other dealers keep it; the shared sample replaces its first row where it lies beside the product.
HISTORY = """VIN,TRANSACTION_ID,CUSTOMER_VERBATIM,CORRECTION_VERBATIM,REPAIR_DATE,CAUSAL_PART_NM,KM,TOTALCOST,LBRCOST
3HCND9ED5SH144160,13027,Steering wheel strings loose .,REPLACED STEERING WHEEL.,2024-01-16,WHEEL ASM-STRG,4421.0,297.03,20.0
1HCFDEED3SZ308171,13037,WRAP IS PEELING,Replaced steering wheel,2024-01-12,WHEEL ASM-STRG,8678.0,456.98,69.06
1HCFDEED3SZ308172,13037,STEERING NOISE,No fault found,2024-02-02,,9120.0,,
"""
SAMPLE = Path(settings.BASE_DIR).parent / "shared" / "data" / "repair-orders.csv"
PLATE = "京N73K52"
ADDED = "更换前刹车片"


def file_of_history() -> bytes:
    if not SAMPLE.exists():
        return HISTORY.encode()
    rows = list(csv.reader(io.StringIO(SAMPLE.read_text(encoding="utf-8-sig"))))[:4]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


class Day:
    """People of the store with a browser each; one method for each thing somebody does."""

    def __init__(self, store, live_server, browser, context_args):
        self.store, self.server, self.browser, self.context_args = store, live_server, browser, context_args
        self.people: dict[str, Staff] = {}
        self.problems: list[str] = []

    def person(self, role: str, name: str) -> Staff:
        if name not in self.people:
            self.people[name] = factories.staff(self.store, role, name=name)
        return self.people[name]

    @contextmanager
    def window(self, size=DESKTOP):
        phone = {"has_touch": True, "is_mobile": True} if size is PHONE else {}
        context = self.browser.new_context(**{**self.context_args, "viewport": size, **phone})
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("response", lambda answer: self.problems.append(answer.url) if answer.status >= 500 else None)
        yield page
        context.close()

    @contextmanager
    def at_home(self, role: str, name: str, size=DESKTOP):
        """A browser signed in as this person, standing at the role's home."""
        person = self.person(role, name)
        with self.window(size) as page:
            sign_in_home(page, self.server, person)
            yield page
        drain()

    def url(self, name: str, *args) -> str:
        return self.server.url + reverse(name, args=args)

    @property
    def visit(self) -> Visit:
        return Visit.objects.exclude(origin="import").get()


def sign_in_home(page, server, person) -> None:
    page.goto(f"{server.url}/login/")
    page.fill("[name=username]", person.user.username)
    page.fill("[name=password]", factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.sidebar >> nth=0", state="attached")
    page.wait_for_selector(".menu-name", state="attached")


def send(page, button) -> None:
    with page.expect_navigation():
        button.click()


def fill_checklist(page) -> None:
    """Everything in order; what is measured is well within its range."""
    for row in page.locator(".check").all():
        good = row.locator("input[value=ok]")
        if good.count():
            good.check(force=True)
        measured = row.locator(".check-value input")
        if measured.count():
            measured.fill(measured.get_attribute("data-low") or measured.get_attribute("data-high") or "1")
        said = row.locator(".check-text")
        if said.count():
            said.fill("正常")


def draw_signature(page) -> None:
    canvas = page.locator(".signature-canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 14):
        page.mouse.move(box["x"] + 30 + 15 * step, box["y"] + 40 + (28 if step % 2 else 0))
    page.mouse.up()


# --- What is done, in the order of the customer's day --------------------------------------------------------------------


def import_history(day: Day) -> Vehicle:
    table = read_table(file_of_history())
    manager = day.person("service_manager", "孙经理")
    outcome = imports.import_table(
        table,
        store=day.store,
        mapping=history.guess(table.columns),
        source="old-dms",
        currency="USD",
        by=manager,
    )
    assert (outcome.created, outcome.errors) == (3, [])
    drain()
    assert Message.objects.count() == 0  # history sends nothing
    return Vehicle.objects.order_by("pk").first()


def book(day: Day, car: Vehicle) -> None:
    day.person("advisor", "王芳")
    with day.at_home("booking_desk", "李敏") as page:
        page.goto(day.url("appointments:book"))
        page.fill("#find-car", car.vin[-6:])
        page.locator("#found .found-row").first.click()
        page.wait_for_selector(".found-car")
        page.fill("[name=name]", "张建国")
        page.fill("[name=phone]", "13812345678")
        page.check("[name=services][value=repair]")
        page.fill("[name=matters_most]", "今天能开走")
        page.fill("[name=fault]", "刹车时前轮有异响")
        page.locator(".slot input").first.check(force=True)
        send(page, page.get_by_role("button", name="预约并发送确认").last)
    assert day.visit.stage == Stage.BOOKING
    assert day.visit.vehicle == car


def write_plate(day: Day, car: Vehicle) -> None:
    """The file of history knew the car by its VIN only."""
    with day.at_home("booking_desk", "李敏") as page:
        page.goto(day.url("customers:edit_vehicle", car.pk))
        page.fill("[name=plate]", PLATE)
        send(page, page.locator("main form .btn-primary"))
    car.refresh_from_db()
    assert car.plate == PLATE


def take_in(day: Day) -> None:
    with day.at_home("advisor", "王芳", {"width": 1024, "height": 768}) as page:
        page.goto(day.url("reception:arrive") + f"?q={day.visit.vehicle.vin[-6:]}")
        send(page, page.locator(".arrivals button").first)
        page.fill("#id_mileage", str((day.visit.vehicle.mileage or 20_000) + 1_200))
        page.fill("#id_fuel_percent", "50")
        page.locator("[data-zone=hood]").press("Enter")
        fill_checklist(page)
        page.check("#id_valuables_reminded")
        send(page, page.locator("#sheet-form .btn-primary"))
        estimate(day, page)
        sign(day, page)


def estimate(day: Day, page) -> None:
    """One operation of the catalogue with its parts."""
    wanted = Operation.objects.filter(skill="mechanical", key_operation=False, parts__isnull=False).first()
    page.fill("#operation-search", wanted.code)
    page.locator("#operations-found li button").first.click()
    page.wait_for_selector(".order-table")
    assert day.visit.lines.get().operation == wanted


def sign(day: Day, page) -> None:
    send(page, page.locator(".order-next .btn-primary"))
    draw_signature(page)
    send(page, page.get_by_role("button", name="同意并签字"))
    page.wait_for_selector(".steps")
    assert day.visit.stage == Stage.REPAIR
    assert day.visit.promised_at > clock.now()


def dispatch(day: Day, technician: str) -> None:
    person = day.person("technician", technician)
    with day.at_home("controller", "赵主管") as page:
        page.locator(".wait-card a.btn-primary").first.click()
        page.locator(f"#drawer input[name=technician][value='{person.pk}']").check(force=True)
        page.wait_for_load_state("networkidle")
        send(page, page.locator("#drawer .btn-primary"))
    assert Job.objects.latest("pk").technician == person


def start_work(day: Day, technician: str, *, propose: bool = False) -> None:
    with day.at_home("technician", technician, PHONE) as page:
        send(page, page.locator("article .btn-primary").first)
        if propose:
            page.goto(day.url("repairs:propose", day.visit.pk))
            page.fill("[name=title]", ADDED)
            page.check("[name=risk][value=safety]", force=True)
            page.fill("[name=concern]", "前刹车片只剩 2 mm")
            send(page, page.locator("main button.btn-primary"))


def finish_work(day: Day, technician: str) -> None:
    job = Job.objects.latest("pk") if technician == "周师傅" else Job.objects.earliest("pk")
    with day.at_home("technician", technician, PHONE) as page:
        page.goto(day.url("repairs:job", job.pk))
        for step in job.line.operation.steps.all() if job.line.operation else []:
            fill_step(page, step)
        if page.locator("#finish-box [name=cause]").count():
            page.fill("#finish-box [name=cause]", "磨损到极限")
            page.fill("#finish-box [name=correction]", "更换并试车，正常")
        send(page, page.locator("#finish-box button[type=submit]"))


def fill_step(page, step) -> None:
    box = page.locator(f"#step-{step.pk}")
    if step.kind == "value":
        box.locator("input[name=value]").fill(str(step.low if step.low is not None else step.high or 1))
    elif step.kind == "text":
        box.locator("input[name=text]").fill("正常")
    elif step.kind == "photo":
        box.locator("input[type=file]").first.set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
        )
    box.locator("button[type=submit]").first.click()
    box.locator(".chip-ok").first.wait_for()


def price_and_ask(day: Day) -> str:
    """The advisor prices what was found and asks; gives the link the customer is sent."""
    line = day.visit.lines.get(title=ADDED)
    with day.at_home("advisor", "王芳") as page:
        page.goto(day.url("orders:change", line.pk))
        page.fill("[name=hours]", "1.5")
        page.fill("[name=part-0-name]", "前刹车片")
        page.select_option("[name=part-0-part_class]", "original")
        page.fill("[name=part-0-quantity]", "1")
        page.fill("[name=part-0-unit_price]", "388.50")
        send(page, page.locator("main form .btn-primary"))
        send(page, page.locator(".order-next .btn-primary"))
        send(page, page.locator("main form .btn-primary"))
    body = Message.objects.filter(template="approval_asked").get().body
    return re.search(r"(/c/[\w-]{43}/)", body)[1]


def approve_by_link(day: Day, path: str) -> None:
    with day.window(PHONE) as page:
        page.goto(day.server.url + path)
        page.locator("input[type=radio][value=yes]").check()
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("您的手机号后四位").fill("5678")
        page.locator("form.portal-card .btn-primary").click()
        page.locator("#answered").wait_for()
    drain()
    assert day.visit.lines.get(title=ADDED).consent_state == "approved"


def to_inspection(day: Day) -> None:
    with day.at_home("technician", "周师傅", PHONE) as page:
        send(page, page.locator("section.task button").first)
    assert day.visit.stage == Stage.INSPECTION


def inspect(day: Day, role: str, name: str) -> None:
    with day.at_home(role, name, PHONE) as page:
        page.goto(day.url("inspections:queue"))
        send(page, page.locator("form[action*=begin] button").first)
        fill_checklist(page)
        send(page, page.locator("button[name$=verdict][value=pass]"))


def wash(day: Day) -> None:
    with day.at_home("washer", "钱洗车", PHONE) as page:
        page.goto(day.url("inspections:wash", day.visit.pk))
        send(page, page.locator("main .btn-primary"))
        send(page, page.locator("main .btn-primary"))
    with day.at_home("inspector", "吴检", PHONE) as page:
        page.goto(day.url("inspections:wash", day.visit.pk))
        fill_checklist(page)
        send(page, page.locator("form[enctype] .btn-primary"))
    assert day.visit.stage == Stage.HANDOVER


def hand_over(day: Day) -> None:
    with day.at_home("advisor", "王芳") as page:
        page.goto(day.url("handover:handover", day.visit.pk))
        page.locator("form[action*=prepare] [name=mileage_out]").fill(str(day.visit.mileage_in + 3))
        send(page, page.locator("form[action*=prepare] button"))
        send(page, page.locator("form[action*=explain] button"))
        while (forms := page.locator("form[action*='/needs/']")).count():
            forms.first.locator("[name$=answer]").fill("已处理，试车正常")
            send(page, forms.first.locator("button"))
        fill_checklist(page)
        for name in ("old_parts_shown", "settings_reset", "declined_named"):
            if page.locator(f"[name$={name}]").count():
                page.locator(f"[name$={name}][type=checkbox]").check()
        draw_signature(page)
        send(page, page.locator("#finish button.btn-lg"))
    assert day.visit.stage == Stage.CHECKOUT


def pay(day: Day) -> None:
    with day.at_home("cashier", "郑收银") as page:
        send(page, page.locator("table a.row-link").first)
        page.check("[name=method][value=wechat]", force=True)
        page.fill("[name=reference]", "WX20260001")
        send(page, page.get_by_role("button", name="确认收款"))
        send(page, page.locator("form[action*=gate-pass] button"))


def let_out(day: Day) -> None:
    with day.at_home("gate", "冯门卫", PHONE) as page:
        page.fill("[name=plate]", PLATE[-4:])
        send(page, page.locator("main .btn-primary"))
        send(page, page.locator("form[action*=release] button"))
    assert day.visit.stage == Stage.FOLLOW_UP


def call_back(day: Day) -> None:
    with day.at_home("customer_relations", "陈静") as page:
        page.goto(day.url("followups:queue"))
        send(page, page.locator("main a[href*='/follow-ups/']").filter(has_text="张建国").first)
        page.check("[name=outcome][value=done]", force=True)
        page.select_option("[name=satisfaction]", "9")
        page.select_option("[name=nps]", "10")
        page.check("[name=problem][value=no]", force=True)
        send(page, page.locator("form[action*=follow-ups] .btn-primary"))


# --- What stands written at the end --------------------------------------------------------------------------------------

TOLD = {
    # sentence of the timeline, who did it
    ("从预约进入接待", "王芳"),
    ("从接待进入维修", "王芳"),
    ("提报增项：安全", "王强"),
    ("请客户确认 1 项，共 658.50 元", "王芳"),
    ("客户已决定（链接确认）：同意 1 项，不同意 0 项", "张建国"),
    ("从维修进入终检", "周师傅"),
    ("自检（第 1 轮）：合格", "周师傅"),
    ("互检（第 1 轮）：合格", "韩师傅"),
    ("终检（第 1 轮）：合格", "吴检"),
    ("从终检进入洗车", "吴检"),
    ("已洗好，待检查", "钱洗车"),
    ("从洗车进入交车", "吴检"),
    ("从交车进入结算", "王芳"),
    ("从结算进入回访", "冯门卫"),
    ("车辆已出厂", "冯门卫"),
    ("从回访进入已关闭", "陈静"),
}


def read_timeline(day: Day) -> list[tuple[str, str]]:
    with day.at_home("advisor", "王芳") as page:
        page.goto(day.url("desk:visit", day.visit.pk))
        entries = page.locator(".timeline-entry").all()
        read = [
            (entry.locator(".timeline-text").inner_text(), (entry.locator(".timeline-meta span").last.inner_text()))
            for entry in entries
        ]
        done = page.locator(".steps .step-done").count()
    assert done == len(JOURNEY)
    return read


def read_settlement(day: Day) -> str:
    with day.at_home("advisor", "王芳") as page:
        page.goto(day.url("orders:print_settlement", day.visit.pk))
        return page.locator("body").inner_text()


def test_an_imported_car_goes_through_all_nine_stages(live_server, store, browser, browser_context_args):
    day = Day(store, live_server, browser, browser_context_args)
    car = import_history(day)
    book(day, car)
    write_plate(day, car)
    take_in(day)
    dispatch(day, "王强")
    start_work(day, "王强", propose=True)
    approve_by_link(day, price_and_ask(day))
    finish_work(day, "王强")
    dispatch(day, "周师傅")
    start_work(day, "周师傅")
    finish_work(day, "周师傅")
    to_inspection(day)
    inspect(day, "technician", "周师傅")
    inspect(day, "technician", "韩师傅")
    inspect(day, "inspector", "吴检")
    wash(day)
    hand_over(day)
    pay(day)
    let_out(day)
    call_back(day)

    visit = day.visit
    assert (visit.stage, day.problems) == (Stage.CLOSED, [])
    assert visit.ended_at - visit.opened_at < timedelta(hours=1)
    assert TOLD - set(read_timeline(day)) == set()
    bill = Settlement.objects.get(visit=visit, superseded_at=None)
    sheet = read_settlement(day)
    assert bill.total == bill.labour + bill.material
    for text in (f"{bill.labour:,.2f}", f"{bill.material:,.2f}", capital(bill.payable), PLATE[2:], ADDED, "388.50"):
        assert text in sheet
