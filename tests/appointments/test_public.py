"""The public booking pages: anybody, a phone, no script, no account."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine

from appointments import domain as appointments
from appointments.models import Appointment, Hold
from catalogue.models import Operation
from customers import domain as customers
from customers.models import Consent, Customer, Vehicle
from customers.queries import agreed_purposes
from messaging.models import Message
from portal.booking.limits import POSTS
from stores.models import CalendarDay
from symptoms import domain as symptoms
from symptoms import queries as symptom_queries
from tests import factories
from tests.fixtures import BrowserLike
from visits.models import Visit

PAGE = "/c/book/north/"
TIMES, HOLD, FORM = f"{PAGE}time/", f"{PAGE}hold/", f"{PAGE}form/"
TWO = "20261117T060000Z"  # 14:00 of this Tuesday in the store
CHOSEN = {"kind": ["maintenance", "repair"]}
# The last page can be sent without a hold: the time is then won as any other.
POST = f"{FORM}?kind=maintenance&kind=repair"


@pytest.fixture
def taken(store, advisor, at):
    def take(time, days=0, who=None):
        car = factories.vehicle(store)
        return appointments.book(
            store=store,
            customer=car.owner,
            vehicle=car,
            advisor=who or advisor,
            start=at(time, days),
            by=advisor,
            channel="desk",
        )

    return take


def keep(client, at=TWO, **chosen):
    """Choose a time: the answer, which leads to the last page."""
    return client.post(HOLD, {"at": at, **(chosen or CHOSEN)})


def send(client, at=TWO, *, page=None, **fields):
    """Choose a time and send the last page."""
    page = page or keep(client, at).headers["Location"]
    held = parse_qs(urlsplit(page).query).get("hold", [""])[0]
    return client.post(page, form(**{"slot": f"@{at}", "hold": held, **fields}))


def form(**fields):
    return {
        "token": str(uuid4()),
        "slot": f"@{TWO}",
        "plate": "京B22222",
        "name": "陈晨",
        "phone": "139 0000 1111",
        "matters_most": "四点前取车",
        "fault": "刹车有异响",
        **fields,
    }


def token_of(answer) -> str:
    """The reading token in the address a booking leads to."""
    return answer.headers["Location"].rstrip("/").rsplit("/", 1)[1]


def operation(code):
    return Operation.objects.get(code=code).pk


# --- Choosing what for -----------------------------------------------------------------------------------------------


def test_the_menu_stands_first_with_time_and_price(client, advisor, now):
    page = client.get(PAGE).content.decode()

    assert "<h1>需要什么服务？</h1>" in page
    assert f'name="op" value="{operation("B001")}"' in page
    assert "更换机油机滤（小保养）" in page
    assert "¥" in page


def test_nothing_chosen_is_said_and_nothing_is_lost(client, advisor, now):
    page = client.get(TIMES, {"asked": "1", "stay": "wait"}).content.decode()

    assert "请至少选择一项。" in page
    assert re.search(r'value="wait" checked', page)


@pytest.mark.parametrize("query", ["op=x&op=99999999", "kind=none", "check=x", "car=1&car=x", "op=" + "9" * 40])
def test_rubbish_in_the_address_chooses_nothing(client, advisor, now, query):
    assert client.get(f"{PAGE}?{query}").status_code == 200
    assert client.get(f"{TIMES}?{query}").status_code == 200


def test_what_was_chosen_is_ticked_again_when_one_comes_back(client, advisor, now):
    oil = operation("B001")
    page = client.get(f"{PAGE}?op={oil}&kind=annual&loan=1&wash=0").content.decode()

    assert re.search(rf'name="op" value="{oil}" checked', page)
    assert re.search(r'name="kind" value="annual" checked', page)
    assert re.search(r'name="loan" value="1" checked', page)
    assert not re.search(r'name="wash" value="1" checked', page)


# --- Choosing a time ------------------------------------------------------------------------------------------------


def test_free_times_are_shown_without_names(client, advisor, second, taken):
    taken("14:00")
    page = client.get(TIMES, CHOSEN).content.decode()

    assert "<h1>您什么时候方便到店？</h1>" in page
    assert f'value="{TWO}"' in page  # the other advisor is free
    assert "王芳" not in page
    assert "欧阳静" not in page


def test_a_time_nobody_is_free_at_is_not_offered(client, advisor, taken):
    taken("14:00")

    page = client.get(TIMES, CHOSEN).content.decode()

    assert f'value="{TWO}"' not in page
    assert 'value="20261117T063000Z"' in page


def test_closed_days_are_left_out_and_one_that_is_asked_for_says_so(client, store, advisor, at):
    CalendarDay.objects.create(store=store, day=at("09:00", 1).date(), kind="holiday")

    page = client.get(TIMES, CHOSEN).content.decode()
    assert "day=2026-11-18" not in page
    assert "day=2026-11-19" in page

    empty = client.get(TIMES, {**CHOSEN, "day": "2026-11-18"}).content.decode()
    assert "当天不营业。" in empty


def test_a_full_day_says_why_and_leads_to_the_waitlist(client, store, advisor, at):
    """No bay and no technician for paint: the day is not empty, it cannot be done."""
    page = client.get(TIMES, {"kind": "accident", "stay": "wait", "day": "2026-11-18"}).content.decode()

    assert "/c/wait/north/?day=2026-11-18" in page or 'value="20261118T' in page


@pytest.mark.parametrize("day", ["2026-13-01", "x", "9999-12-31", "0001-01-01", "2020-01-01"])
def test_any_day_can_be_asked_for(client, advisor, now, day):
    assert client.get(TIMES, {**CHOSEN, "day": day}).status_code == 200
    assert client.get(TIMES, {**CHOSEN, "from": day}).status_code == 200


def test_what_takes_long_is_not_offered_to_who_waits(client, store, advisor, now):
    """A painted panel and a full service do not end on the day they begin at four."""
    chosen = {"kind": ["body_paint", "maintenance"], "day": "2026-11-18"}
    waits = client.get(TIMES, {**chosen, "stay": "wait"}).content.decode()
    leaves = client.get(TIMES, chosen).content.decode()

    assert waits.count('class="book-time"') < leaves.count('class="book-time"')


# --- The time is held -------------------------------------------------------------------------------------------------


def test_a_chosen_time_is_held_while_the_form_is_filled(client, advisor, now):
    answer = keep(client)

    held = Hold.objects.get()
    assert answer.status_code == 303
    assert (held.channel, held.expires_at - now) == ("web", timedelta(minutes=10))
    page = client.get(answer.headers["Location"]).content.decode()
    assert "为您保留到 10:20" in page
    assert "王顾问" in page
    assert "王芳" not in page
    assert f'name="slot" value="@{TWO}"' in page
    # Nobody else is offered it meanwhile.
    assert f'value="{TWO}"' not in client.get(TIMES, CHOSEN).content.decode()


def test_another_choice_gives_the_first_one_back(client, advisor, now):
    first = keep(client)
    held = parse_qs(urlsplit(first.headers["Location"]).query)["hold"][0]
    client.post(HOLD, {"at": "20261117T063000Z", "hold": held, **CHOSEN})

    assert [row.start.isoformat() for row in Hold.objects.all()] == ["2026-11-17T06:30:00+00:00"]


def test_a_hold_that_has_run_out_leads_back_and_says_so(client, advisor, now):
    answer = keep(client)
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        back = client.get(answer.headers["Location"])
        page = client.get(back.headers["Location"]).content.decode()

    assert back.status_code == 302
    assert "为您保留的时间已过" in page
    assert f'value="{TWO}"' in page


def test_a_hold_that_runs_out_while_typing_is_booked_if_still_free(client, advisor, now):
    page = keep(client).headers["Location"]
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        assert send(client, page=page).status_code == 303


def test_a_hold_that_runs_out_while_typing_and_is_lost_offers_others(client, advisor, taken, now):
    page = keep(client).headers["Location"]
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        taken("14:00")
        answer = send(client, page=page)

    assert answer.status_code == 409
    assert "刹车有异响" in answer.content.decode()
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("at", ["20261117T010000Z", "rubbish", "20261117T061000Z", "", "99991231T000000Z"])
def test_a_time_that_is_none_is_not_held(client, advisor, now, at):
    answer = keep(client, at)

    assert answer.status_code in (302, 409, 422)
    assert Hold.objects.count() == 0


def test_the_form_without_a_hold_leads_back(client, advisor, now):
    for hold in ("", str(uuid4()), "x"):
        answer = client.get(FORM, {**CHOSEN, "hold": hold})
        assert (answer.status_code, answer.headers["Location"].startswith(TIMES)) == (302, True)
    assert client.get(FORM).headers["Location"] == PAGE


def test_a_store_that_is_none_is_not_found(client, store):
    assert client.get("/c/book/nowhere/").status_code == 404


# --- Booking --------------------------------------------------------------------------------------------------------


def test_a_stranger_books_and_gets_his_link(client, advisor, at):
    answer = send(client, page=keep(client, stay=["wait"], **CHOSEN).headers["Location"], question="多久能好？")

    made = Appointment.objects.get()
    assert answer.status_code == 303
    assert (made.start, made.advisor, made.channel, made.waits) == (at("14:00"), advisor, "web", True)
    assert made.services == ["maintenance", "repair"]
    assert (made.visit.customer.name, made.visit.customer.phone) == ("陈晨", "13900001111")
    assert set(made.visit.needs.values_list("kind", "words")) == {
        ("matters_most", "四点前取车"),
        ("fault", "刹车有异响"),
        ("question", "多久能好？"),
    }
    done = client.get(answer.headers["Location"])
    page = done.content.decode()
    assert "<h1>预约成功</h1>" in page
    assert "<dd>王顾问</dd>" in page
    assert "王芳" not in page
    token = token_of(answer)
    assert f'href="/c/{token}/"' in page
    assert client.get(f"/c/{token}/").status_code == 200
    assert done.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in done.headers["Cache-Control"]
    assert Message.objects.get().template == "appointment_confirmed"


def test_the_wished_advisor_receives(client, advisor, second, now):
    send(client, slot=f"{second.pk}@{TWO}")

    assert Appointment.objects.get().advisor == second


def test_the_pages_work_with_csrf_checks_and_without_javascript(advisor, now):
    browser = BrowserLike(enforce_csrf_checks=True)
    page = browser.get(TIMES, CHOSEN).content.decode()
    secret = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    assert keep(browser).status_code == 403
    kept = keep(browser, csrfmiddlewaretoken=secret, **CHOSEN)
    assert kept.status_code == 303
    assert browser.post(kept.headers["Location"], form()).status_code == 403
    assert send(browser, page=kept.headers["Location"], csrfmiddlewaretoken=secret).status_code == 303


BAD = {
    "plate": "京I00000",
    "phone": "12345",
    "name": " ",
    "slot": "",
    "token": "no-uuid",
}


@pytest.mark.parametrize("field", BAD)
def test_bad_input_is_named_and_kept(client, advisor, now, field):
    answer = client.post(POST, form(**{field: BAD[field]}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "刹车有异响" in page
    assert "四点前取车" in page
    assert (Visit.objects.count(), Customer.objects.count(), Vehicle.objects.count()) == (0, 0, 0)


def test_a_time_lost_meanwhile_offers_others_and_keeps_what_was_typed(client, advisor, taken, at):
    taken("14:00")

    answer = client.post(POST, form())

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "请另选时间" in page
    assert f'value="{advisor.pk}@20261117T053000Z"' in page
    assert "checked" not in page[page.index("book-who") : page.index("</fieldset>", page.index("book-who"))]
    assert "刹车有异响" in page
    assert "王芳" not in page
    assert Visit.objects.count() == 1

    again = client.post(POST, form(slot=f"{advisor.pk}@20261117T053000Z"))
    assert again.status_code == 303


@pytest.mark.parametrize("slot", ["@20261117T010000Z", "@20261117T043000Z", "@20270717T060000Z"])
def test_past_closed_and_far_times_are_refused_with_others(client, advisor, now, slot):
    answer = client.post(POST, form(slot=slot))

    assert answer.status_code in (409, 422)
    assert "请另选时间" in answer.content.decode()
    assert Visit.objects.count() == 0


def test_sent_twice_it_is_one_booking(client, advisor, now):
    data = form()

    answers = [client.post(POST, data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Appointment.objects.count() == Customer.objects.count() == 1
    for answer in answers:
        assert client.get(answer.headers["Location"]).status_code == 200


def test_a_known_and_an_unknown_phone_get_the_same_answer(client, store, advisor, now):
    """Nobody learns here whether a number or a plate is on file."""
    known = factories.vehicle(store)
    pages = []
    for phone, plate in ((known.owner.phone, "京C00001"), ("13700009999", "京C00002")):
        answer = client.post(POST, form(phone=phone, plate=plate))
        page = client.get(answer.headers["Location"]).content.decode()
        own = rf"{token_of(answer)}|{plate}|{plate[:2]}·{plate[2:]}|[A-Za-z0-9]{{64}}"
        pages.append((answer.status_code, re.sub(own, "", page)))
        Appointment.objects.all().delete()

    assert known.owner.name not in pages[0][1]
    assert pages[0] == pages[1]


def test_he_may_agree_to_be_asked_and_reminded_and_need_not(client, advisor, now):
    kept = keep(client).headers["Location"]
    page = client.get(kept).content.decode()
    assert [("checked" in box) for box in re.findall(r'<input[^>]*name="wishes"[^>]*>', page)] == [False, False]

    send(client, page=kept)
    client.post(POST, form(plate="京C00001", name="李雷", slot="@20261117T063000Z", wishes=["survey", "marketing"]))

    silent, eager = Customer.objects.order_by("id")
    assert (silent.consents.count(), agreed_purposes(eager)) == (0, {"survey", "marketing"})
    assert set(eager.consents.values_list("channel", flat=True)) == {"sms", "phone"}
    number = Visit.objects.get(customer=eager).number
    assert eager.consents.first().evidence == f"预约时（{number}，网页），2026-11-17 10:10"


def test_the_page_neither_tells_nor_undoes_what_a_customer_said_before(client, store, advisor, now):
    car = factories.vehicle(store)
    customers.give_consent(car.owner, purpose="survey", channel="sms", by=advisor)
    customers.withdraw_consent(car.owner, purpose="marketing", channel="sms", by=advisor)
    customers.withdraw_consent(car.owner, purpose="marketing", channel="phone", by=advisor)

    asked = form(plate=car.plate, phone=car.owner.phone, name=car.owner.name, wishes=["marketing"])
    assert client.post(POST, asked).status_code == 303

    assert Visit.objects.get().customer == car.owner
    assert car.owner.consents.count() == 3
    assert agreed_purposes(car.owner) == {"survey"}


def test_a_lost_slot_notes_no_wish_and_keeps_the_tick(client, advisor, taken):
    taken("14:00")

    answer = client.post(POST, form(wishes=["survey"]))

    box = re.search(r'<input[^>]*name="wishes"[^>]*value="survey"[^>]*>', answer.content.decode())[0]
    assert (answer.status_code, "checked" in box) == (409, True)
    assert Consent.objects.count() == 0


def test_the_result_of_another_store_or_a_made_up_token_is_not_found(client, advisor, other_store, now):
    answer = client.post(POST, form())
    token = token_of(answer)

    assert client.get(f"/c/book/south/{token}/").status_code == 404
    assert client.get(f"{PAGE}{'x' * 43}/").status_code == 404


def test_another_stores_advisor_is_no_choice(client, advisor, other_store, now):
    from stores.access import in_store

    with in_store(other_store):
        foreigner = factories.staff(other_store, "advisor")

    assert client.post(POST, form(slot=f"{foreigner.pk}@20261117T060000Z")).status_code == 422
    assert Visit.objects.count() == 0


# --- Limits ---------------------------------------------------------------------------------------------------------


def test_one_phone_books_five_times_a_day_at_most(client, advisor, now):
    times = ["020000", "023000", "030000", "033000", "050000", "053000", "060000"]
    with time_machine.travel(now.replace(hour=7), tick=False):
        answers = [
            client.post(POST, form(slot=f"@20261117T{time}Z", plate=f"京D0000{n}", name=f"陈{n}"))
            for n, time in enumerate(times)
        ]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429] * 2
    assert Appointment.objects.count() == 5
    page = answers[-1].content.decode()
    assert "短时间内提交的预约过多" in page
    assert "01064001234" in page
    assert int(answers[-1].headers["Retry-After"]) == 24 * 3600


def asked_before(times, who="127.0.0.1"):
    """So many forms have come from this address within the hour."""
    for _ in range(times):
        POSTS.over(who)


def test_one_address_is_held_off_after_sixty_forms_an_hour_and_others_are_not(client, advisor, now):
    asked_before(59)
    assert client.post(POST, {}).status_code == 422

    assert client.post(POST, form()).status_code == 429
    assert client.post(POST, form(), REMOTE_ADDR="10.1.2.3").status_code == 303


def test_addresses_a_client_claims_for_itself_do_not_count(client, advisor, now, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    asked_before(60, "192.0.2.7")

    assert client.post(POST, form(), HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.7").status_code == 429
    assert client.post(POST, form(), HTTP_X_FORWARDED_FOR="192.0.2.7, 10.9.9.9").status_code == 303


# --- Recognised by a one-time code ------------------------------------------------------------------------------------

WHO = f"{PAGE}who/"


def code_of(store) -> str:
    return Message.objects.filter(template="phone_code").latest("id").params["code"]


def ask(client, who):
    """Ask for a code: the address of the page that takes it."""
    return client.post(WHO, {"who": who}).headers["Location"]


@pytest.fixture
def mine(store, advisor):
    """A car whose owner is used to the advisor."""
    car = factories.vehicle(store)
    car.owner.preferred_advisor = advisor
    car.owner.save(update_fields=["preferred_advisor"])
    return car


@pytest.fixture
def known(client, store, mine, now):
    """The owner's browser, after he has entered his code."""
    client.post(ask(client, mine.owner.phone), {"code": code_of(store)})
    return client


