"""Parts: number -> (Chinese name, English name, unit, price in yuan, stock, class)."""

from catalogue.choices import PartClass

_O, _E, _R = PartClass.ORIGINAL, PartClass.EQUIVALENT, PartClass.REMANUFACTURED

PARTS = {
    # Oils and fluids
    "OIL-0W20-4L": ("全合成机油 0W-20 4L", "Engine oil 0W-20, fully synthetic, 4 l", "桶", "438.00", 40, _O),
    "OIL-5W30-4L": ("全合成机油 5W-30 4L", "Engine oil 5W-30, fully synthetic, 4 l", "桶", "398.00", 60, _O),
    "OIL-5W30-1L": ("全合成机油 5W-30 1L", "Engine oil 5W-30, fully synthetic, 1 l", "瓶", "108.00", 60, _O),
    "OIL-5W40-4L": ("半合成机油 5W-40 4L", "Engine oil 5W-40, semi-synthetic, 4 l", "桶", "268.00", 30, _E),
    "ATF-WS-1L": ("自动变速箱油 1L", "Automatic transmission fluid, 1 l", "瓶", "118.00", 48, _O),
    "CVT-FE-1L": ("无级变速箱油 1L", "CVT fluid, 1 l", "瓶", "132.00", 24, _O),
    "BRK-DOT4-1L": ("制动液 DOT4 1L", "Brake fluid DOT 4, 1 l", "瓶", "96.00", 30, _O),
    "COOL-OAT-4L": ("长效冷却液 4L", "Long-life coolant, 4 l", "桶", "158.00", 24, _O),
    "COOL-EV-4L": ("电池低电导冷却液 4L", "Low-conductivity battery coolant, 4 l", "桶", "268.00", 8, _O),
    "PSF-1L": ("助力转向油 1L", "Power steering fluid, 1 l", "瓶", "86.00", 10, _E),
    "WASH-2L": ("玻璃水 2L", "Screen wash, 2 l", "桶", "18.00", 100, _E),
    "REF-1234YF": ("空调制冷剂", "Refrigerant", "千克", "320.00", 12, _O),
    # Filters
    "FLT-OIL-A1": ("机油滤清器（旋装）", "Oil filter, spin-on", "个", "58.00", 80, _O),
    "FLT-OIL-A2": ("机油滤芯（纸芯）", "Oil filter element", "个", "68.00", 60, _O),
    "FLT-AIR-B1": ("空气滤清器", "Air filter", "个", "98.00", 50, _O),
    "FLT-CAB-C1": ("空调滤清器（PM2.5）", "Cabin filter, PM2.5", "个", "138.00", 50, _O),
    "FLT-CAB-C2": ("空调滤清器（活性炭）", "Cabin filter, charcoal", "个", "88.00", 40, _E),
    "FLT-FUEL-D1": ("燃油滤清器", "Fuel filter", "个", "168.00", 20, _O),
    "FLT-ATF-E1": ("变速箱滤清器", "Transmission filter", "个", "228.00", 8, _O),
    # Ignition and engine
    "SPK-IR-4": ("铱金火花塞", "Spark plug, iridium", "支", "88.00", 64, _O),
    "COIL-1": ("点火线圈", "Ignition coil", "个", "268.00", 12, _O),
    "BELT-DRV": ("发动机附件皮带", "Drive belt", "条", "188.00", 10, _O),
    "BELT-TIM-KIT": ("正时皮带套件", "Timing belt kit", "套", "1280.00", 3, _O),
    "WPUMP-1": ("水泵总成", "Water pump", "个", "468.00", 4, _O),
    "THERMO-1": ("节温器", "Thermostat", "个", "168.00", 6, _O),
    "GSK-VC": ("气门室盖垫", "Valve cover gasket", "个", "128.00", 8, _O),
    "PLUG-DRAIN": ("放油螺栓垫片", "Drain plug washer", "个", "8.00", 200, _O),
    "MOUNT-ENG": ("发动机支座", "Engine mount", "个", "386.00", 4, _O),
    # Brakes
    "PAD-FR": ("前制动片", "Front brake pads", "套", "468.00", 16, _O),
    "PAD-RR": ("后制动片", "Rear brake pads", "套", "398.00", 14, _O),
    "PAD-FR-E": ("前制动片（同质）", "Front brake pads, equivalent", "套", "298.00", 10, _E),
    "DISC-FR": ("前制动盘", "Front brake disc", "片", "420.00", 8, _O),
    "DISC-RR": ("后制动盘", "Rear brake disc", "片", "360.00", 8, _O),
    "CALIPER-R": ("制动卡钳（修复件）", "Brake caliper, remanufactured", "个", "680.00", 2, _R),
    # Tyres and wheels
    "TYR-225-55R17": ("轮胎 225/55 R17", "Tyre 225/55 R17", "条", "780.00", 16, _O),
    "TYR-235-45R18": ("轮胎 235/45 R18", "Tyre 235/45 R18", "条", "960.00", 12, _O),
    "TYR-255-45R19-EV": ("电动车轮胎 255/45 R19", "EV tyre 255/45 R19", "条", "1280.00", 8, _O),
    "VALVE-TPMS": ("胎压传感器", "Tyre pressure sensor", "个", "238.00", 8, _O),
    "PATCH-PLUG": ("蘑菇钉补胎胶", "Tyre repair plug", "个", "25.00", 60, _E),
    "WEIGHT-BAL": ("平衡块", "Balancing weight", "个", "3.00", 500, _E),
    # Chassis
    "SHOCK-FR": ("前减震器", "Front shock absorber", "支", "680.00", 4, _O),
    "SHOCK-RR": ("后减震器", "Rear shock absorber", "支", "560.00", 4, _O),
    "BUSH-ARM": ("下摆臂胶套", "Lower arm bush", "个", "96.00", 12, _O),
    "BALLJ-1": ("球头", "Ball joint", "个", "218.00", 6, _O),
    "TIE-ROD": ("转向横拉杆球头", "Tie rod end", "个", "196.00", 6, _O),
    "HUB-BRG": ("轮毂轴承", "Wheel bearing", "个", "398.00", 4, _O),
    # Electrics and climate
    "BAT-AGM-70": ("蓄电池 AGM 70Ah", "Battery AGM 70 Ah", "个", "980.00", 6, _O),
    "BAT-EFB-60": ("蓄电池 EFB 60Ah", "Battery EFB 60 Ah", "个", "680.00", 8, _E),
    "ALT-REMAN": ("发电机（修复件）", "Alternator, remanufactured", "个", "1180.00", 1, _R),
    "STARTER-1": ("起动机", "Starter motor", "个", "1460.00", 1, _O),
    "WIPER-FR": ("前雨刮片", "Front wiper blades", "对", "138.00", 30, _O),
    "BULB-H7": ("前照灯灯泡 H7", "Headlamp bulb H7", "个", "58.00", 20, _E),
    "LAMP-LED-R": ("LED 前照灯总成（右）", "LED headlamp, right", "个", "3280.00", 1, _O),
    "COMP-AC": ("空调压缩机", "A/C compressor", "个", "2680.00", 1, _O),
    "PTC-EV": ("PTC 加热器", "PTC heater", "个", "2380.00", 1, _O),
    # Body and paint
    "BMP-FR": ("前保险杠蒙皮", "Front bumper cover", "个", "1180.00", 2, _O),
    "MIRROR-L": ("左外后视镜总成", "Door mirror, left", "个", "860.00", 1, _O),
    "GLASS-WS": ("前风挡玻璃", "Windscreen", "块", "1680.00", 1, _O),
    "PAINT-2K": ("双组份漆料（每幅）", "Two-pack paint, per panel", "幅", "180.00", 50, _O),
    "FILLER-1": ("原子灰", "Body filler", "罐", "48.00", 20, _E),
    # New energy
    "FUSE-HV": ("高压熔断器", "High-voltage fuse", "个", "386.00", 3, _O),
    "MSD-1": ("高压维修开关", "Service disconnect", "个", "560.00", 2, _O),
    "CHG-PORT": ("充电口总成", "Charging port", "个", "1680.00", 1, _O),
    "GEAR-EV-1L": ("减速器油 1L", "Reduction gear oil, 1 l", "瓶", "128.00", 12, _O),
    # Cleaning
    "CLN-THR": ("节气门清洗剂", "Throttle cleaner", "瓶", "48.00", 30, _E),
    "CLN-AC": ("空调蒸发箱清洗剂", "Evaporator cleaner", "瓶", "68.00", 20, _E),
}
