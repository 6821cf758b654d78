"""The checklists a new store starts with (domain.md 1.3: F2, F7, F8, F9). Every store changes them by publishing versions.

Limits of measured values are the usual ones for passenger cars; where the maker says otherwise, the store's own version does.
Legal limits: tread depth at least 1.6 mm (GB 7258-2017 9.1.6).
"""

from __future__ import annotations

from decimal import Decimal

from catalogue.models import Operation
from core import clock
from standards.choices import ChecklistUse, ItemKind
from standards.models import Checklist, ChecklistItem
from standards.seeds import lights
from stores.models import Store

CHECK, VALUE, TEXT = ItemKind.CHECK, ItemKind.VALUE, ItemKind.TEXT


def check(zh: str, en: str, **more) -> dict:
    return {"name_zh": zh, "name_en": en, "kind": CHECK, **more}


def measure(zh: str, en: str, unit: str, low: str | None, high: str | None, **more) -> dict:
    limits = {"low": Decimal(low) if low else None, "high": Decimal(high) if high else None}
    return {"name_zh": zh, "name_en": en, "kind": VALUE, "unit": unit, **limits, **more}


OPTIONAL, ELECTRIC = {"required": False}, {"new_energy_only": True}

WALK_AROUND = {
    ("随车物品", "Items in the car"): [
        check("备胎、补胎工具", "Spare wheel or repair kit"),
        check("三角警示牌、反光背心", "Warning triangle and vest"),
        check("灭火器、千斤顶、随车工具", "Extinguisher, jack, tools", **OPTIONAL),
        check("行车证件及贵重物品已提醒带走", "Owner reminded to take documents and valuables"),
    ],
    ("外观", "Outside"): [
        check("前后保险杠、机盖、尾门", "Bumpers, bonnet, tailgate"),
        check("左右车门、翼子板、后视镜", "Doors, wings, mirrors"),
        check("风挡及车窗玻璃", "Windscreen and windows"),
        check("车灯总成及灯罩", "Lamps and lenses"),
    ],
    ("轮胎", "Tyres"): [
        measure("左前胎纹深度", "Tread depth, front left", "mm", "1.6", "12"),
        measure("右前胎纹深度", "Tread depth, front right", "mm", "1.6", "12"),
        measure("左后胎纹深度", "Tread depth, rear left", "mm", "1.6", "12"),
        measure("右后胎纹深度", "Tread depth, rear right", "mm", "1.6", "12"),
        check("胎面、胎侧、轮辋无损伤", "Treads, walls and rims undamaged"),
    ],
    ("车内", "Inside"): [
        check("座椅、内饰、安全带", "Seats, trim, belts"),
        check("空调、音响、车窗升降", "Climate, sound, windows"),
        check("三件套已铺（座椅套、方向盘套、脚垫）", "Seat, wheel and floor covers laid"),
    ],
    ("仪表", "Instruments"): [
        check("故障灯、报警灯", "Warning lamps"),
        check("里程表读数与登记一致", "Odometer as entered"),
    ],
    ("机舱", "Under the bonnet"): [
        check("机油、冷却液、制动液、玻璃水液位", "Oil, coolant, brake fluid and washer levels"),
        measure("蓄电池静态电压", "12 V battery at rest", "V", "12.2", "13.2"),
        check("皮带、管路、无渗漏", "Belts and hoses, no leaks", **OPTIONAL),
    ],
    ("底盘", "Underbody"): [
        check("底盘、护板、排气无磕碰渗漏", "Underbody, shields, exhaust: no knocks or leaks", **OPTIONAL),
    ],
    ("新能源", "New energy"): [
        measure("动力电池电量", "Traction battery charge", "%", "0", "100", **ELECTRIC),
        check("充电口及充电枪", "Charging port and cable", **ELECTRIC),
        check("动力电池外壳、底护板无磕碰", "Battery case and shield: no knocks", **ELECTRIC),
        check("高压线束（橙色）外观", "High-voltage wiring (orange)", **ELECTRIC),
    ],
    ("其他", "Other"): [
        {"name_zh": "客户特别交代", "name_en": "Said by the customer", "kind": TEXT, "required": False},
    ],
}

