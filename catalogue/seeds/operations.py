"""Operations: what they take, the steps the technician fills, the parts they usually need.

Codes: B = maintenance, F = engine, Z = brakes, L = wheels, D = chassis, E = electrics, N = new energy, J = body,
Q = paint, X = diagnosis and detailing, W = statutory maintenance.
"""

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


# Steps that many operations end with
WHEELS_ON = value("车轮螺栓扭矩", "Wheel bolt torque", "N·m", "100", "140")
NO_LEAKS = tick("热车检查无渗漏", "Warm engine: no leaks")
CODES_CLEARED = tick("清除故障码并复位保养灯", "Fault codes cleared, service indicator reset")
PRESSURES = value("胎压调整至", "Tyre pressure set to", "kPa", "200", "320")
POWER_OFF = tick("断电、挂牌、验电（高压作业）", "Power off, locked out, voltage checked")
INSULATION = value("绝缘电阻", "Insulation resistance", "MΩ", "1", None)
BED_IN = tick("制动磨合及路试", "Brakes bedded in, road test")

_OIL = [
    tick("放尽旧油，更换放油垫片", "Old oil drained, new drain washer"),
    value("放油螺栓扭矩", "Drain plug torque", "N·m", "20", "50"),
    value("加注量", "Oil filled in", "L", "3", "8"),
    NO_LEAKS,
    CODES_CLEARED,
]
_PADS = [
    value("旧片最小厚度", "Thinnest old pad", "mm", "0", "15"),
    value("制动盘厚度", "Disc thickness", "mm", "8", "36"),
    tick("分泵回位，导销涂脂", "Piston pushed back, guide pins greased"),
    WHEELS_ON,
    BED_IN,
    photo("旧片照片", "Photo of the old pads"),
]

