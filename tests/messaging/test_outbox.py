"""Writing messages: once each, in the customer's language, to where he can be reached."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine

from core.errors import Conflict
from customers.models import Customer
from journal.models import Event
from messaging import domain as messaging
from messaging import texts
from messaging.choices import MessageStatus
from messaging.events import MessageQueued
from messaging.models import Message
from messaging.texts import EN, TEMPLATES, ZH
from tests import factories

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai, a Monday


@pytest.fixture
def wang(store):
    return factories.customer(store, name="王芳", gender="female", phone="13812348000")


@pytest.fixture
def advisor(staff):
    return staff("advisor")


def confirmed(store, customer, key="a:1", **more):
    params = {"plate": "京A12345", "at": AT, "advisor": "李明", "link": "https://x/c/abc", **more.pop("params", {})}
    return messaging.send(
        store=store, template="appointment_confirmed", customer=customer, params=params, dedupe_key=key, **more
    )


class TestSend:
    def test_written_in_chinese_by_default(self, store, wang):
        message = confirmed(store, wang)

        assert message.body == (
            "【城北店】王芳女士，您好！您的预约已确认：11月23日（周一） 09:30，车辆 京A12345。"
            "服务顾问 李明 将接待您。查看或改约：https://x/c/abc 到店地址：北京市朝阳区测试路1号。"
        )
        assert (message.status, message.channel, message.to, message.purpose) == (
            "pending",
            "sms",
            "13812348000",
            "service",
        )

    def test_written_in_english_for_an_english_customer(self, store):
        guest = factories.customer(store, name="John Smith", gender="male", language="en")

        message = confirmed(store, guest)

        assert message.body.startswith(
            "[North] Dear Mr John Smith, Your booking is confirmed: Mon 23 Nov 09:30, car 京A12345. "
        )
        assert message.subject == "Your booking is confirmed"

    def test_the_same_key_is_one_message(self, store, wang):
        first = confirmed(store, wang)

        again = confirmed(store, wang, params={"plate": "沪B88888"})

        assert (again.pk, Message.objects.count(), Event.objects.filter(name="messaging.queued").count()) == (
            first.pk,
            1,
            1,
        )

    def test_keys_are_the_stores_own(self, store, other_store, wang):
        there = confirmed(other_store, factories.customer(other_store))

        assert there.pk != confirmed(store, wang).pk

    def test_journalled_with_its_visit(self, store, wang, make_visit, advisor):
        visit = make_visit("reception")
        message = confirmed(store, wang, visit_id=visit.pk, by=advisor)

        event = Event.objects.get(name="messaging.queued")
        assert (event.visit_id, event.subject_id, event.actor_id) == (visit.pk, message.pk, advisor.pk)
        assert event.data == {"template": "appointment_confirmed", "channel": "sms", "purpose": "service"}
        assert event.sentence == "已生成消息：预约确认，短信"

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"preferred_channel": "wechat", "wechat_openid": "o1"}, ("wechat", "o1")),
            ({"preferred_channel": "wechat"}, ("sms", "13812348000")),
            ({"preferred_channel": "phone"}, ("sms", "13812348000")),
            ({"phone": "", "email": "w@example.com"}, ("email", "w@example.com")),
        ],
    )
    def test_goes_where_the_customer_can_be_reached(self, store, wang, fields, expected):
        Customer.objects.filter(pk=wang.pk).update(**fields)
        wang.refresh_from_db()

        message = confirmed(store, wang)

        assert (message.channel, message.to) == expected

    def test_a_customer_without_any_address_is_shown_as_failed(self, store):
        message = confirmed(store, factories.customer(store, phone=""))

        assert (message.status, message.last_error) == ("failed", "no_address")
        assert Event.objects.get(name__startswith="messaging.").name == "messaging.failed"

    def test_to_somebody_who_is_no_customer(self, store):
        message = messaging.send(
            store=store, template="left_behind", to="13900001111", params={"text": "雨伞"}, dedupe_key="x"
        )

        assert (message.to, message.body) == (
            "13900001111",
            "【城北店】您在本店遗留了物品：雨伞，我们已为您保管。如有疑问请致电 01064001234。",
        )

    def test_many_cost_as_much_as_one(self, store, django_assert_num_queries):
        drafts = [
            messaging.Draft("follow_up_thanks", f"thanks:{n}", customer=factories.customer(store)) for n in range(20)
        ]
        with django_assert_num_queries(6):  # savepoint, look, write, look again, journal, release
            rows = messaging.send_many(drafts, store=store)

        assert [row.dedupe_key for row in rows] == [draft.dedupe_key for draft in drafts]
        assert Event.objects.filter(name="messaging.queued").count() == 20

    def test_a_template_keeps_its_purpose(self, store, wang):
        with pytest.raises(ValueError, match="marketing"):
            messaging.send(
                store=store,
                template="maintenance_due",
                customer=wang,
                params={"plate": "京A12345", "day": AT},
                purpose="service",
                dedupe_key="x",
            )

    def test_errors_of_the_programmer(self, store, wang):
        with pytest.raises(LookupError):
            messaging.send(store=store, template="no_such", customer=wang, dedupe_key="x")
        with pytest.raises(ValueError, match="plate"):
            messaging.send(store=store, template="car_ready", customer=wang, dedupe_key="x")
        with pytest.raises(ValueError, match="dedupe"):
            confirmed(store, wang, key="")


class TestResendAndCancel:
    def test_failed_is_sent_again_to_the_number_of_today(self, store, advisor):
        customer = factories.customer(store, phone="")
        message = confirmed(store, customer)
        Customer.objects.filter(pk=customer.pk).update(phone="13812348000")

        message = messaging.resend(message, by=advisor)

        assert (message.status, message.to, message.last_error) == ("pending", "13812348000", "")

    def test_still_without_an_address_it_says_so(self, store, advisor):
        message = confirmed(store, factories.customer(store, phone=""))

        with pytest.raises(Conflict) as refused:
            messaging.resend(message, by=advisor)

        assert refused.value.code == "no_address"

    def test_waiting_is_cancelled_and_stays_so(self, store, wang, advisor):
        message = confirmed(store, wang)

        messaging.cancel(message, by=advisor)

        assert Message.objects.get().status == MessageStatus.CANCELLED
        assert Event.objects.filter(name="messaging.cancelled").count() == 1
        for again in (messaging.cancel, messaging.resend):
            with pytest.raises(Conflict):
                again(message, by=advisor)


class TestTexts:
    FULL = {
        "plate": "京A12345",
        "at": AT,
        "day": AT.date(),
        "closes": AT,
        "total": Decimal("1234.5"),
        "items": 3,
        "advisor": "李明",
        "advisor_phone": "13900001111",
        "link": "https://x/c/abc",
        "book_link": "https://x/book",
        "reason": "等待配件",
        "text": "等待配件",
        "number": "TS20261121-0001",
        "clock": AT,
        "until": AT,
        "parking": "P3",
        "code": "123456",
        "work": "更换机油机滤",
        "ready_about": AT,
        "price_about": "160–190",
        "bring": "行驶证、车钥匙",
    }

    @pytest.mark.parametrize("code", TEMPLATES)
    @pytest.mark.parametrize("language", [ZH, EN])
    def test_every_text_can_be_said_in_full(self, store, wang, code, language):
        subject, body = texts.render(code, store=store, customer=wang, params=self.FULL, language=language)

        assert subject and "{" not in body
        sentences = TEMPLATES[code].sentences
        assert len(sentences[ZH]) == len(sentences[EN])

    @pytest.mark.parametrize(("years", "said"), [(0, "自 11月23日"), (-1, "自 2025年11月23日")])
    def test_a_day_of_another_year_says_so(self, store, wang, years, said):
        words = {"plate": "京A12345", "day": AT.date().replace(year=AT.year + years)}
        with time_machine.travel(AT, tick=False):
            _subject, body = texts.render("win_back", store=store, customer=wang, params=words, language=ZH)

        assert said in body

    def test_a_sentence_without_its_parameter_is_left_out(self, store, wang):
        _subject, body = texts.render(
            "car_ready", store=store, customer=wang, params={"plate": "京A12345"}, language=ZH
        )

        assert (
            body == "【城北店】王芳女士，您好！您的爱车 京A12345 已完工，可以来店取车了。如有疑问请致电 01064001234。"
        )

    @pytest.mark.parametrize("total", [Decimal("1234.5"), "1234.50", "1,234.50", 1234.5])
    def test_amounts_have_separators(self, store, total):
        if isinstance(total, float):
            total = str(total)
        _subject, body = texts.render(
            "car_ready", store=store, customer=None, params={"plate": "x", "total": total}, language=ZH
        )

        assert "应付金额 ¥1,234.50。" in body

    def test_times_come_as_text_too(self, store):
        said = [
            texts.render(
                "progress", store=store, customer=None, params={"plate": "x", "text": "y", "at": at}, language=ZH
            )[1]
            for at in (AT, AT.isoformat())
        ]

        assert said[0] == said[1]
        assert "11月23日（周一） 09:30" in said[0]

    def test_a_car_without_plate_is_still_written_about(self, store):
        assert (
            "（未上牌）" in texts.render("car_ready", store=store, customer=None, params={"plate": ""}, language=ZH)[1]
        )

    def test_what_people_typed_stays_one_line_and_short(self, store):
        params = {"plate": "x", "text": "一\n二 " + "长" * 500}
        _subject, body = texts.render("progress", store=store, customer=None, params=params, language=ZH)

        assert "一 二 长" in body
        assert len(body) < 400

    def test_params_are_kept_as_they_were(self, store, wang):
        message = confirmed(store, wang, params={"total": Decimal("12.30")})

        assert (message.params["at"], message.params["total"]) == ("2026-11-23T01:30:00+00:00", "12.30")

    def test_the_journals_sentence_names_the_template(self):
        assert MessageQueued.labels["template"].choices[0][0] == "appointment_confirmed"


def test_a_link_is_followed_by_a_blank(store):
    customer = factories.customer(store)
    params = {"plate": "京A12345", "at": AT, "advisor": "李明", "link": "https://x/c/abc"}

    _subject, body = texts.render("visit_link", store=store, customer=customer, params=params, language=texts.ZH)

    assert "https://x/c/abc " in body and not body.endswith(" ")