def test_a_code_to_the_phone_opens_his_cars(client, store, mine, now):
    page = ask(client, mine.owner.phone)
    sent = Message.objects.get()
    assert (sent.to, sent.template, sent.customer) == (mine.owner.phone, "phone_code", None)
    assert mine.plate[:2] not in client.get(PAGE).content.decode()

    answer = client.post(page, {"code": f" {code_of(store)} "})

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    shown = client.get(PAGE).content.decode()
    assert f"{mine.plate[:2]}·{mine.plate[2:]}" in shown
    assert f"{mine.owner.phone[:3]}****{mine.owner.phone[-4:]}" in shown


def test_a_plate_sends_the_code_to_its_owner(client, store, mine, now):
    client.post(ask(client, mine.plate), {"code": code_of(store)})

    assert Message.objects.get().to == mine.owner.phone
    assert f"{mine.plate[:2]}·{mine.plate[2:]}" in client.get(PAGE).content.decode()


def test_nobody_learns_whether_a_phone_or_a_plate_is_on_file(client, mine, now):
    """Not from the answer, not from the page after it, not from a wrong code, not from when it locks."""
    shown = []
    for who in (mine.owner.phone, "13700009999", mine.plate, "京Z99999"):
        address = ask(client, who)
        pages = [client.get(address)] + [client.post(address, {"code": "000000"}) for _ in range(6)]
        secret = address.rstrip("/").rsplit("/", 1)[1]
        shown.append([(p.status_code, re.sub(rf"{secret}|[A-Za-z0-9]{{64}}", "", p.content.decode())) for p in pages])

    assert shown[0] == shown[1] == shown[2] == shown[3]
    assert [status for status, _page in shown[0]] == [200, 422, 422, 422, 422, 422, 409]


