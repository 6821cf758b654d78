"""What a customer sees by his link, and what reading it does to the world: nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from core.stages import Stage
from journal.models import Event
from orders import domain as orders
from orders.models import LinePhoto
from tests import factories
from visits import domain as visits
from visits.models import Photo, VisitLink, WriteToken


def photo(visit, kind="finding") -> Photo:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return visits.store_photo(visit, kind=kind, upload=out.getvalue(), by=visit.advisor)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_page_opens_at_every_stage(make_visit, client, link, stage):
    visit = make_visit(stage)

    answer = client.get(link(visit))

    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<h1>") == 1
    assert page.count('class="timeline-entry') == 9


def test_once_collected_it_waits_for_nobody(make_visit, client, link):
    assert "可取车时间" in client.get(link(make_visit("checkout"))).content.decode()
    collected = client.get(link(make_visit("follow_up"))).content.decode()
    assert "可取车时间" not in collected
    assert "承诺交车时间" not in collected
    over = client.get(link(make_visit("closed")))
    assert [step.state for step in over.context["steps"]] == ["done"] * 9


def test_it_needs_no_login_and_names_the_car_and_the_promise(asked, client, link):
    visit, _pack, _lines = asked

    page = client.get(link(visit)).content.decode()

    assert visit.vehicle.plate[2:] in page
    assert visit.promised_at.isoformat() in page
    assert visit.store.name_zh in page


def test_the_address_is_kept_secret(asked, client, link):
    answer = client.get(link(asked[0]))

    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    outside = re.findall(r'(?:src|href|action)="(https?:)?//', answer.content.decode())
    assert outside == []


def test_who_has_a_question_first_calls_his_advisor(asked, client, link):
    visit, _pack, _lines = asked
    page = link(visit)
    assert "我想先问一下" in client.get(page).content.decode()

    assert client.post(f"{page}call/", {"kind": "advisor"}).status_code == 303

    assert visit.calls.get().kind == "advisor"


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_changes_nothing(asked, client, link, method):
    address = link(asked[0])
    with CaptureQueriesContext(connection) as seen:
        for _ in range(3):
            assert getattr(client, method)(address).status_code == 200
            getattr(client, method)(address + "decide/")

    written = [q["sql"] for q in seen if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert written == []
    assert WriteToken.objects.count() == 0


def test_an_unknown_link_is_404_and_a_revoked_one_410(asked, client, link):
    visit = asked[0]
    address = link(visit)

    assert client.get(reverse("portal:visit", args=["x" * 43])).status_code == 404
    visits.revoke_links(visit)
    answer = client.get(address)
    assert answer.status_code == 410
    assert visit.vehicle.plate[2:] not in answer.content.decode()


def test_only_the_hash_of_the_token_is_kept(asked):
    token = visits.make_link(asked[0])

    kept = VisitLink.objects.latest("id").token_hash
    assert token not in kept
    assert len(kept) == 64


def test_another_stores_scope_of_a_logged_in_person_does_not_matter(asked, client_as, other_store, link):
    stranger = client_as(factories.staff(other_store, "advisor"))

    assert stranger.get(link(asked[0])).status_code == 200


def test_the_language_is_the_visitors_and_is_remembered(asked, client, link):
    address = link(asked[0])
    assert '<html lang="zh-hans"' in client.get(address).content.decode()

    answer = client.get(address + "?lang=en")

    assert (answer.status_code, answer["Location"]) == (302, address)
    page = client.get(address).content.decode()
    assert '<html lang="en"' in page
    assert "In the workshop" in page
    assert "/i18n/" not in page
    assert client.get(address + "?lang=xx").status_code == 200


def test_the_address_in_a_message_is_the_pages_address(asked, settings):
    settings.PUBLIC_URL = "https://shop.example"

    address = visits.link_address(asked[0])

    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert address == "https://shop.example" + reverse("portal:visit", args=[token])


def test_what_is_asked_shows_price_risk_time_and_words(asked, client, link):
    visit, pack, (brakes, wiper) = asked

    page = client.get(link(visit)).content.decode()

    for text in ("更换前刹车片", "588.50", "摩擦片只剩 2 mm", "388.50", "更换雨刮", "60.00"):
        assert text in page, text
    assert page.count(f'name="line-{brakes.pk}"') == 2
    assert page.count(f'name="line-{wiper.pk}"') == 2
    assert str(pack.pk) in page


def test_the_bill_and_the_handover_notes(make_visit, client, link):
    visit = make_visit("checkout", lines=2)
    visit.handover.advice = "下次请检查轮胎"
    visit.handover.save()

    page = client.get(link(visit)).content.decode()

    settlement = visit.settlements.get()
    assert f"{settlement.payable:,.2f}" in page
    assert "下次请检查轮胎" in page
    assert visit.handover.next_service_on.isoformat() in page


def test_his_words_and_our_answer(make_visit, client, link, staff):
    visit = make_visit("repair", need="空调有异味")
    visits.settle_need(visit.needs.get(), outcome="answered", answer="已更换滤芯", by=staff("advisor"))

    page = client.get(link(visit)).content.decode()

    assert "空调有异味" in page
    assert "已更换滤芯" in page


def test_his_photo_is_served_and_nobody_elses(asked, make_visit, client, link):
    visit = asked[0]
    mine, foreign = photo(visit), photo(make_visit("repair"))
    address = link(visit)

    answer = client.get(f"{address}photo/{mine.pk}/")

    assert answer.status_code == 200
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"{address}photo/{foreign.pk}/").status_code == 404
    assert mine.image.url not in client.get(address).content.decode()


def test_a_working_photo_is_shown_only_beside_an_item(asked, client, link):
    visit, _pack, (brakes, _wiper) = asked
    inside = photo(visit, kind="work_step")
    address = link(visit)
    assert client.get(f"{address}photo/{inside.pk}/").status_code == 404

    orders.attach_photo(brakes, inside)

    assert LinePhoto.objects.get().photo == inside
    assert client.get(f"{address}photo/{inside.pk}/").status_code == 200
    assert f"/photo/{inside.pk}/" in client.get(address).content.decode()


def test_queries_do_not_grow_with_the_lines(make_visit, client, link, advisor):
    def count(n: int) -> int:
        visit = make_visit("repair", lines=n, job="dispatched")
        for i in range(n):
            orders.add_line(visit, title=f"项目{i}", hours=Decimal(1), by=advisor)
        orders.ask_consent(visit, by=advisor)
        address = link(visit)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    assert count(1) == count(3)


def test_no_event_by_reading(asked, client, link):
    before = Event.objects.count()
    client.get(link(asked[0]))
    assert Event.objects.count() == before
