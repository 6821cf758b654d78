"""One tap says that somebody turned to the customer who has arrived."""

from __future__ import annotations

from django.urls import reverse

from journal.models import Event


def test_a_greeting_is_tapped_once_between_arrival_and_work(make_visit, client_as):
    visit = make_visit("reception")
    browser = client_as(visit.advisor)
    url, sheet = reverse("reception:greet", args=[visit.pk]), reverse("reception:check_in", args=[visit.pk])

    assert (url in browser.get("/").content.decode(), url in browser.get(sheet).content.decode()) == (True, True)
    assert [
        browser.post(url, headers={"referer": f"http://testserver{sheet}"}).headers["Location"] for _ in range(2)
    ] == [f"http://testserver{sheet}"] * 2
    assert (url in browser.get("/").content.decode(), url in browser.get(sheet).content.decode()) == (False, False)
    assert Event.objects.filter(name="reception.greeted").count() == 1

    for stage in ("booking", "repair"):
        assert browser.post(reverse("reception:greet", args=[make_visit(stage).pk])).status_code == 409