def test_a_code_locks_expires_and_is_used_once(client, store, mine, now):
    page, code = ask(client, mine.owner.phone), code_of(store)
    for _ in range(5):
        assert client.post(page, {"code": "999999" if code != "999999" else "111111"}).status_code == 422
    assert client.post(page, {"code": code}).status_code == 409

    page, code = ask(client, mine.owner.phone), code_of(store)
    with time_machine.travel(now + timedelta(minutes=10), tick=False):
        assert client.post(page, {"code": code}).status_code == 409

    page, code = ask(client, mine.owner.phone), code_of(store)
    newer = ask(client, mine.owner.phone)
    assert client.post(page, {"code": code}).status_code == 409  # a newer one is out
    assert client.post(newer, {"code": code_of(store)}).status_code == 303
    assert client.post(newer, {"code": code_of(store)}).status_code == 409


def test_one_phone_is_sent_five_codes_a_day_also_by_its_plate(client, mine, now):
    for _ in range(5):
        ask(client, mine.owner.phone)
    assert client.post(WHO, {"who": mine.owner.phone}).status_code == 429
    assert client.post(WHO, {"who": mine.plate}).status_code == 303
    assert Message.objects.filter(template="phone_code").count() == 5


@pytest.mark.parametrize("who", ["", "hello", "12345", "京I00000"])
def test_what_is_neither_phone_nor_plate_is_said(client, store, now, who):
    assert client.post(WHO, {"who": who}).status_code == 422
    assert Message.objects.count() == 0