OPERATIONS: dict[str, Op] = {
    # Maintenance
    "B001": Op("更换机油机滤（小保养）", "Oil and oil filter", "0.60", [("OIL-5W30-4L", "1"), ("FLT-OIL-A1", "1"), ("PLUG-DRAIN", "1")], _OIL),
    "B002": Op("首次保养", "First service", "0.80", [("OIL-0W20-4L", "1"), ("FLT-OIL-A2", "1"), ("PLUG-DRAIN", "1")], [*_OIL, PRESSURES, tick("全车灯光、底盘目视检查", "Lights and underbody looked over")]),
    "B003": Op("四滤保养（大保养）", "Major service, all filters", "1.60", [("OIL-5W30-4L", "1"), ("FLT-OIL-A1", "1"), ("FLT-AIR-B1", "1"), ("FLT-CAB-C1", "1"), ("FLT-FUEL-D1", "1"), ("PLUG-DRAIN", "1")], [*_OIL, tick("更换空气、空调、燃油滤清器", "Air, cabin and fuel filters changed"), PRESSURES, value("前制动片厚度", "Front pad thickness", "mm", "3", "15"), value("后制动片厚度", "Rear pad thickness", "mm", "3", "15")]),
    "B004": Op("更换空气滤清器", "Air filter", "0.20", [("FLT-AIR-B1", "1")], [tick("更换并清洁滤清器壳", "Changed, housing cleaned")]),
    "B005": Op("更换空调滤清器", "Cabin filter", "0.30", [("FLT-CAB-C1", "1")], [tick("更换，注意气流方向", "Changed, air flow direction right")]),
    "B006": Op("更换制动液", "Brake fluid", "0.80", [("BRK-DOT4-1L", "1")], [value("更换前含水率", "Water before", "%", "0", "10"), tick("四轮依次排气", "All four wheels bled"), value("更换后含水率", "Water afterwards", "%", "0", "1"), tick("踏板行程正常", "Pedal travel right")], key=True),
    "B007": Op("更换冷却液", "Coolant", "1.00", [("COOL-OAT-4L", "2")], [tick("排空并加注，排气", "Drained, filled, bled"), value("冰点", "Freezing point", "°C", "-45", "-25"), NO_LEAKS]),
    "B008": Op("更换自动变速箱油", "Automatic transmission fluid", "1.80", [("ATF-WS-1L", "6"), ("FLT-ATF-E1", "1")], [value("油温", "Fluid temperature", "°C", "35", "50"), tick("液位检查", "Level checked"), CODES_CLEARED]),
    "B009": Op("更换火花塞", "Spark plugs", "0.80", [("SPK-IR-4", "4")], [value("火花塞扭矩", "Plug torque", "N·m", "15", "30"), photo("旧火花塞照片", "Photo of the old plugs"), tick("怠速平稳", "Idles smoothly")]),
    "B010": Op("更换燃油滤清器", "Fuel filter", "0.60", [("FLT-FUEL-D1", "1")], [tick("泄压后更换", "Changed after pressure relief"), NO_LEAKS]),
    "B011": Op("更换前雨刮片", "Front wiper blades", "0.20", [("WIPER-FR", "1")], [tick("更换并喷水试刮", "Changed and tried with water")]),
    "B012": Op("节气门清洗", "Throttle cleaned", "0.80", [("CLN-THR", "1")], [tick("清洗并匹配", "Cleaned and adapted"), value("怠速转速", "Idle speed", "r/min", "600", "900")]),
    "B013": Op("空调系统清洗杀菌", "Climate system cleaned", "0.80", [("CLN-AC", "1")], [tick("蒸发箱清洗", "Evaporator cleaned"), value("出风口温度", "Air at the vents", "°C", "2", "12", required=False)]),
    # Statutory maintenance
    "W001": Op("二级维护", "Second-level maintenance", "6.00", [("OIL-5W30-4L", "1"), ("FLT-OIL-A1", "1"), ("FLT-AIR-B1", "1"), ("BRK-DOT4-1L", "1")], [*_OIL, tick("进厂检测", "Tested on arrival"), tick("过程检验", "Checked during the work"), value("制动率", "Braking ratio", "%", "60", "120"), tick("竣工检测", "Tested on completion")], category=RepairCategory.SECOND_LEVEL, key=True),
    # Engine
    "F001": Op("更换附件皮带", "Drive belt", "0.80", [("BELT-DRV", "1")], [tick("张紧轮检查", "Tensioner checked"), tick("运转无异响", "Runs without noise")], category=MINOR),
    "F002": Op("更换正时皮带套件及水泵", "Timing belt kit and water pump", "5.50", [("BELT-TIM-KIT", "1"), ("WPUMP-1", "1"), ("COOL-OAT-4L", "2")], [tick("正时标记对正", "Timing marks aligned"), photo("正时标记照片", "Photo of the timing marks"), tick("手动盘车两圈复核", "Turned twice by hand, checked again"), NO_LEAKS, CODES_CLEARED], category=MINOR, key=True),
    "F003": Op("更换气门室盖垫", "Valve cover gasket", "1.80", [("GSK-VC", "1")], [value("盖螺栓扭矩", "Cover bolt torque", "N·m", "8", "12"), NO_LEAKS], category=MINOR),
    "F004": Op("更换点火线圈", "Ignition coil", "0.40", [("COIL-1", "1")], [tick("更换并清码", "Changed, codes cleared"), tick("失火计数为零", "Misfire counters at zero")], skill=Skill.ELECTRICAL, category=MINOR),
    "F005": Op("更换节温器", "Thermostat", "1.20", [("THERMO-1", "1"), ("COOL-OAT-4L", "1")], [value("开启温度", "Opens at", "°C", "80", "100"), NO_LEAKS], category=MINOR),
    "F006": Op("更换发动机支座", "Engine mount", "1.50", [("MOUNT-ENG", "1")], [value("支座螺栓扭矩", "Mount bolt torque", "N·m", "50", "120"), tick("怠速无抖动", "No shaking at idle")], category=MINOR, key=True),
    "F007": Op("发动机总成大修", "Engine overhaul", "32.00", [("OIL-5W30-4L", "2"), ("FLT-OIL-A1", "1"), ("GSK-VC", "1"), ("COOL-OAT-4L", "2")], [text("测量记录单号", "Number of the measuring sheet"), value("缸压最小值", "Lowest compression", "bar", "9", "16"), value("缸压最大差", "Largest difference", "bar", "0", "3"), value("机油压力（怠速）", "Oil pressure at idle", "bar", "1", "4"), NO_LEAKS, CODES_CLEARED], category=RepairCategory.ASSEMBLY, key=True),
    # Brakes
    "Z001": Op("更换前制动片", "Front brake pads", "1.00", [("PAD-FR", "1")], _PADS, category=MINOR, key=True),
    "Z002": Op("更换后制动片", "Rear brake pads", "1.20", [("PAD-RR", "1")], [*_PADS, tick("电子驻车进出维修模式", "Parking brake in and out of service mode")], category=MINOR, key=True),
    "Z003": Op("更换前制动盘及制动片", "Front discs and pads", "1.80", [("DISC-FR", "2"), ("PAD-FR", "1")], [*_PADS, value("端面跳动", "Disc run-out", "mm", "0", "0.10")], category=MINOR, key=True),
    "Z004": Op("更换制动卡钳（修复件）", "Brake caliper, remanufactured", "1.60", [("CALIPER-R", "1"), ("BRK-DOT4-1L", "1")], [tick("排气", "Bled"), WHEELS_ON, BED_IN], category=MINOR, key=True),
    # Wheels and tyres
    "L001": Op("轮胎换位及动平衡", "Tyres rotated and balanced", "0.80", [("WEIGHT-BAL", "8")], [PRESSURES, value("最大残余不平衡量", "Largest imbalance left", "g", "0", "5"), WHEELS_ON]),
    "L002": Op("更换轮胎（1 条）", "One tyre", "0.50", [("TYR-225-55R17", "1"), ("WEIGHT-BAL", "2")], [text("轮胎 DOT 周期", "DOT week of the tyre"), PRESSURES, WHEELS_ON], category=MINOR, key=True),
    "L003": Op("补胎", "Puncture repaired", "0.40", [("PATCH-PLUG", "1")], [tick("内补并做气密检查", "Mended from inside, tested for leaks"), PRESSURES, WHEELS_ON], category=MINOR, key=True),
    "L004": Op("四轮定位", "Wheel alignment", "1.20", [], [value("前轮总前束", "Front toe, total", "°", "-0.20", "0.30"), value("左前外倾角", "Camber, front left", "°", "-1.50", "1.00"), value("右前外倾角", "Camber, front right", "°", "-1.50", "1.00"), tick("方向盘居中、路试不跑偏", "Wheel centred, runs straight")], category=MINOR, key=True),
    # Chassis
    "D001": Op("更换前减震器（一对）", "Front shock absorbers, pair", "3.00", [("SHOCK-FR", "2")], [value("塔顶螺栓扭矩", "Top mount torque", "N·m", "30", "80"), WHEELS_ON, tick("四轮定位已做", "Alignment done")], category=MINOR, key=True),
    "D002": Op("更换下摆臂胶套", "Lower arm bushes", "2.00", [("BUSH-ARM", "2")], [tick("整备质量下紧固", "Tightened at ride height"), WHEELS_ON], category=MINOR, key=True),
    "D003": Op("更换转向球头", "Tie rod end", "1.00", [("TIE-ROD", "1")], [value("锁紧螺母扭矩", "Lock nut torque", "N·m", "40", "90"), WHEELS_ON, tick("前束已调", "Toe adjusted")], category=MINOR, key=True),
    "D004": Op("更换轮毂轴承", "Wheel bearing", "1.80", [("HUB-BRG", "1")], [value("轴头螺母扭矩", "Hub nut torque", "N·m", "150", "350"), WHEELS_ON, tick("路试无异响", "Road test without noise")], category=MINOR, key=True),
    # Electrics
    "E001": Op("更换蓄电池", "12 V battery", "0.40", [("BAT-AGM-70", "1")], [value("静态电压", "Voltage at rest", "V", "12.4", "13.2"), value("充电电压", "Charging voltage", "V", "13.5", "15.0"), tick("电池匹配登记", "Battery registered")], skill=Skill.ELECTRICAL, category=MINOR),
    "E002": Op("更换前照灯总成", "Headlamp", "1.20", [("LAMP-LED-R", "1")], [tick("编码及灯光调校", "Coded, beam adjusted")], skill=Skill.ELECTRICAL, category=MINOR),
    "E003": Op("更换起动机", "Starter motor", "1.60", [("STARTER-1", "1")], [value("起动电流", "Starting current", "A", "80", "300"), CODES_CLEARED], skill=Skill.ELECTRICAL, category=MINOR),
    "E004": Op("更换发电机", "Alternator", "1.60", [("ALT-REMAN", "1"), ("BELT-DRV", "1")], [value("充电电压", "Charging voltage", "V", "13.5", "15.0"), CODES_CLEARED], skill=Skill.ELECTRICAL, category=MINOR),
    "E005": Op("更换空调压缩机", "A/C compressor", "3.00", [("COMP-AC", "1"), ("REF-1234YF", "0.6")], [value("真空保持时间", "Vacuum held", "min", "15", "60"), value("低压侧压力", "Low side", "bar", "1.5", "3.5"), value("高压侧压力", "High side", "bar", "10", "20")], skill=Skill.ELECTRICAL, category=MINOR),
    # New energy
    "N001": Op("新能源定期保养", "EV regular service", "1.00", [("FLT-CAB-C1", "1"), ("WASH-2L", "1")], [tick("高压系统外观及线束检查", "High-voltage parts and wiring looked over"), INSULATION, value("电芯最大压差", "Largest cell difference", "mV", "0", "50"), PRESSURES, CODES_CLEARED], skill=Skill.HIGH_VOLTAGE),
    "N002": Op("更换减速器油", "Reduction gear oil", "0.80", [("GEAR-EV-1L", "2")], [value("加注量", "Oil filled in", "L", "0.8", "3"), NO_LEAKS], skill=Skill.HIGH_VOLTAGE),
    "N003": Op("更换电池冷却液", "Battery coolant", "1.50", [("COOL-EV-4L", "2")], [POWER_OFF, value("冷却液电导率", "Conductivity", "µS/cm", "0", "100"), tick("排气程序执行", "Bleeding routine run"), INSULATION], skill=Skill.HIGH_VOLTAGE, key=True),
    "N004": Op("更换高压熔断器", "High-voltage fuse", "1.50", [("FUSE-HV", "1")], [POWER_OFF, INSULATION, tick("上电 READY", "READY comes on")], skill=Skill.HIGH_VOLTAGE, category=MINOR, key=True),
    "N005": Op("更换充电口总成", "Charging port", "2.00", [("CHG-PORT", "1")], [POWER_OFF, INSULATION, tick("交流、直流充电测试", "AC and DC charging tried")], skill=Skill.HIGH_VOLTAGE, category=MINOR, key=True),
    "N006": Op("动力电池检测", "Traction battery test", "1.00", [], [value("电池健康度 SOH", "State of health", "%", "0", "100"), value("电芯最大压差", "Largest cell difference", "mV", "0", "50"), INSULATION, text("检测结论", "Finding")], skill=Skill.HIGH_VOLTAGE, category=MINOR),
    # Diagnosis
    "X001": Op("故障诊断（基础）", "Diagnosis, basic", "1.00", [], [text("故障码", "Fault codes", required=False), text("诊断结论", "Finding")], category=MINOR),
    "X002": Op("异响检查及路试", "Noise search and road test", "1.00", [], [value("路试里程", "Road test", "km", "1", "30"), text("异响部位与原因", "Where and why")], category=MINOR),
    "X003": Op("漆面打蜡", "Wax", "1.00", [], [tick("全车打蜡擦净", "Waxed and wiped")], skill=Skill.DETAILING),
    "X004": Op("内饰深度清洁", "Interior deep cleaning", "2.50", [], [tick("座椅、顶棚、地毯", "Seats, roof lining, carpet"), photo("完工照片", "Photo when done")], skill=Skill.DETAILING),
    # Body and paint
    "J001": Op("前保险杠拆装更换", "Front bumper replaced", "2.00", [("BMP-FR", "1")], [tick("间隙面差检查", "Gaps and flushness"), tick("雷达、摄像头标定", "Radar and camera calibrated")], skill=Skill.BODY, category=RepairCategory.ACCIDENT),
    "J002": Op("车门钣金整形", "Door panel beaten", "4.00", [("FILLER-1", "1")], [photo("整形前", "Before"), photo("整形后", "After"), value("腻子最大厚度", "Filler, thickest", "mm", "0", "2")], skill=Skill.BODY, category=RepairCategory.ACCIDENT),
    "J003": Op("更换前风挡玻璃", "Windscreen replaced", "2.50", [("GLASS-WS", "1")], [value("胶固化时间", "Adhesive cured", "h", "1", "24"), tick("摄像头标定", "Camera calibrated"), tick("淋水无渗漏", "Watered, no leaks")], skill=Skill.BODY, category=MINOR, key=True),
    "Q001": Op("单幅喷漆", "One panel painted", "3.00", [("PAINT-2K", "1")], [value("漆膜厚度", "Paint thickness", "µm", "90", "180"), tick("色差目视合格", "Colour match by eye"), photo("完工照片", "Photo when done")], skill=Skill.PAINT, category=RepairCategory.ACCIDENT),
}
