"""Of a booking: agreed, changed, near, missed; the waitlist; the code that proves a phone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from messaging.texts.wording import CALL, EN, ZH, Template, service

BOOKING: dict[str, Template] = {
    "appointment_confirmed": service(
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
    "appointment_changed": service(
        _("Booking changed"),
        "预约已变更",
        "Your booking has changed",
        ("您的预约已改为：{at}，车辆 {plate}。", "服务顾问 {advisor} 将接待您。", "查看或改约：{link}", CALL[ZH]),
        (
            "Your booking is now: {at}, car {plate}.",
            "{advisor} will receive you.",
            "See or change it: {link}",
            CALL[EN],
        ),
    ),
    "appointment_cancelled": service(
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
    "appointment_reminder": service(
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
    "appointment_soon": service(
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
    "appointment_missed": service(
        _("Booking missed"),
        "您错过了预约",
        "We missed you",
        ("您预约的 {at} 未能到店，车辆 {plate}。", "重新选择时间：{book_link}", CALL[ZH]),
        ("We missed you {at} with {plate}.", "Choose a new time: {book_link}", CALL[EN]),
    ),
    "waitlist_joined": service(
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
    "waitlist_offer": service(
        _("A free time offered"),
        "候补有空位了",
        "A time is free for you",
        (
            "您候补的预约有空位了：{at}，车辆 {plate}。",
            "请在 {until} 前点击确认，逾期将让给下一位：{link}",
            CALL[ZH],
        ),
        (
            "A time is free for you: {at}, car {plate}.",
            "Take it by {until}, then it goes to the next: {link}",
            CALL[EN],
        ),
    ),
    "waitlist_lapsed": service(
        _("No time found"),
        "候补未成功",
        "No time became free",
        ("很抱歉，您的爱车 {plate} 候补的日期没有等到空位，我们会致电与您另约时间。", "您也可以自行预约：{book_link}"),
        (
            "We are sorry: no time became free for your car {plate}. We will call you to find another one.",
            "Or choose a time yourself: {book_link}",
        ),
    ),
    "phone_code": service(
        _("One-time code"),
        "验证码",
        "Your code",
        ("您的验证码是 {code}，10 分钟内有效。", "请勿转告他人；如非本人操作请忽略。"),
        ("Your code is {code}; it holds for 10 minutes.", "Tell nobody. If it was not you who asked, do nothing."),
    ),
}