def test_he_books_his_own_car_without_typing(known, store, mine, advisor, second, now):
    page = keep(known, car=mine.pk, **CHOSEN).headers["Location"]
    shown = known.get(page).content.decode()
    assert 'name="phone"' not in shown
    assert f'value="@{TWO}" checked' in shown

    answer = send(known, page=page, car=mine.pk, plate="", name="", phone="")

    made = Appointment.objects.get()
    assert answer.status_code == 303
    assert (made.visit.vehicle, made.visit.customer, made.advisor) == (mine, mine.owner, advisor)
    assert (Customer.objects.count(), Vehicle.objects.count()) == (1, 1)


def test_when_his_advisor_is_not_free_the_stand_in_is_told(known, mine, advisor, second, taken):
    taken("14:00", who=advisor)
    page = keep(known, car=mine.pk, **CHOSEN).headers["Location"]
    assert "平时为您服务的王顾问该时段没有空" in known.get(page).content.decode()

    answer = send(known, page=page, car=mine.pk)
    made = Appointment.objects.get(visit__vehicle=mine)
    assert (made.advisor, made.stand_in_for) == (second, advisor)
    assert "王顾问该时段没有空" in known.get(answer.headers["Location"]).content.decode()


def test_another_plate_becomes_his_own_car(known, mine, now):
    answer = send(known, car="", plate="京B22222")

    made = Appointment.objects.get()
    assert answer.status_code == 303
    assert (made.visit.customer, made.visit.vehicle.plate) == (mine.owner, "京B22222")
    assert Customer.objects.count() == 1


