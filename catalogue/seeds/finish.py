"""Operations on electrics (E), diagnosis and detailing (X), body (J) and paint (Q)."""

from catalogue.choices import RepairCategory
from catalogue.seeds.words import CODES_CLEARED, MINOR, Op, photo, text, tick, value
from stores.choices import Skill

FINISH: dict[str, Op] = {
    # Electrics
    "E001": Op(
        "更换蓄电池",
        "12 V battery",
        "0.40",
        [("BAT-AGM-70", "1")],
        [
            value("静态电压", "Voltage at rest", "V", "12.4", "13.2"),
            value("充电电压", "Charging voltage", "V", "13.5", "15.0"),
            tick("电池匹配登记", "Battery registered"),
        ],
        skill=Skill.ELECTRICAL,
        category=MINOR,
    ),
    "E002": Op(
        "更换前照灯总成",
        "Headlamp",
        "1.20",
        [("LAMP-LED-R", "1")],
        [tick("编码及灯光调校", "Coded, beam adjusted")],
        skill=Skill.ELECTRICAL,
        category=MINOR,
    ),
    "E003": Op(
        "更换起动机",
        "Starter motor",
        "1.60",
        [("STARTER-1", "1")],
        [value("起动电流", "Starting current", "A", "80", "300"), CODES_CLEARED],
        skill=Skill.ELECTRICAL,
        category=MINOR,
    ),
    "E004": Op(
        "更换发电机",
        "Alternator",
        "1.60",
        [("ALT-REMAN", "1"), ("BELT-DRV", "1")],
        [value("充电电压", "Charging voltage", "V", "13.5", "15.0"), CODES_CLEARED],
        skill=Skill.ELECTRICAL,
        category=MINOR,
    ),
    "E005": Op(
        "更换空调压缩机",
        "A/C compressor",
        "3.00",
        [("COMP-AC", "1"), ("REF-1234YF", "0.6")],
        [
            value("真空保持时间", "Vacuum held", "min", "15", "60"),
            value("低压侧压力", "Low side", "bar", "1.5", "3.5"),
            value("高压侧压力", "High side", "bar", "10", "20"),
        ],
        skill=Skill.ELECTRICAL,
        category=MINOR,
    ),
    # Diagnosis
    "X001": Op(
        "故障诊断（基础）",
        "Diagnosis, basic",
        "1.00",
        [],
        [text("故障码", "Fault codes", required=False), text("诊断结论", "Finding")],
        category=MINOR,
    ),
    "X002": Op(
        "异响检查及路试",
        "Noise search and road test",
        "1.00",
        [],
        [value("路试里程", "Road test", "km", "1", "30"), text("异响部位与原因", "Where and why")],
        category=MINOR,
    ),
    "X003": Op("漆面打蜡", "Wax", "1.00", [], [tick("全车打蜡擦净", "Waxed and wiped")], skill=Skill.DETAILING),
    "X004": Op(
        "内饰深度清洁",
        "Interior deep cleaning",
        "2.50",
        [],
        [tick("座椅、顶棚、地毯", "Seats, roof lining, carpet"), photo("完工照片", "Photo when done")],
        skill=Skill.DETAILING,
    ),
    # Body and paint
    "J001": Op(
        "前保险杠拆装更换",
        "Front bumper replaced",
        "2.00",
        [("BMP-FR", "1")],
        [tick("间隙面差检查", "Gaps and flushness"), tick("雷达、摄像头标定", "Radar and camera calibrated")],
        skill=Skill.BODY,
        category=RepairCategory.ACCIDENT,
    ),
    "J002": Op(
        "车门钣金整形",
        "Door panel beaten",
        "4.00",
        [("FILLER-1", "1")],
        [
            photo("整形前", "Before"),
            photo("整形后", "After"),
            value("腻子最大厚度", "Filler, thickest", "mm", "0", "2"),
        ],
        skill=Skill.BODY,
        category=RepairCategory.ACCIDENT,
    ),
    "J003": Op(
        "更换前风挡玻璃",
        "Windscreen replaced",
        "2.50",
        [("GLASS-WS", "1")],
        [
            value("胶固化时间", "Adhesive cured", "h", "1", "24"),
            tick("摄像头标定", "Camera calibrated"),
            tick("淋水无渗漏", "Watered, no leaks"),
        ],
        skill=Skill.BODY,
        category=MINOR,
        key=True,
    ),
    "Q001": Op(
        "单幅喷漆",
        "One panel painted",
        "3.00",
        [("PAINT-2K", "1")],
        [
            value("漆膜厚度", "Paint thickness", "µm", "90", "180"),
            tick("色差目视合格", "Colour match by eye"),
            photo("完工照片", "Photo when done"),
        ],
        skill=Skill.PAINT,
        category=RepairCategory.ACCIDENT,
    ),
}
