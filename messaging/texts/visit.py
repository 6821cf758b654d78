"""While the car is in the store, until it is collected."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from messaging.texts.wording import CALL, EN, ZH, Template, service

VISIT: dict[str, Template] = {
    "visit_link": service(
        _("Link to the visit"),
        "维修进度查询",
        "Follow your car's visit",
        (
            "您的爱车 {plate} 已进店。",
            "预计完工时间：{at}。",
            "进度、费用和照片随时查看：{link}",
            "服务顾问 {advisor}。",
        ),
        (
            "Your car {plate} is with us.",
            "Expected to be ready: {at}.",
            "Progress, costs and pictures: {link}",
            "Your advisor: {advisor}.",
        ),
    ),
    "link_again": service(
        _("Link to the visit, once more"),
        "维修进度查询",
        "Follow your car's visit",
        (
            "您的爱车 {plate} 的进度、费用和单据都在这里：{link}",
            "服务顾问 {advisor}。",
        ),
        (
            "Progress, costs and papers of your car {plate}: {link}",
            "Your advisor: {advisor}.",
        ),
    ),
    "approval_asked": service(
        _("Approval asked for"),
        "维修项目待您确认",
        "Please decide on the work",
        (
            "您的爱车 {plate} 有 {items} 个项目待您确认，合计 ¥{total}。",
            "请点击查看照片和说明并逐项确认：{link}",
            "未经您同意我们不会施工。",
            CALL[ZH],
        ),
        (
            "{items} item(s) for your car {plate} wait for your decision, ¥{total} in all.",
            "See pictures and decide item by item: {link}",
            "Nothing is done without your consent.",
            CALL[EN],
        ),
    ),
    "promise_changed": service(
        _("New ready time"),
        "交车时间变更",
        "New ready time",
        ("很抱歉，您的爱车 {plate} 预计完工时间改为 {at}。", "原因：{reason}。", "查看进度：{link}", CALL[ZH]),
        (
            "We are sorry: your car {plate} is now expected to be ready {at}.",
            "Reason: {reason}.",
            "Progress: {link}",
            CALL[EN],
        ),
    ),
    "progress": service(
        _("How things stand"),
        "维修进度",
        "How things stand",
        ("您的爱车 {plate}：{text}", "预计完工时间：{at}。", "查看进度：{link}"),
        ("Your car {plate}: {text}", "Expected to be ready: {at}.", "Progress: {link}"),
    ),
    "car_ready": service(
        _("Car ready"),
        "爱车已完工",
        "Your car is ready",
        (
            "您的爱车 {plate} 已完工，可以来店取车了。",
            "应付金额 ¥{total}。",
            "费用明细：{link}",
            "营业至 {closes}。",
            CALL[ZH],
        ),
        (
            "Your car {plate} is ready to be collected.",
            "Amount due: ¥{total}.",
            "The bill: {link}",
            "We are open until {closes}.",
            CALL[EN],
        ),
    ),
    "part_arrived": service(
        _("Part arrived"),
        "配件已到",
        "Your part has arrived",
        (
            "您的爱车 {plate} 所需配件已到店，我们将尽快安排施工。",
            "预计完工时间：{at}。",
            "请回电约定到店时间：{store_phone}。",
        ),
        (
            "The part for your car {plate} has arrived; we go on with the work as soon as we can.",
            "Expected to be ready: {at}.",
            "To arrange a time call {store_phone}.",
        ),
    ),
    "left_behind": service(
        _("Something left in the store"),
        "物品遗留提醒",
        "You left something with us",
        ("您在本店遗留了物品：{text}，我们已为您保管。", CALL[ZH]),
        ("You left something with us: {text}. We keep it for you.", CALL[EN]),
    ),
}