def test_somebody_elses_car_is_no_choice(known, store, mine, now):
    other = factories.vehicle(store)

    assert send(known, car=other.pk, plate="").status_code == 422
    assert Appointment.objects.count() == 0
    assert other.plate[2:] not in known.get(f"{PAGE}?car={other.pk}").content.decode()


def test_the_browser_forgets_after_half_an_hour_and_when_told(known, mine, now):
    plate = f"{mine.plate[:2]}·{mine.plate[2:]}"
    with time_machine.travel(now + timedelta(minutes=31), tick=False):
        assert plate not in known.get(PAGE).content.decode()

    assert plate in known.get(PAGE).content.decode()
    assert known.post(f"{WHO}leave/").status_code == 303
    assert plate not in known.get(PAGE).content.decode()


def test_a_made_up_cookie_or_one_of_another_store_shows_nothing(known, mine, other_store, now):
    assert mine.plate[2:] not in known.get("/c/book/south/").content.decode()
    known.cookies["known"] = known.cookies["known"].value[:-2] + "xx"
    assert mine.plate[2:] not in known.get(PAGE).content.decode()


def test_what_is_due_for_his_car_stands_first(known, mine, now):
    mine.mileage = 30_100
    mine.save(update_fields=["mileage"])
    page = known.get(PAGE).content.decode()

    assert 'class="book-group is-due" open' in page


