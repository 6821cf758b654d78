"""After the visit: calls, complaints, questions asked of customers, and when the car is due again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from customers.choices import Purpose
from messaging.texts.wording import CALL, EN, ZH, Template, service

AFTERWARDS: dict[str, Template] = {
    "follow_up_thanks": service(
        _("Thanks after the call"),
        "感谢您的反馈",
        "Thank you",
        (
            "感谢您接听我们的回访电话。",
            "您提出的问题已登记，{advisor} 会跟进。",
            "用车中有任何问题，请致电 {store_phone}。",
        ),
        (
            "Thank you for taking our call.",
            "What you told us is noted; {advisor} looks after it.",
            "Whatever comes up, call {store_phone}.",
        ),
    ),
    "follow_up_missed": service(
        _("Could not reach you"),
        "回访未接通",
        "We tried to call you",
        ("我们曾致电回访您的爱车 {plate} 的维修情况，未能接通。", "如有任何问题，请致电 {store_phone}。"),
        ("We tried to call you about the work on your car {plate}.", "If anything is wrong, call {store_phone}."),
    ),
    "case_received": service(
        _("Complaint received"),
        "您的反馈已受理",
        "We have your complaint",
        ("您反馈的问题我们已受理，编号 {number}。", "我们将于 {at} 前答复您。", "查看处理进度：{link}", CALL[ZH]),
        (
            "We have received what you told us, number {number}.",
            "You will hear from us by {at}.",
            "See where it stands: {link}",
            CALL[EN],
        ),
    ),
    "case_answered": service(
        _("Complaint answered"),
        "您的反馈已答复",
        "An answer to your complaint",
        ("您反馈的问题（编号 {number}）我们已答复：{text}", CALL[ZH]),
        ("An answer to your complaint {number}: {text}", CALL[EN]),
    ),
    "case_offer": service(
        _("Offer to make it good"),
        "针对您反馈的处理方案",
        "Our offer to you",
        ("您反馈的问题（编号 {number}）已有处理方案，请查看并告知是否接受：{link}", CALL[ZH]),
        (
            "We have an offer for your complaint {number}. Please see it and tell us whether you accept: {link}",
            CALL[EN],
        ),
    ),
    "survey_invitation": Template(
        _("Survey"),
        Purpose.SURVEY,
        {ZH: "服务满意度调查", EN: "How did we do?"},
        {
            ZH: ("邀请您花一分钟评价本次服务：{link}", "打开链接即可退订。"),
            EN: ("Please take a minute to tell us how we did: {link}", "The page lets you end such questions."),
        },
    ),
    "maintenance_due": Template(
        _("Service due"),
        Purpose.MARKETING,
        {ZH: "保养提醒", EN: "Service due"},
        {
            ZH: (
                "您的爱车 {plate} 预计 {day} 到保养期。",
                "到期项目：{what}。",
                "按近期日均行驶约 {km_per_day} 公里推算。",
                "上次保养时间为 {since}。",
                "预计用时 {hours} 小时。",
                "参考费用 {price} 元。",
                "在线预约：{book_link} 。",
                "不再接收此类提醒：{stop_link}",
            ),
            EN: (
                "Your car {plate} is due for service about {day}.",
                "What is due: {what}.",
                "Reckoned from about {km_per_day} km a day lately.",
                "Your last service was on {since}.",
                "It takes about {hours} h.",
                "It costs about {price} yuan.",
                "Book online: {book_link} .",
                "No more reminders: {stop_link}",
            ),
        },
    ),
    "win_back": Template(
        _("Win back"),
        Purpose.MARKETING,
        {ZH: "好久不见", EN: "We miss you"},
        {
            ZH: (
                "您的爱车 {plate} 自 {day} 之后未再到店，建议安排一次检查保养。",
                "建议项目：{what}。",
                "预计用时 {hours} 小时。",
                "参考费用 {price} 元。",
                "在线预约：{book_link} 。",
                "不再接收此类提醒：{stop_link}",
            ),
            EN: (
                "We have not seen your car {plate} since {day}; it is time to have it looked at.",
                "We suggest: {what}.",
                "It takes about {hours} h.",
                "It costs about {price} yuan.",
                "Book online: {book_link} .",
                "No more reminders: {stop_link}",
            ),
        },
    ),
}
