"""The customer's phone, without JavaScript: real browsers send `Origin: null` from pages without a referrer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from orders.models import Consent
from tests.browser import PHONE


@pytest.mark.django_db(transaction=True)
def test_he_answers_on_a_phone_without_scripts(live_server, asked, link, new_context):
    visit, pack, (brakes, wiper) = asked
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_viewport_size(PHONE)
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url))

    page.goto(live_server.url + link(visit))
    page.locator(f"input[name=line-{brakes.pk}][value=yes]").check()
    page.locator(f"input[name=line-{wiper.pk}][value=no]").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("您的手机号后四位").fill(visit.customer.phone[-4:])
    page.get_by_role("button", name="588.50").click()

    assert page.locator("#answered").count() == 1
    assert [line.consent_state for line in visit.lines.filter(pack=pack)] == ["approved", "declined"]
    assert "Chrome" in Consent.objects.get(pack=pack).evidence
    assert [address for address in asked_for if not address.startswith(live_server.url)] == []
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text() == "In the workshop"


@pytest.mark.django_db(transaction=True)
def test_a_stranger_complains_by_the_public_form(live_server, store, new_context):
    """The form is guarded against other sites' pages, so the browser has to say where it comes from."""
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size(PHONE)

    page.goto(live_server.url + reverse("portal:complain", args=[store.code]))
    page.locator("[name=words]").fill("洗车没洗干净")
    page.locator("[name=name]").fill("李雷")
    page.locator("[name=phone]").fill("13800138000")
    page.get_by_role("button", name="提交投诉").click()

    assert page.get_by_role("heading", level=1).inner_text() == "您的投诉"
    assert "洗车没洗干净" in page.locator("main").inner_text()