SELF_CHECK = {
    ("施工项目", "Work done"): [
        check("委托项目全部完成，无漏项", "All items done, none left out"),
        check("更换件与领料单一致", "Parts fitted as issued"),
        check("拆装件全部复位，卡扣螺栓齐全", "Everything refitted, clips and bolts complete"),
        measure("车轮螺栓扭矩", "Wheel bolt torque", "N·m", "100", "140"),
        measure("放油螺栓扭矩", "Drain plug torque", "N·m", "20", "50", **OPTIONAL),
    ],
    ("油液", "Fluids"): [
        check("机油液位在上下限之间", "Oil level between the marks"),
        check("冷却液、制动液液位", "Coolant and brake fluid levels"),
        check("无渗漏（热车后复查）", "No leaks, looked at again when warm"),
    ],
    ("电器", "Electrics"): [
        check("故障码已清除并再次读取", "Fault codes cleared and read again"),
        check("保养灯已复位", "Service indicator reset"),
    ],
    ("新能源", "New energy"): [
        check("高压维修开关已复位，已验电", "Service disconnect back in place, voltage checked", **ELECTRIC),
        measure("绝缘电阻", "Insulation resistance", "MΩ", "1", None, **ELECTRIC),
    ],
    ("整理", "Tidiness"): [
        check("工具、抹布无遗漏", "No tools or rags left behind"),
        check("旧件已收集、挂牌", "Old parts kept and labelled"),
    ],
}

CROSS_CHECK = {
    ("复核", "Second look"): [
        check("施工项目与委托书一致", "Work matches the order"),
        check("关键螺栓划线标记齐全", "Paint marks on every key bolt"),
        measure("车轮螺栓扭矩抽检", "Wheel bolt torque, sample", "N·m", "100", "140"),
        check("制动系统无渗漏、踏板行程正常", "Brakes: no leaks, pedal travel right"),
        check("转向、悬挂连接件紧固", "Steering and suspension joints tight"),
        check("轮胎安装方向与气压", "Tyres: direction and pressure"),
        check("线束、管路走向与固定", "Wiring and hoses: run and fixing"),
        check("高压部件接插件锁止", "High-voltage connectors locked", **ELECTRIC),
    ],
}

FINAL_CHECK = {
    ("项目", "Work"): [
        check("委托项目及增项全部完成", "Ordered and added items all done"),
        check("客户描述的故障已消除", "The fault the customer described is gone"),
        check("自检、互检记录完整", "Self-check and cross-check complete"),
    ],
    ("安全", "Safety"): [
        measure("左前轮螺栓扭矩", "Wheel bolts, front left", "N·m", "100", "140"),
        measure("右前轮螺栓扭矩", "Wheel bolts, front right", "N·m", "100", "140"),
        measure("左后轮螺栓扭矩", "Wheel bolts, rear left", "N·m", "100", "140"),
        measure("右后轮螺栓扭矩", "Wheel bolts, rear right", "N·m", "100", "140"),
        measure("前轮胎压", "Tyre pressure, front", "kPa", "200", "300"),
        measure("后轮胎压", "Tyre pressure, rear", "kPa", "200", "320"),
        measure("前制动片最小厚度", "Front brake pads, thinnest", "mm", "3", "15"),
        measure("制动液含水率", "Water in the brake fluid", "%", "0", "3", **OPTIONAL),
        check("制动踏板高度、驻车制动", "Brake pedal height, parking brake"),
        check("灯光、喇叭、雨刮", "Lights, horn, wipers"),
    ],
    ("状态", "Condition"): [
        check("故障码再读无异常，保养灯已复位", "No fault codes, service indicator reset"),
        check("各油液位正常，无渗漏", "Fluid levels right, no leaks"),
        check("工具、抹布无遗漏", "No tools or rags left behind"),
        check("外观与环检单一致，无新增损伤", "Outside as at the walk-around, no new damage"),
        check("旧件齐备（按客户约定）", "Old parts ready, as agreed"),
    ],
    ("路试", "Road test"): [
        check("路试结果", "Result of the road test"),
        measure("路试里程", "Length of the road test", "km", "0", "30", **OPTIONAL),
    ],
    ("新能源", "New energy"): [
        measure("绝缘电阻", "Insulation resistance", "MΩ", "1", None, **ELECTRIC),
        check("READY 上电正常，充放电正常", "READY comes on, charges and discharges", **ELECTRIC),
    ],
}

