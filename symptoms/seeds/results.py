"""What a path through the tree means: how urgent, what the driver should do until then, which operations are likely."""

from __future__ import annotations

from dataclasses import dataclass

from symptoms.choices import Urgency


@dataclass(frozen=True)
class Meaning:
    urgency: Urgency
    name_zh: str
    name_en: str
    likely: tuple[str, ...]
    advice_zh: str = ""
    advice_en: str = ""


def stop(zh: str, en: str, likely: str, advice_zh: str, advice_en: str) -> Meaning:
    return Meaning(Urgency.STOP, zh, en, tuple(likely.split()), advice_zh, advice_en)


def days(zh: str, en: str, likely: str, advice_zh: str = "", advice_en: str = "") -> Meaning:
    return Meaning(Urgency.DAYS, zh, en, tuple(likely.split()), advice_zh, advice_en)


def later(zh: str, en: str, likely: str, advice_zh: str = "", advice_en: str = "") -> Meaning:
    return Meaning(Urgency.NEXT_VISIT, zh, en, tuple(likely.split()), advice_zh, advice_en)


_PULL_OVER = (
    "请靠边停车、熄火，不要再行驶，马上联系我们。",
    "Pull over, switch off, do not drive on, and call us at once.",
)
_TOWED = ("请不要启动或行驶，我们安排救援或拖车。", "Do not start or drive the car; we send help or a tow truck.")
_GENTLY = ("可以慢速开来，请避免高速和急刹车。", "You can drive here gently; avoid high speed and hard braking.")

RESULTS: dict[str, Meaning] = {
    # Lamps
    "oil-pressure": stop("机油压力过低", "Oil pressure too low", "B001 X001", *_PULL_OVER),
    "overheat": stop("发动机过热", "Engine too hot", "B007 F005 F002", *_PULL_OVER),
    "charging": days(
        "充电系统故障",
        "Charging system fault",
        "E004 F001 E001",
        "请关闭空调和多余用电，尽快到店；熄火后可能无法再启动。",
        "Switch off what you do not need and come soon; it may not start again.",
    ),
    "misfire": stop("发动机缺火", "Engine misfires", "F004 B009 X001", *_PULL_OVER),
    "engine-lamp": days("发动机电控故障", "Engine control fault", "X001 B009 B012"),
    "unknown-red": stop("红色警告灯", "Red warning lamp", "X001", *_PULL_OVER),
    "unknown-yellow": days("黄色提示灯", "Yellow warning lamp", "X001"),
    "tyre-flat": stop(
        "轮胎严重漏气",
        "Tyre flat",
        "L003 L002",
        "请靠边停车，更换备胎或联系我们救援。",
        "Pull over; fit the spare wheel or call us.",
    ),
    "tyre-slow": days("轮胎慢漏气", "Tyre loses air slowly", "L003 L002", "请先补足气压再行驶。", "Inflate it first."),
    # Brakes
    "brake-fail": stop("制动失效风险", "Brakes may fail", "B006 Z004 X001", *_TOWED),
    "brake-metal": stop("制动片磨到金属", "Brake pads worn to the metal", "Z003 Z001 Z004", *_TOWED),
    "brake-wear": days("制动片磨损", "Brake pads worn", "Z001 Z002 Z003", *_GENTLY),
    "brake-disc": days("制动盘变形", "Brake discs warped", "Z003 Z001", *_GENTLY),
    "brake-drag": days("单侧制动卡滞", "One brake drags", "Z004 L004", *_GENTLY),
    # Noises
    "suspension": days("悬架松旷异响", "Suspension worn", "D002 D001 X002"),
    "steering": days("转向拉杆磨损", "Steering joint worn", "D003 D002 L004", *_GENTLY),
    "wheel-bearing": days("轮毂轴承磨损", "Wheel bearing worn", "D004", *_GENTLY),
    "tyre-noise": later("轮胎偏磨噪声", "Uneven tyre wear", "L001 L004 L002"),
    "belt": days("皮带打滑", "Belt slips", "F001"),
    "engine-knock": stop("发动机敲击", "Engine knocks", "X001 B001", *_PULL_OVER),
    "noise": days("需要路试查找的异响", "A noise to be found on a test drive", "X002"),
    # Leaks, smells
    "condensate": later(
        "空调冷凝水", "Water of the air conditioning", "B013", "开空调时滴清水属于正常。", "Clear water is normal."
    ),
    "oil-leak": days("机油渗漏", "Oil leak", "F003 B001", "请每天检查机油尺。", "Look at the dipstick every day."),
    "coolant-leak": stop("冷却液泄漏", "Coolant leak", "B007 F005 F002", *_PULL_OVER),
    "brake-fluid": stop("制动液泄漏", "Brake fluid leak", "B006 Z004", *_TOWED),
    "fuel": stop("燃油泄漏", "Fuel leak", "X001 B010", *_TOWED),
    "smoke": stop("冒烟或焦味", "Smoke or a burning smell", "X001", *_PULL_OVER),
    # Starting
    "battery": days("蓄电池亏电或老化", "Battery flat or old", "E001 E004"),
    "starter": days("起动机故障", "Starter motor fault", "E003 E001", *_TOWED),
    "no-start": days("能转动但不着车", "Turns but does not fire", "X001 B009 B010 F004", *_TOWED),
    # Climate
    "ac-cold": later("空调不制冷", "Air conditioning does not cool", "E005 B013 X001"),
    "ac-smell": later("空调异味", "Air conditioning smells", "B013 B005"),
    "ac-weak": later("出风量小", "Little air comes out", "B005 B013"),
    "no-heat": days("暖风不热", "Heating stays cold", "F005 B007"),
    # Driving
    "balance": days("车轮动平衡或轮胎", "Wheel balance or tyres", "L001 L002 L004", *_GENTLY),
    "alignment": days("四轮定位失准", "Wheel alignment off", "L004 L001"),
    "gearbox": days("变速箱换挡异常", "Gearbox shifts badly", "B008 X001", *_GENTLY),
    "power": days("动力下降", "Less power", "B012 B009 B010 X001"),
    "idle": days("怠速抖动", "Shakes at idle", "B009 F004 F006 B012"),
    "not-safe": stop("行驶安全无法确认", "It may not be safe to drive", "X001", *_TOWED),
    # High voltage
    "hv-fault": stop(
        "高压系统故障",
        "High-voltage fault",
        "N006 N004 X001",
        "请停车断电，人离开车辆，不要触碰橙色线束，马上联系我们。",
        "Stop, switch off, leave the car, touch no orange cable, and call us at once.",
    ),
    "charge-port": days("充电口或高压部件故障", "Charge port fault", "N005 N004 N006"),
    "charge-home": later(
        "充电桩或充电设置", "Charger or its settings", "N006", "请换一个桩再试一次。", "Try another charger first."
    ),
    "range": later("续航下降", "Less range", "N006 N001"),
    "reducer": days("减速器异响", "Reducer noise", "N002 X002"),
    # Body
    "headlamp": days("灯光故障", "Lamp fault", "E002 X001", "夜间请勿行驶。", "Do not drive at night."),
    "wiper": later("雨刮刮不净", "Wipers smear", "B011"),
    "water": days("车内进水", "Water in the car", "X001"),
    "comfort": later("车窗、门锁等电器", "Windows, locks and the like", "X001"),
    "diagnosis": days("需要到店诊断", "To be diagnosed in the workshop", "X001"),
}
