"""What we write to customers, in Chinese and English. Each text names its purpose: only `service` goes out without consent.

Parameters that are ISO times (ending in `at`) are shown in the store's zone; all others are printed as given.
"""

from __future__ import annotations

from dataclasses import dataclass

from customers.choices import Purpose


@dataclass(frozen=True)
class Text:
    zh: str
    en: str
    purpose: Purpose = Purpose.SERVICE
    subject_zh: str = ""
    subject_en: str = ""

    def body(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en

    def subject(self, language: str) -> str:
        return self.subject_zh if language.startswith("zh") else self.subject_en


TEXTS: dict[str, Text] = {
    "appointment_confirmed": Text(
        zh="【{store}】{plate} 已预约 {at} 到店，服务顾问 {advisor} 接待您。查看、改约或取消：{link}",
        en="[{store}] {plate} is booked for {at} with your advisor {advisor}. See, move or cancel: {link}",
        subject_zh="预约已确认",
        subject_en="Your appointment is confirmed",
    ),
    "appointment_changed": Text(
        zh="【{store}】{plate} 的预约已改为 {at}，服务顾问 {advisor} 接待您。详情：{link}",
        en="[{store}] The appointment of {plate} was moved to {at} with your advisor {advisor}. Details: {link}",
        subject_zh="预约已变更",
        subject_en="Your appointment was moved",
    ),
    "appointment_cancelled": Text(
        zh="【{store}】{plate} {at} 的预约已取消。需要时欢迎随时再约。",
        en="[{store}] The appointment of {plate} at {at} was cancelled. You are welcome to book again.",
        subject_zh="预约已取消",
        subject_en="Your appointment was cancelled",
    ),
    "appointment_reminder": Text(
        zh="【{store}】提醒：{plate} 预约 {at} 到店，服务顾问 {advisor}。改约或取消：{link}",
        en="[{store}] Reminder: {plate} is booked for {at} with {advisor}. Move or cancel: {link}",
        subject_zh="预约提醒",
        subject_en="Your appointment is coming",
    ),
    "visit_link": Text(
        zh="【{store}】{plate} 的维修进度、增项确认和账单都在这里：{link}",
        en="[{store}] Progress, approvals and the bill of {plate} in one place: {link}",
        subject_zh="您的维修进度",
        subject_en="Your visit",
    ),
    "approval_asked": Text(
        zh="【{store}】{plate} 有 {items} 个项目需要您确认，合计 {total} 元。未经您同意不会施工，也不会收费：{link}",
        en="[{store}] {items} item(s) on {plate}, {total} yuan in all, need your word. Nothing is done or charged without it: {link}",
        subject_zh="请确认维修项目",
        subject_en="Please approve the work",
    ),
    "promise_changed": Text(
        zh="【{store}】{plate} 的交车时间调整为 {at}。给您带来不便，我们很抱歉。详情：{link}",
        en="[{store}] {plate} will be ready at {at} instead. We are sorry. Details: {link}",
        subject_zh="交车时间变更",
        subject_en="New ready time",
    ),
    "progress": Text(
        zh="【{store}】{plate}：{text}",
        en="[{store}] {plate}: {text}",
        subject_zh="维修进度",
        subject_en="Progress of your car",
    ),
    "part_arrived": Text(
        zh="【{store}】{plate} 所需配件已到店，我们将尽快安排施工。",
        en="[{store}] The part for {plate} has arrived; we go on with the work as soon as we can.",
        subject_zh="配件已到",
        subject_en="Your part has arrived",
    ),
    "car_ready": Text(
        zh="【{store}】{plate} 已完工，可以来取车了。",
        en="[{store}] {plate} is ready to be collected.",
        subject_zh="可以取车了",
        subject_en="Your car is ready",
    ),
    "follow_up_thanks": Text(
        zh="【{store}】感谢您的反馈，我们会认真对待您说的每一句话。",
        en="[{store}] Thank you for telling us. Every word is taken seriously.",
        subject_zh="感谢反馈",
        subject_en="Thank you",
    ),
    "case_received": Text(
        zh="【{store}】您反映的问题已登记（{number}），我们会在 {at} 前联系您。",
        en="[{store}] Your complaint was registered ({number}); we contact you by {at}.",
        subject_zh="问题已登记",
        subject_en="We have your complaint",
    ),
}
