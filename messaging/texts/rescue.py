"""To somebody who stands at the roadside."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from messaging.texts.wording import CALL, EN, ZH, Template, service

RESCUE: dict[str, Template] = {
    "rescue_received": service(
        _("Call for help received"),
        "救援请求已收到",
        "We have your call for help",
        (
            "您的救援请求已收到，编号 {number}，我们马上安排。",
            "请先确保人员安全：开双闪，放警示牌，人到护栏外等候。",
            "发送位置、查看进度：{link}",
            "值班电话：{duty_phone}。",
            CALL[ZH],
        ),
        (
            "We have your call for help, number {number}, and arrange it now.",
            "Safety first: hazard lights on, triangle out, wait behind the barrier.",
            "Send your position, see where we are: {link}",
            "Duty phone: {duty_phone}.",
            CALL[EN],
        ),
    ),
    "rescue_on_way": service(
        _("Help is coming"),
        "救援人员已安排",
        "Help is coming",
        (
            "救援 {number}：预计 {at} 前到达您的车旁。",
            "救援人员 {driver}。",
            "电话 {driver_phone}。",
            CALL[ZH],
        ),
        (
            "Rescue {number}: we expect to be with you by {at}.",
            "{driver} is coming.",
            "Phone: {driver_phone}.",
            CALL[EN],
        ),
    ),
}
