"""The traffic-light inspection a new store starts with: what is measured, where yellow and red begin, and what mends it.

Limits are the usual ones for passenger cars; the store's own version changes them. Plain data, because a migration gives the
same list to stores that were opened before. Tread depth: at least 1.6 mm by law (GB 7258-2017 9.1.6), yellow from 3 mm.
"""

NAME = ("车辆健康检查（红绿灯）", "Traffic-light inspection")


def look(zh: str, en: str, code: str = "", **more) -> dict:
    return {"name_zh": zh, "name_en": en, "kind": "check", "code": code, "required": False, **more}


def least(zh: str, en: str, unit: str, red: str, yellow: str, code: str = "", **more) -> dict:
    limits = {"low": red, "watch_low": yellow}
    return {
        "name_zh": zh,
        "name_en": en,
        "kind": "value",
        "unit": unit,
        "code": code,
        "required": False,
        **limits,
        **more,
    }


def most(zh: str, en: str, unit: str, red: str, yellow: str, code: str = "", **more) -> dict:
    limits = {"high": red, "watch_high": yellow}
    return {
        "name_zh": zh,
        "name_en": en,
        "kind": "value",
        "unit": unit,
        "code": code,
        "required": False,
        **limits,
        **more,
    }


MUST, ELECTRIC = {"required": True}, {"new_energy_only": True}

LIGHTS = {
    ("制动", "Brakes"): [
        least("前制动片厚度", "Front pad thickness", "mm", "3", "5", "Z001", **MUST),
        least("后制动片厚度", "Rear pad thickness", "mm", "3", "5", "Z002", **MUST),
        look("前制动盘磨损、裂纹", "Front discs: wear and cracks", "Z003"),
        most("制动液含水量", "Water in the brake fluid", "%", "3", "2", "B006"),
    ],
    ("轮胎", "Tyres"): [
        least("左前胎纹深度", "Tread, front left", "mm", "1.6", "3", "L002", **MUST),
        least("右前胎纹深度", "Tread, front right", "mm", "1.6", "3", "L002", **MUST),
        least("左后胎纹深度", "Tread, rear left", "mm", "1.6", "3", "L002", **MUST),
        least("右后胎纹深度", "Tread, rear right", "mm", "1.6", "3", "L002", **MUST),
        look("轮胎偏磨", "Uneven wear", "L004"),
    ],
    ("底盘", "Chassis"): [
        look("转向球头、防尘套", "Ball joints and boots", "D003"),
        look("下摆臂胶套", "Control arm bushes", "D002"),
        look("前减震器渗漏", "Front shock absorbers: leaks", "D001"),
    ],
    ("电器与灯光", "Electrics and lamps"): [
        least("蓄电池静态电压", "12 V battery at rest", "V", "12.0", "12.4", "E001", **MUST),
        look("前照灯", "Headlamps", "E002"),
        look("雨刮片", "Wiper blades", "B011", **MUST),
    ],
    ("发动机舱", "Under the bonnet"): [
        look("空气滤清器", "Air filter", "B004"),
        look("空调滤清器", "Cabin filter", "B005"),
        look("附件皮带裂纹", "Accessory belt: cracks", "F001"),
        most("冷却液冰点", "Coolant freezing point", "℃", "-15", "-25", "B007"),
    ],
    ("新能源", "New energy"): [
        look("充电口烧蚀、变形", "Charging port: burns, deformation", "N005", **ELECTRIC),
        look("电池冷却液液位及泄漏", "Battery coolant: level and leaks", "N003", **ELECTRIC),
        least("动力电池健康度", "Traction battery health", "%", "70", "80", "N006", **ELECTRIC),
    ],
}


def rows(operations: dict[str, int]) -> list[dict]:
    """Columns of the list's items in their order; `operations` is {code: id} of the store."""
    found = []
    for (group_zh, group_en), entries in LIGHTS.items():
        for entry in entries:
            columns = {name: value for name, value in entry.items() if name != "code"}
            found.append(
                {
                    **columns,
                    "group_zh": group_zh,
                    "group_en": group_en,
                    "position": len(found) + 1,
                    "operation_id": operations.get(entry["code"]),
                }
            )
    return found
