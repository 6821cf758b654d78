"""The seven promises a new store starts with. Each is the store's own: its managers change, hide or withdraw them."""

from __future__ import annotations

from decimal import Decimal

from commitments.choices import Code, RemedyKind
from commitments.models import HOUR, TIME, Commitment
from core import clock
from stores.models import Store

MINUTE = 60
ROWS = [
    {
        "code": Code.CONFIRMED,
        "text_zh": f"预约后 {TIME}内，您会收到我们的确认。",
        "text_en": f"You have our confirmation within {TIME} of booking.",
        "target_seconds": 10 * MINUTE,
        "remedy": RemedyKind.FREE_WASH,
    },
    {
        "code": Code.GREETED,
        "text_zh": f"您到店后 {TIME}内，有服务顾问接待您。",
        "text_en": f"An advisor greets you within {TIME} of your arrival.",
        "target_seconds": 3 * MINUTE,
        "remedy": RemedyKind.FREE_WASH,
    },
    {
        "code": Code.CONSENT,
        "text_zh": "未经您同意的项目，一律不收费。",
        "text_en": "We bill nothing you have not agreed to.",
        "remedy": RemedyKind.ITEM_FREE,
    },
    {
        "code": Code.READY,
        "text_zh": "您的车不晚于我们首次承诺的时间可以取车。",
        "text_en": "Your car is ready no later than the time we first promised.",
        "remedy": RemedyKind.LABOUR_DISCOUNT,
        "remedy_value": Decimal("10.00"),
    },
    {
        "code": Code.FOLLOW_UP,
        "text_zh": f"您离店后 {TIME}内，我们回访您一次。",
        "text_en": f"We ask how you fare within {TIME} of your visit.",
        "target_seconds": 72 * HOUR,
        "remedy": RemedyKind.VOUCHER,
        "remedy_value": Decimal("50.00"),
    },
    {
        "code": Code.COMPLAINT,
        "text_zh": f"收到您的投诉后，营业时间内 {TIME}给您答复；涉及安全等重大投诉，全天候计时。",
        "text_en": f"We answer a complaint within {TIME} of opening time; where safety is at stake, round the clock.",
        "target_seconds": 1 * HOUR,
        "remedy": RemedyKind.VOUCHER,
        "remedy_value": Decimal("100.00"),
    },
    {
        "code": Code.RESCUE,
        "text_zh": f"您求助后 {TIME}内，救援人员到达车旁（市区）。",
        "text_en": f"Within the city, help is at your car within {TIME} of your call.",
        "target_seconds": 1 * HOUR,
        "remedy": RemedyKind.VOUCHER,
        "remedy_value": Decimal("100.00"),
    },
]


def seed(store: Store) -> None:
    """Publish version 1 of every promise, inside the store's scope. Not for a store that has some."""
    now = clock.now()
    Commitment.objects.bulk_create(Commitment(store=store, version=1, published_at=now, **row) for row in ROWS)