# --- With a symptom check ---------------------------------------------------------------------------------------------

ASK = "/c/symptom/north/"


def answers_of(*words):
    tree, chosen = symptom_queries.in_force(), []
    for text in words:
        question = symptom_queries.walk(tree, chosen).question
        chosen.append(next(row.pk for row in question.answers if row.name_zh == text))
    return ".".join(map(str, chosen))


SQUEAL = ("有异响", "踩刹车时", "尖锐的吱吱声", "最近一两周")


def test_questions_are_asked_one_by_one_by_links_alone(client, advisor, now):
    address, asked = ASK, []
    for words in SQUEAL:
        page = client.get(address, {} if address == ASK else None).content.decode()
        asked.append(re.search(r"<h1>(.*?)</h1>", page)[1])
        row = re.search(rf'href="([^"]*)"><span>{words}</span>', page)
        address = f"{ASK}{row[1].replace('&amp;', '&')}"
    page = client.get(address).content.decode()

    assert asked == ["您注意到什么情况？", "什么时候会响？", "是什么样的声音？", "从什么时候开始的？"]
    assert "建议几天内到店" in page
    assert "更换前制动片" in page
    assert "¥" in page


def test_a_red_lamp_says_stop_and_gives_the_telephone_first(client, advisor, now):
    page = client.get(ASK, {"path": answers_of("仪表灯亮了", "红色机油壶")}).content.decode()

    assert "<h1>请不要继续行驶</h1>" in page
    assert page.index('href="tel:01064001234"') < page.index("带着这些信息预约")
    assert "btn-primary" not in page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("path", ["1", "x.y", "9" * 30, "." * 50])
