"""What a text is: sentences in both languages, and why it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from customers.choices import Purpose

ZH, EN = "zh-hans", "en"


@dataclass(frozen=True)
class Template:
    """A text in both languages; `subject` is used by channels that have one (e-mail, WeChat card)."""

    title: str
    purpose: Purpose
    subject: dict[str, str]
    sentences: dict[str, tuple[str, ...]]


def service(title, subject_zh, subject_en, zh: tuple[str, ...], en: tuple[str, ...]) -> Template:
    return Template(title, Purpose.SERVICE, {ZH: subject_zh, EN: subject_en}, {ZH: zh, EN: en})


CALL = {ZH: "如有疑问请致电 {store_phone}。", EN: "Questions? Call {store_phone}."}
