"""The order's pages: who may open them, what they show, and what bad input gets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actors import Actor
from messaging.models import Message
from orders import domain as orders
from orders import queries
from orders.choices import ConsentState
from orders.models import Consent, Line
from stores.access import in_store
from tests import factories


def url(name: str, *args) -> str:
    return reverse(f"orders:{name}", args=args)


@pytest.fixture
def browser(client_as, advisor):
    return client_as(advisor)


def form_of(line, **changes) -> dict:
    """What the edit page posts for a line, as it was rendered."""
    data = {
        "title": line.title,
        "hours": line.hours,
        "discount": "0",
        "pay_type": line.pay_type,
        "risk": line.risk,
        "concern": line.concern,
        "version": line.visit.version,
    }
    for i, part in enumerate(line.parts.all()):
        data |= {
            f"part-{i}-number": part.number,
            f"part-{i}-name": part.name,
            f"part-{i}-part_class": part.part_class,
            f"part-{i}-quantity": part.quantity,
            f"part-{i}-unit": part.unit,
            f"part-{i}-unit_price": part.unit_price,
        }
    return data | changes


PAGES = ["lines", "add_item", "terms", "ask", "decide_by_phone", "settlement", "print_order"]


@pytest.mark.parametrize("name", PAGES)
def test_who_may_open_a_page(make_visit, client, client_as, browser, other_store, name):
    visit = make_visit("repair")
    page = url(name, visit.pk)

    assert browser.get(page).status_code == 200
    assert client.get(page)["Location"].startswith(reverse("login"))
    assert client_as("gate").get(page).status_code == 403
    stranger = client_as(factories.staff(other_store, "advisor"))
    assert stranger.get(page).status_code == 404


def test_the_estimate_shows_labour_and_parts_apart(visit, advisor, browser, store):
    operation = factories.operation(store, parts=[factories.part(store, price=Decimal(85))], hours=Decimal("0.5"))
    orders.add_line(visit, operation=operation, by=advisor)

    page = browser.get(url("lines", visit.pk)).content.decode()

    assert f"<strong>{operation.name}</strong>" in page
    assert "85.00" in page
    assert "90.00" in page  # half an hour at the store's rate of 180
    assert "175.00" in page


def test_search_finds_by_code_and_name(visit, browser, store):
    factories.operation(store, code="BRK-001", name_zh="更换前刹车片")
    factories.operation(store, code="OIL-001", name_zh="更换机油")

    for text in ("brk", "刹车"):
        page = browser.get(url("operations", visit.pk), {"q": text}, headers={"HX-Request": "true"}).content.decode()
        assert "更换前刹车片" in page
        assert "更换机油" not in page


def test_search_understands_what_people_say(visit, browser, store):
    factories.operation(store, code="X-1", name_zh="更换后制动片甲")

    assert "更换后制动片甲" in browser.get(url("operations", visit.pk), {"q": "后刹车片"}).content.decode()


def test_search_works_without_a_script(visit, browser, store):
    factories.operation(store, code="BRK-001", name_zh="更换前刹车片")

    assert "更换前刹车片" in browser.get(url("lines", visit.pk), {"q": "刹车"}).content.decode()


def test_one_click_adds_and_answers_with_the_order(visit, browser, store):
    operation = factories.operation(store, parts=1)

    answer = browser.post(url("add", visit.pk), {"operation": operation.pk}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert visit.lines.get().operation == operation
    assert 'id="order"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_fragment_equals_the_order_on_a_full_page(visit, browser, store):
    operation = factories.operation(store, parts=1)
    fragment = browser.post(url("add", visit.pk), {"operation": operation.pk}, headers={"HX-Request": "true"})

    page = browser.get(url("lines", visit.pk)).content.decode()

    assert without_tokens(fragment.content.decode()) in without_tokens(page)


def without_tokens(html: str) -> str:
    lines = (line.strip() for line in html.splitlines() if "csrfmiddlewaretoken" not in line)
    return "\n".join(line for line in lines if line)


def test_without_htmx_one_click_leads_back_to_the_page(visit, browser, store):
    answer = browser.post(url("add", visit.pk), {"operation": factories.operation(store).pk})

    assert (answer.status_code, answer["Location"]) == (303, url("lines", visit.pk))


def test_another_stores_operation_is_not_found(visit, browser, other_store):
    with in_store(other_store):
        foreign = factories.operation(other_store)

    assert browser.post(url("add", visit.pk), {"operation": foreign.pk}).status_code == 404
    assert visit.lines.count() == 0


def test_a_fee_is_added_by_form(visit, browser):
    answer = browser.post(
        url("add_item", visit.pk),
        {"kind": "diagnosis", "title": "故障诊断", "fee": "1,150.50", "pay_type": "customer", "version": visit.version},
    )

    assert answer.status_code == 303
    line = visit.lines.get()
    assert (line.kind, line.labour) == ("diagnosis", Decimal("1150.50"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hours", "abc"),
        ("hours", ""),
        ("hours", "1.255"),
        ("discount", "1.005"),
        ("part-0-unit_price", "1.999"),
        ("title", ""),
    ],
)
def test_bad_input_is_kept_and_explained(visit, browser, field, value):
    data = {"kind": "job", "title": "检查底盘", "hours": "1", "pay_type": "customer", "version": visit.version}
    data |= {"part-0-name": "垫片", "part-0-unit_price": "2", "part-0-part_class": "original", field: value}

    answer = browser.post(url("add_item", visit.pk), data)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'value="{value}"' in page or not value
    assert "垫片" in page
    assert visit.lines.count() == 0


def test_a_part_number_of_the_catalogue_brings_name_class_and_price(visit, browser, store):
    part = factories.part(store, price=Decimal(99), part_class="remanufactured")
    data = {"kind": "job", "title": "换发电机", "hours": "1", "pay_type": "customer", "version": visit.version}

    browser.post(url("add_item", visit.pk), data | {"part-0-number": part.number, "part-0-quantity": "2"})

    row = visit.lines.get().parts.get()
    assert (row.part, row.name, row.part_class, row.amount) == (part, part.name, "remanufactured", 198)


def test_an_unknown_part_needs_its_class(visit, browser):
    data = {"kind": "job", "title": "换灯泡", "hours": "1", "pay_type": "customer", "version": visit.version}

    answer = browser.post(url("add_item", visit.pk), data | {"part-0-name": "灯泡", "part-0-unit_price": "20"})

    assert answer.status_code == 422
    assert visit.lines.count() == 0


def test_a_line_saved_as_it_was_is_the_line_it_was(visit, advisor, browser, store):
    line = orders.add_line(visit, operation=factories.operation(store, parts=2), by=advisor)
    visit.refresh_from_db()
    before = queries.line_view(line)
    line.visit = visit

    assert browser.post(url("change", line.pk), form_of(line)).status_code == 303

    assert queries.line_view(Line.objects.get(pk=line.pk)) == before
    visit.refresh_from_db()
    assert visit.version == line.visit.version


def test_a_stale_form_is_409_and_keeps_what_was_typed(visit, advisor, browser, store):
    line = orders.add_line(visit, operation=factories.operation(store), by=advisor)
    visit.refresh_from_db()
    line.visit = visit
    data = form_of(line, title="我的新名称")
    orders.add_line(visit, title="别人的项目", hours=Decimal(1), by=advisor)

    answer = browser.post(url("change", line.pk), data)

    assert answer.status_code == 409
    assert "我的新名称" in answer.content.decode()
    line.refresh_from_db()
    assert line.title != "我的新名称"


def test_a_discount_above_the_roles_is_403(visit, advisor, browser, client_as):
    line = orders.add_line(visit, title="保养", hours=Decimal(1), hour_rate=200, by=advisor)
    visit.refresh_from_db()
    line.visit = visit

    assert browser.post(url("change", line.pk), form_of(line, discount="50")).status_code == 403
    manager = client_as("service_manager")
    assert manager.post(url("change", line.pk), form_of(line, discount="50", hour_rate="200")).status_code == 303
    line.refresh_from_db()
    assert line.labour == 150


def test_an_advisor_cannot_slip_in_another_rate(visit, advisor, browser):
    line = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)
    visit.refresh_from_db()
    line.visit = visit

    browser.post(url("change", line.pk), form_of(line, hour_rate="1"))

    line.refresh_from_db()
    assert line.hour_rate == visit.store.hour_rate


def test_a_draft_is_removed(visit, advisor, browser):
    line = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)

    answer = browser.post(url("remove", line.pk), headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert visit.lines.count() == 0


def test_an_asked_line_is_not_removed(visit, advisor, browser):
    line = orders.add_line(visit, title="保养", hours=Decimal(1), by=advisor)
    orders.ask_consent(visit, by=advisor)

    answer = browser.post(url("remove", line.pk), headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert visit.lines.count() == 1


def test_asking_sends_the_link(make_visit, advisor, browser):
    visit = make_visit("repair")
    orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)
    visit.refresh_from_db()

    answer = browser.post(url("ask", visit.pk), {"version": visit.version, "promised_at": ""})

    assert (answer.status_code, answer["Location"]) == (303, url("lines", visit.pk))
    assert Message.objects.get().template == "approval_asked"
    assert visit.lines.filter(consent_state=ConsentState.ASKED).count() == 1


def test_asking_with_a_stale_page_asks_nothing(make_visit, advisor, browser):
    visit = make_visit("repair")
    seen = visit.version
    orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)

    answer = browser.post(url("ask", visit.pk), {"version": seen, "promised_at": ""})

    assert answer.status_code == 409
    assert Message.objects.count() == 0


def test_a_promise_in_the_past_is_422(make_visit, advisor, browser):
    visit = make_visit("repair")
    orders.add_line(visit, title="刹车油", hours=Decimal(1), by=advisor)
    visit.refresh_from_db()

    answer = browser.post(url("ask", visit.pk), {"version": visit.version, "promised_at": "2020-01-01T10:00"})

    assert answer.status_code == 422
    assert "2020-01-01T10:00" in answer.content.decode()
    assert queries.open_pack(visit) is None


def test_the_question_is_taken_back(asked, browser):
    visit, _pack, _lines = asked

    assert browser.post(url("take_back", visit.pk)).status_code == 303

    assert queries.open_pack(visit) is None
    assert browser.post(url("take_back", visit.pk)).status_code == 409


def phone_answer(pack, lines, **changes) -> dict:
    brakes, wiper = lines
    return {
        "pack": pack.pk,
        f"line-{brakes.pk}": "yes",
        f"line-{wiper.pk}": "no",
        f"reason-{wiper.pk}": "还能用",
        "decided_by": "张三",
        "phone": "138 0000 0000",
        "evidence": "REC-20261121-01",
    } | changes


def test_a_decision_by_phone(asked, advisor, browser):
    visit, pack, lines = asked

    answer = browser.post(url("decide_by_phone", visit.pk), phone_answer(pack, lines))

    assert answer.status_code == 303
    consent = Consent.objects.get(pack=pack)
    assert (consent.method, consent.taken_by, consent.phone) == ("phone", advisor, "13800000000")
    assert [line.consent_state for line in visit.lines.filter(pack=pack)] == ["approved", "declined"]
    assert visit.lines.get(pk=lines[1].pk).declined_reason == "还能用"


def test_without_a_recording_nothing_counts(asked, browser):
    visit, pack, lines = asked

    answer = browser.post(url("decide_by_phone", visit.pk), phone_answer(pack, lines, evidence=""))

    assert answer.status_code == 422
    assert "还能用" in answer.content.decode()
    assert Consent.objects.filter(pack=pack).count() == 0


def test_an_answer_to_another_question_is_409(asked, advisor, browser):
    visit, pack, lines = asked
    orders.take_back(pack, by=advisor)
    orders.ask_consent(visit, by=advisor)

    answer = browser.post(url("decide_by_phone", visit.pk), phone_answer(pack, lines))

    assert answer.status_code == 409
    assert Consent.objects.filter(pack__visit=visit, method="phone").count() == 0


def test_the_settlement_page_says_what_is_missing(make_visit, browser):
    visit = make_visit("repair", lines=1)
    title = visit.lines.get().title

    assert title in browser.get(url("settlement", visit.pk)).content.decode()
    assert browser.post(url("issue", visit.pk)).status_code == 409


def test_issue_explain_print(make_visit, browser, client_as):
    visit = make_visit("handover", lines=2)

    assert browser.post(url("issue", visit.pk)).status_code == 303
    assert browser.post(url("explain", visit.pk)).status_code == 303
    settlement = queries.current_settlement(visit)
    assert settlement.explained_at is not None
    page = client_as("cashier").get(url("print_settlement", visit.pk))
    assert page.status_code == 200
    assert settlement.number in page.content.decode()


def test_the_cashier_sees_the_list_and_cannot_issue_it(make_visit, client_as):
    visit = make_visit("handover", lines=2)
    cashier = client_as("cashier")

    assert cashier.get(url("settlement", visit.pk)).status_code == 200
    assert cashier.post(url("issue", visit.pk)).status_code == 403
    assert visit.settlements.count() == 0


def test_a_recommendation_is_offered_on_the_next_visit(asked, advisor, browser, make_visit):
    visit, pack, (brakes, wiper) = asked
    orders.decide(
        pack,
        decisions={brakes.pk: False, wiper.pk: False},
        method="link",
        decided_by="x",
        by=Actor.customer(visit.customer_id),
    )
    type(visit).objects.filter(pk=visit.pk).update(
        stage="left_without_service", ended_at=visit.opened_at, end_reason="x"
    )
    again = make_visit("reception", vehicle=visit.vehicle, customer=visit.customer)

    page = browser.get(url("lines", again.pk)).content.decode()
    assert brakes.title in page
    kept = queries.open_recommendations(visit.vehicle).get()
    assert browser.post(url("revive", again.pk, kept.pk)).status_code == 303
    assert again.lines.get().title == brakes.title


def test_queries_do_not_grow_with_the_lines(make_visit, browser):
    def count(lines: int) -> int:
        visit = make_visit("repair", lines=lines)
        with CaptureQueriesContext(connection) as seen:
            browser.get(url("lines", visit.pk))
        return len(seen)

    count(1)
    assert count(1) == count(3)
