"""The questionnaire a new store starts with: five factors (domain.md 3.1), questions of Chinese dealers' programmes (3.6).

The three required questions come first and are what a short phone call asks; the rest says why.
"""

from __future__ import annotations

from core import clock
from stores.models import Store
from surveys.choices import FactorCode, ItemKind
from surveys.models import Factor, Item, Questionnaire

FACTORS = {
    FactorCode.INITIATION: (15, "服务启动", "Service initiation"),
    FactorCode.ADVISOR: (20, "服务顾问", "Service advisor"),
    FactorCode.FACILITY: (15, "服务设施", "Service facility"),
    FactorCode.PICKUP: (18, "交车", "Vehicle pick-up"),
    FactorCode.QUALITY: (32, "服务质量", "Service quality"),
}

ITEMS = (
    (None, ItemKind.SCALE, "总体来说，您对本次服务的满意程度？", "All in all, how satisfied are you with this visit?"),
    (None, ItemKind.NPS, "您有多大可能把我们推荐给亲友？", "How likely are you to recommend us to friends and family?"),
    (
        None,
        ItemKind.YES_NO,
        "车辆或服务还有没有需要我们处理的问题？",
        "Is there anything about the car or the service that we should put right?",
    ),
    (FactorCode.INITIATION, ItemKind.SCALE, "预约和登记方便快捷", "Booking and signing in were easy and quick"),
    (
        FactorCode.INITIATION,
        ItemKind.SCALE,
        "到店后及时有人主动接待",
        "Somebody attended to you promptly when you arrived",
    ),
    (FactorCode.ADVISOR, ItemKind.SCALE, "服务顾问的态度和礼貌", "The advisor was friendly and polite"),
    (
        FactorCode.ADVISOR,
        ItemKind.SCALE,
        "认真了解您的需求，环车检查专业",
        "He asked what you needed and looked over the car with you properly",
    ),
    (
        FactorCode.ADVISOR,
        ItemKind.SCALE,
        "维修项目和费用解释清楚、公开透明",
        "Work and price were explained clearly and openly",
    ),
    (FactorCode.FACILITY, ItemKind.SCALE, "停车和进出方便，有人引导", "Parking and getting in and out were easy"),
    (FactorCode.FACILITY, ItemKind.SCALE, "休息区整洁舒适", "The lounge was clean and comfortable"),
    (FactorCode.PICKUP, ItemKind.SCALE, "按约定时间交车", "The car was ready at the promised time"),
    (
        FactorCode.PICKUP,
        ItemKind.SCALE,
        "交车时说明维修结果和费用",
        "The work done and the bill were explained at pick-up",
    ),
    (
        FactorCode.PICKUP,
        ItemKind.SCALE,
        "交车时车辆整洁，座椅、后视镜等已复位",
        "The car was clean, and seat and mirrors were set back",
    ),
    (FactorCode.QUALITY, ItemKind.SCALE, "问题一次解决", "The fault was fixed the first time"),
    (
        FactorCode.QUALITY,
        ItemKind.SCALE,
        "维修过程透明，主动告知进度",
        "You could follow the work and were told how it went",
    ),
    (FactorCode.QUALITY, ItemKind.SCALE, "完成全部工作所用的时间", "The time it took to finish everything"),
    (None, ItemKind.TEXT, "您还想对我们说些什么？", "What else would you like to tell us?"),
)


def seed(store: Store) -> None:
    """Publish version 1, inside the store's scope and a transaction. Not for a store that has a questionnaire."""
    place(store.pk, Questionnaire.objects, Factor.objects, Item.objects)


def place(store_id: int, questionnaires, factors, items) -> None:
    """Write version 1 through these managers (a migration has its own)."""
    now = clock.now()
    questionnaire = questionnaires.create(store_id=store_id, version=1, created_at=now, published_at=now)
    made = factors.bulk_create(
        factors.model(store_id=store_id, questionnaire=questionnaire, code=code, weight=weight, name_zh=zh, name_en=en)
        for code, (weight, zh, en) in FACTORS.items()
    )
    by_code = {factor.code: factor for factor in made}
    items.bulk_create(
        items.model(
            store_id=store_id,
            questionnaire=questionnaire,
            factor=by_code.get(code),
            kind=kind,
            position=position,
            text_zh=zh,
            text_en=en,
            required=code is None and kind != ItemKind.TEXT,
            asks_problem=kind == ItemKind.YES_NO,
        )
        for position, (code, kind, zh, en) in enumerate(ITEMS, start=1)
    )
