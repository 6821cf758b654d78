"""The words operations are written in: an operation, the kinds of steps, and steps that many of them end with."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from catalogue.choices import RepairCategory, StepKind
from stores.choices import Skill

MAINTENANCE, MINOR = RepairCategory.MAINTENANCE, RepairCategory.MINOR


@dataclass(frozen=True)
class Op:
    name_zh: str
    name_en: str
    hours: str
    parts: list[tuple[str, str]] = field(default_factory=list)
    steps: list[dict] = field(default_factory=list)
    skill: Skill = Skill.MECHANICAL
    category: RepairCategory = MAINTENANCE
    key: bool = False


def tick(zh: str, en: str, required: bool = True) -> dict:
    return {"name_zh": zh, "name_en": en, "kind": StepKind.TICK, "required": required}


def value(zh: str, en: str, unit: str, low: str | None, high: str | None, required: bool = True) -> dict:
    limits = {"low": Decimal(low) if low else None, "high": Decimal(high) if high else None}
    return {"name_zh": zh, "name_en": en, "kind": StepKind.VALUE, "unit": unit, "required": required, **limits}


def photo(zh: str, en: str) -> dict:
    return {"name_zh": zh, "name_en": en, "kind": StepKind.PHOTO, "required": False}


def text(zh: str, en: str, required: bool = True) -> dict:
    return {"name_zh": zh, "name_en": en, "kind": StepKind.TEXT, "required": required}


# Key steps of the process inspection (过程检验): of brakes, steering, airbags and high voltage. Of a safety-critical
# operation these take a second person's signature.
KEY_STEPS = frozenset(
    {
        "踏板行程正常",
        "制动磨合及路试",
        "制动率",
        "锁紧螺母扭矩",
        "方向盘居中、路试不跑偏",
        "断电、挂牌、验电（高压作业）",
        "绝缘电阻",
        "气囊系统自检无故障",
    }
)

# Steps that many operations end with
WHEELS_ON = value("车轮螺栓扭矩", "Wheel bolt torque", "N·m", "100", "140")
NO_LEAKS = tick("热车检查无渗漏", "Warm engine: no leaks")
CODES_CLEARED = tick("清除故障码并复位保养灯", "Fault codes cleared, service indicator reset")
PRESSURES = value("胎压调整至", "Tyre pressure set to", "kPa", "200", "320")
POWER_OFF = tick("断电、挂牌、验电（高压作业）", "Power off, locked out, voltage checked")
INSULATION = value("绝缘电阻", "Insulation resistance", "MΩ", "1", None)
BED_IN = tick("制动磨合及路试", "Brakes bedded in, road test")

OIL = [
    tick("放尽旧油，更换放油垫片", "Old oil drained, new drain washer"),
    value("放油螺栓扭矩", "Drain plug torque", "N·m", "20", "50"),
    value("加注量", "Oil filled in", "L", "3", "8"),
    NO_LEAKS,
    CODES_CLEARED,
]