WASH = {
    ("外洗", "Outside"): [
        check("车身、玻璃洗净擦干", "Body and glass washed and dried"),
        check("轮毂、轮胎清洁", "Wheels and tyres clean"),
        check("门框、油箱盖边擦净", "Door frames and filler edge wiped"),
    ],
    ("内部", "Inside"): [
        check("脚垫、地板吸尘", "Mats and floor vacuumed"),
        check("仪表台、门板除尘", "Dashboard and doors dusted"),
        check("内窗玻璃无水渍", "Inside glass without marks"),
        check("烟灰缸、杯架清空（物品不丢弃）", "Ashtray and cup holders emptied, nothing of value thrown away"),
    ],
    ("检查", "Check"): [
        check("客户物品未移动、未遗失", "Customer's things in place"),
        check("无新增划痕", "No new scratches"),
    ],
    ("新能源", "New energy"): [
        check("充电口盖关闭、未进水", "Charging flap shut and dry", **ELECTRIC),
    ],
}

HANDOVER = {
    ("单据", "Papers"): [
        check("结算单与委托书及增项一致", "Settlement list matches order and added items"),
        check("三级检验合格", "All three inspections passed"),
        check("合格证、质保卡（如需）", "Exit certificate and guarantee card, where required", **OPTIONAL),
    ],
    ("车辆", "Car"): [
        check("洗车完成（或按客户要求免洗）", "Washed, or not wanted"),
        check("座椅、后视镜、音响、空调已复位", "Seat, mirrors, sound and climate set back"),
        check("三件套已撤除", "Covers taken out"),
        check("随车物品清点无误", "Items in the car counted"),
        measure("交车油量/电量", "Fuel or charge at handover", "%", "0", "100"),
    ],
    ("说明", "Explained"): [
        check("维修项目与更换件说明", "Work and parts explained"),
        check("费用逐项说明", "Costs explained item by item"),
        check("旧件展示并确认处理方式", "Old parts shown, and what happens to them"),
        check("质保期说明", "Quality guarantee explained"),
        check("未处理项目及风险告知", "What was left undone and its risk"),
        check("下次保养时间、里程", "Next service: date and mileage"),
        check("约定回访时间和方式", "When and how we may call"),
    ],
    ("新能源", "New energy"): [
        check("充电状态、续航显示说明", "Charge and range explained", **ELECTRIC),
    ],
}

LISTS = {
    ChecklistUse.WALK_AROUND: ("环车检查单", "Walk-around", WALK_AROUND),
    ChecklistUse.SELF_CHECK: ("自检单", "Self-check", SELF_CHECK),
    ChecklistUse.CROSS_CHECK: ("互检单", "Cross-check", CROSS_CHECK),
    ChecklistUse.FINAL_CHECK: ("终检单", "Final inspection", FINAL_CHECK),
    ChecklistUse.WASH: ("洗车检查单", "Wash check", WASH),
    ChecklistUse.HANDOVER: ("交车检查单", "Handover check", HANDOVER),
}


def seed(store: Store) -> None:
    """Publish version 1 of every checklist, inside the store's scope. Not for a store that has some."""
    now = clock.now()
    lists = Checklist.objects.bulk_create(
        Checklist(store=store, use=use, version=1, name_zh=zh, name_en=en, published_at=now)
        for use, (zh, en, _groups) in LISTS.items()
    )
    ChecklistItem.objects.bulk_create(item for checklist in lists for item in _items(store, checklist))
    zh, en = lights.NAME
    checklist = Checklist.objects.create(
        store=store, use=ChecklistUse.LIGHTS, version=1, name_zh=zh, name_en=en, published_at=now
    )
    operations = dict(Operation.objects.filter(store=store).values_list("code", "pk"))
    ChecklistItem.objects.bulk_create(
        ChecklistItem(store=store, checklist=checklist, **row) for row in lights.rows(operations)
    )


def _items(store: Store, checklist: Checklist) -> list[ChecklistItem]:
    groups = LISTS[checklist.use][2]
    entries = [(zh, en, entry) for (zh, en), group in groups.items() for entry in group]
    return [
        ChecklistItem(store=store, checklist=checklist, position=position, group_zh=zh, group_en=en, **entry)
        for position, (zh, en, entry) in enumerate(entries, start=1)
    ]
