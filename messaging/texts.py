"""What the store writes to its customers, in Chinese and English, each text with its purpose.

A text is a row of sentences. The first one says what it is about and needs all its parameters; a later sentence is left out
when one of its parameters is missing. Parameters are typed by name: see `_KINDS`. The store's name and phone are always there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from string import Formatter

from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import format_money
from customers.choices import CustomerKind, Gender, Purpose
from customers.models import Customer
from stores.models import Store

ZH, EN = "zh-hans", "en"


@dataclass(frozen=True)
class Template:
    """A text in both languages; `subject` is used by channels that have one (e-mail, WeChat card)."""

    title: str
    purpose: Purpose
    subject: dict[str, str]
    sentences: dict[str, tuple[str, ...]]


def _service(title, subject_zh, subject_en, zh: tuple[str, ...], en: tuple[str, ...]) -> Template:
    return Template(title, Purpose.SERVICE, {ZH: subject_zh, EN: subject_en}, {ZH: zh, EN: en})


_CALL = {ZH: "如有疑问请致电 {store_phone}。", EN: "Questions? Call {store_phone}."}

TEMPLATES: dict[str, Template] = {
    "appointment_confirmed": _service(
        _("Booking confirmed"),
        "预约成功",
        "Your booking is confirmed",
        (
            "您的预约已确认：{at}，车辆 {plate}。",
            "服务项目：{work}。",
            "服务顾问 {advisor} 将接待您。",
            "预计 {ready_about} 可取车，以接车时承诺为准。",
            "费用约 {price_about} 元，以检查后报价为准。",
            "请携带：{bring}。",
            "服务顾问电话 {advisor_phone}。",
            "查看或改约：{link}",
            "到店地址：{store_address}。",
        ),
        (
            "Your booking is confirmed: {at}, car {plate}.",
            "Work: {work}.",
            "{advisor} will receive you.",
            "Expected ready {ready_about}; the advisor promises the time at reception.",
            "About {price_about} yuan; the quotation follows after a look at the car.",
            "Please bring: {bring}.",
            "Phone: {advisor_phone}.",
            "See or change it: {link}",
            "Where: {store_address}.",
        ),
    ),
    "appointment_changed": _service(
        _("Booking changed"),
        "预约已变更",
        "Your booking has changed",
        ("您的预约已改为：{at}，车辆 {plate}。", "服务顾问 {advisor} 将接待您。", "查看或改约：{link}", _CALL[ZH]),
        (
            "Your booking is now: {at}, car {plate}.",
            "{advisor} will receive you.",
            "See or change it: {link}",
            _CALL[EN],
        ),
    ),
    "appointment_cancelled": _service(
        _("Booking cancelled"),
        "预约已取消",
        "Your booking is cancelled",
        (
            "您的预约已取消，车辆 {plate}。",
            "原预约时间：{at}。",
            "重新预约：{book_link}",
            "如需重新预约请致电 {store_phone}。",
        ),
        (
            "Your booking for {plate} is cancelled.",
            "It was for {at}.",
            "Book again: {book_link}",
            "To book again call {store_phone}.",
        ),
    ),
    "appointment_reminder": _service(
        _("Booking reminder"),
        "预约提醒",
        "Reminder of your booking",
        (
            "提醒您：{at} 到店，车辆 {plate}。",
            "服务顾问 {advisor} 将接待您。",
            "需要改约请点击：{link}",
            "请携带行驶证，并取走车内贵重物品。",
        ),
        (
            "A reminder: we expect you {at} with {plate}.",
            "{advisor} will receive you.",
            "To change it: {link}",
            "Please bring the vehicle licence and take valuables out of the car.",
        ),
    ),
    "appointment_soon": _service(
        _("Booking within the hour"),
        "即将到店提醒",
        "We expect you soon",
        (
            "您预约的到店时间是今天 {clock}，车辆 {plate}。",
            "请将车停到 {parking} 号接待车位。",
            "服务顾问 {advisor} 将接待您。",
            "路上有变化请点击：{link}",
            "到店地址：{store_address}。",
        ),
        (
            "We expect you today at {clock} with {plate}.",
            "Please park on space {parking}.",
            "{advisor} will receive you.",
            "If you are held up: {link}",
            "Where: {store_address}.",
        ),
    ),
    "appointment_missed": _service(
        _("Booking missed"),
        "您错过了预约",
        "We missed you",
        ("您预约的 {at} 未能到店，车辆 {plate}。", "重新选择时间：{book_link}", _CALL[ZH]),
        ("We missed you {at} with {plate}.", "Choose a new time: {book_link}", _CALL[EN]),
    ),
    "waitlist_joined": _service(
        _("On the waitlist"),
        "已加入候补",
        "You are on the waitlist",
        (
            "您的爱车 {plate} 已加入预约候补。",
            "候补日期：{day}。",
            "有空位时我们会按顺序通知您，请在有效时间内确认。",
            "查看或取消候补：{link}",
        ),
        (
            "Your car {plate} is on our waitlist.",
            "From {day}.",
            "As soon as a time is free and it is your turn, you hear from us.",
            "See or withdraw it: {link}",
        ),
    ),
    "waitlist_offer": _service(
        _("A free time offered"),
        "候补有空位了",
        "A time is free for you",
        (
            "您候补的预约有空位了：{at}，车辆 {plate}。",
            "请在 {until} 前点击确认，逾期将让给下一位：{link}",
            _CALL[ZH],
        ),
        (
            "A time is free for you: {at}, car {plate}.",
            "Take it by {until}, then it goes to the next: {link}",
            _CALL[EN],
        ),
    ),
    "waitlist_lapsed": _service(
        _("No time found"),
        "候补未成功",
        "No time became free",
        ("很抱歉，您的爱车 {plate} 候补的日期没有等到空位，我们会致电与您另约时间。", "您也可以自行预约：{book_link}"),
        (
            "We are sorry: no time became free for your car {plate}. We will call you to find another one.",
            "Or choose a time yourself: {book_link}",
        ),
    ),
    "phone_code": _service(
        _("One-time code"),
        "验证码",
        "Your code",
        ("您的验证码是 {code}，10 分钟内有效。", "请勿转告他人；如非本人操作请忽略。"),
        ("Your code is {code}; it holds for 10 minutes.", "Tell nobody. If it was not you who asked, do nothing."),
    ),
    "visit_link": _service(
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
    "link_again": _service(
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
    "approval_asked": _service(
        _("Approval asked for"),
        "维修项目待您确认",
        "Please decide on the work",
        (
            "您的爱车 {plate} 有 {items} 个项目待您确认，合计 ¥{total}。",
            "请点击查看照片和说明并逐项确认：{link}",
            "未经您同意我们不会施工。",
            _CALL[ZH],
        ),
        (
            "{items} item(s) for your car {plate} wait for your decision, ¥{total} in all.",
            "See pictures and decide item by item: {link}",
            "Nothing is done without your consent.",
            _CALL[EN],
        ),
    ),
    "promise_changed": _service(
        _("New ready time"),
        "交车时间变更",
        "New ready time",
        ("很抱歉，您的爱车 {plate} 预计完工时间改为 {at}。", "原因：{reason}。", "查看进度：{link}", _CALL[ZH]),
        (
            "We are sorry: your car {plate} is now expected to be ready {at}.",
            "Reason: {reason}.",
            "Progress: {link}",
            _CALL[EN],
        ),
    ),
    "progress": _service(
        _("How things stand"),
        "维修进度",
        "How things stand",
        ("您的爱车 {plate}：{text}", "预计完工时间：{at}。", "查看进度：{link}"),
        ("Your car {plate}: {text}", "Expected to be ready: {at}.", "Progress: {link}"),
    ),
    "car_ready": _service(
        _("Car ready"),
        "爱车已完工",
        "Your car is ready",
        (
            "您的爱车 {plate} 已完工，可以来店取车了。",
            "应付金额 ¥{total}。",
            "费用明细：{link}",
            "营业至 {closes}。",
            _CALL[ZH],
        ),
        (
            "Your car {plate} is ready to be collected.",
            "Amount due: ¥{total}.",
            "The bill: {link}",
            "We are open until {closes}.",
            _CALL[EN],
        ),
    ),
    "part_arrived": _service(
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
    "left_behind": _service(
        _("Something left in the store"),
        "物品遗留提醒",
        "You left something with us",
        ("您在本店遗留了物品：{text}，我们已为您保管。", _CALL[ZH]),
        ("You left something with us: {text}. We keep it for you.", _CALL[EN]),
    ),
    "follow_up_thanks": _service(
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
    "follow_up_missed": _service(
        _("Could not reach you"),
        "回访未接通",
        "We tried to call you",
        ("我们曾致电回访您的爱车 {plate} 的维修情况，未能接通。", "如有任何问题，请致电 {store_phone}。"),
        ("We tried to call you about the work on your car {plate}.", "If anything is wrong, call {store_phone}."),
    ),
    "rescue_received": _service(
        _("Call for help received"),
        "救援请求已收到",
        "We have your call for help",
        (
            "您的救援请求已收到，编号 {number}，我们马上安排。",
            "请先确保人员安全：开双闪，放警示牌，人到护栏外等候。",
            "发送位置、查看进度：{link}",
            "值班电话：{duty_phone}。",
            _CALL[ZH],
        ),
        (
            "We have your call for help, number {number}, and arrange it now.",
            "Safety first: hazard lights on, triangle out, wait behind the barrier.",
            "Send your position, see where we are: {link}",
            "Duty phone: {duty_phone}.",
            _CALL[EN],
        ),
    ),
    "rescue_on_way": _service(
        _("Help is coming"),
        "救援人员已安排",
        "Help is coming",
        (
            "救援 {number}：预计 {at} 前到达您的车旁。",
            "救援人员 {driver}。",
            "电话 {driver_phone}。",
            _CALL[ZH],
        ),
        (
            "Rescue {number}: we expect to be with you by {at}.",
            "{driver} is coming.",
            "Phone: {driver_phone}.",
            _CALL[EN],
        ),
    ),
    "case_received": _service(
        _("Complaint received"),
        "您的反馈已受理",
        "We have your complaint",
        ("您反馈的问题我们已受理，编号 {number}。", "我们将于 {at} 前答复您。", "查看处理进度：{link}", _CALL[ZH]),
        (
            "We have received what you told us, number {number}.",
            "You will hear from us by {at}.",
            "See where it stands: {link}",
            _CALL[EN],
        ),
    ),
    "case_answered": _service(
        _("Complaint answered"),
        "您的反馈已答复",
        "An answer to your complaint",
        ("您反馈的问题（编号 {number}）我们已答复：{text}", _CALL[ZH]),
        ("An answer to your complaint {number}: {text}", _CALL[EN]),
    ),
    "case_offer": _service(
        _("Offer to make it good"),
        "针对您反馈的处理方案",
        "Our offer to you",
        ("您反馈的问题（编号 {number}）已有处理方案，请查看并告知是否接受：{link}", _CALL[ZH]),
        (
            "We have an offer for your complaint {number}. Please see it and tell us whether you accept: {link}",
            _CALL[EN],
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

# Parameters that are not plain text. Everything else is put in as it is.
_KINDS = {
    "at": "time",
    "day": "day",
    "closes": "clock",
    "clock": "clock",
    "until": "time",
    "total": "money",
    "ready_about": "time",
}
# Chosen texts are cut to this, so that a message stays a message.
_LONGEST = 300
# A new car has none yet.
_NO_PLATE = {ZH: "（未上牌）", EN: "(no plate yet)"}
_WEEKDAYS = "一二三四五六日"


def template(code: str) -> Template:
    """The template of a code; LookupError for one that does not exist (a programming error, found by the tests)."""
    try:
        return TEMPLATES[code]
    except KeyError:
        raise LookupError(f"no such message template: {code!r}") from None


def language_of(customer: Customer | None) -> str:
    """The language a customer is written in: one of the two we have."""
    return EN if customer is not None and customer.language.lower().startswith("en") else ZH


def render(
    code: str, *, store: Store, customer: Customer | None, params: Mapping[str, object], language: str
) -> tuple[str, str]:
    """(subject, body) of a message. ValueError if the first sentence lacks a parameter."""
    chosen = template(code)
    words = {
        "store": _store_name(store, language),
        "store_phone": store.phone,
        "store_address": store.address,
        **{name: _shown(name, value, store, language) for name, value in params.items()},
    }
    if "plate" in words and not words["plate"]:
        words["plate"] = _NO_PLATE[language]
    lead, *others = chosen.sentences[language]
    if missing := _lacking(lead, words):
        raise ValueError(f"message {code!r} needs {sorted(missing)}")
    said = [lead.format(**words), *(sentence.format(**words) for sentence in others if not _lacking(sentence, words))]
    joint = "" if language == ZH else " "
    return chosen.subject[
        language
    ], f"{_sign(words['store'], language)}{_greeting(customer, language)}{joint.join(said)}"


def stored(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as JSON: times as ISO 8601 with offset, amounts as text."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else str(value) if isinstance(value, Decimal) else value
        for name, value in params.items()
    }


def _lacking(sentence: str, words: Mapping[str, str]) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name and not words.get(name)}


def _shown(name: str, value: object, store: Store, language: str) -> str:
    if value is None or value == "":
        return ""
    kind = _KINDS.get(name)
    if kind == "money":
        return format_money(value if isinstance(value, Decimal) else str(value).replace(",", ""))
    if kind and isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value):
        value = datetime.fromisoformat(value)
    if kind and isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(store.tz)
    if kind == "time" and isinstance(value, datetime):
        return f"{_day(value, language)} {value:%H:%M}"
    if kind == "day" and hasattr(value, "weekday"):
        return _day(value, language, year=value.year != clock.local_day(store.tz).year)
    if kind == "clock" and hasattr(value, "strftime"):
        return f"{value:%H:%M}"
    return " ".join(str(value).split())[:_LONGEST]


def _day(value, language: str, *, year: bool = False) -> str:
    """With its year where it is of another one: “since 24 August” would be read as this one's."""
    if language == ZH:
        begins = f"{value.year}年" if year else ""
        return f"{begins}{value.month}月{value.day}日（周{_WEEKDAYS[value.weekday()]}）"
    return f"{value:%a} {value.day} {value:%b}" + (f" {value.year}" if year else "")


def _store_name(store: Store, language: str) -> str:
    return (store.name_en or store.name_zh) if language == EN else store.name_zh


def _sign(name: str, language: str) -> str:
    # The signature that Chinese operators demand in front of an SMS.
    return f"【{name}】" if language == ZH else f"[{name}] "


def _greeting(customer: Customer | None, language: str) -> str:
    if customer is None:
        return ""
    person = customer.kind == CustomerKind.PERSON
    if language == ZH:
        title = {Gender.MALE: "先生", Gender.FEMALE: "女士"}.get(customer.gender, "") if person else ""
        return f"{customer.name}{title}，您好！"
    title = {Gender.MALE: "Mr ", Gender.FEMALE: "Ms "}.get(customer.gender, "") if person else ""
    return f"Dear {title}{customer.name}, "