def test_a_made_up_path_begins_again(client, advisor, now, path):
    answer = client.get(ASK, {"path": path})

    assert answer.status_code in (200, 302)
    assert client.get(ASK, {"again": 1}).status_code == 200


def test_a_store_that_asks_nothing_has_no_page_and_no_link(client, advisor, now):
    tree = symptom_queries.in_force()
    tree.retired_at = now
    tree.save()

    assert client.get(ASK).status_code == 404
    assert ASK not in client.get(PAGE).content.decode()


def checked(client, **more):
    """Answer, add words, take it along: the address of the menu with the check."""
    oil = operation("B001")
    answer = client.post(
        f"{ASK}?path={answers_of(*SQUEAL)}&op={oil}", {"token": str(uuid4()), "words": "早上第一脚吱一声", **more}
    )
    return answer.headers["Location"]


def test_the_check_goes_into_the_booking_with_what_else_was_chosen(client, store, advisor, now):
    menu = checked(client)
    page = client.get(menu).content.decode()
    assert "制动片磨损" in page
    assert re.search(rf'name="op" value="{operation("B001")}" checked', page)

    chosen = parse_qs(urlsplit(menu).query)
    kept = keep(client, **chosen).headers["Location"]
    shown = client.get(kept).content.decode()
    assert "早上第一脚吱一声" in shown
    assert send(client, page=kept, fault="早上第一脚吱一声").status_code == 303

    made = Appointment.objects.get()
    check = symptom_queries.of_visit(made.visit)[0]
    assert (made.symptom_check, check.check.vehicle) == (check.check, made.visit.vehicle)
    assert made.services == ["maintenance", "repair"]
    oil, fault = made.items.order_by("position")
    assert (oil.operation.code, fault.operation, fault.words) == ("B001", None, "早上第一脚吱一声")
    assert fault.minutes == 108  # the longest of what is likely
    assert fault.price_high > fault.price_low > 0
    assert made.visit.needs.get(kind="fault").words == "早上第一脚吱一声"


def test_without_words_the_answers_are_the_need(client, advisor, now):
    menu = checked(client, words="")
    kept = keep(client, **parse_qs(urlsplit(menu).query)).headers["Location"]
    send(client, page=kept, fault="")

    need = Visit.objects.get().needs.get(kind="fault")
    assert need.words == "有异响 · 踩刹车时 · 尖锐的吱吱声 · 最近一两周"


def test_a_check_sent_twice_with_its_booking_is_one(client, advisor, now):
    menu = checked(client)
    kept = keep(client, **parse_qs(urlsplit(menu).query)).headers["Location"]
    token = str(uuid4())

    assert [send(client, page=kept, token=token).status_code for _ in range(2)] == [303, 303]
    assert Appointment.objects.count() == 1


def test_a_check_of_a_booking_cannot_be_read_again_by_its_token(client, advisor, now):
    """Whoever gets hold of an old address sees nothing of what somebody told."""
    menu = checked(client)
    kept = keep(client, **parse_qs(urlsplit(menu).query)).headers["Location"]
    send(client, page=kept)

    assert "早上第一脚吱一声" not in client.get(menu).content.decode()


def test_answers_to_a_tree_replaced_meanwhile_begin_again(client, staff, advisor, now):
    path, manager = answers_of(*SQUEAL), staff("service_manager")
    symptoms.publish(symptoms.draft(by=manager), by=manager)

    answer = client.get(ASK, {"path": path})
    assert answer.status_code == 302
    assert "问题刚刚更新了" in client.get(answer.headers["Location"]).content.decode()
