"""The questions, each with its choices. A choice leads to a question ("?code") or to what it means ("!code")."""

from __future__ import annotations

Choices = list[tuple[str, str, str]]

FIRST = "what"


def since(result: str) -> Choices:
    """Since when: asked last, because it changes nothing but what the advisor looks at first (a comeback)."""
    to = f"!{result}"
    return [
        ("今天或昨天才出现", "Today or yesterday", to),
        ("最近一两周", "A week or two", to),
        ("一个月以上", "More than a month", to),
        ("上次维修保养之后", "Since the last service or repair", to),
    ]


def safe(to: str) -> Choices:
    """Whether it still drives and brakes as it should; a doubt is a no."""
    return [
        ("行驶和刹车都正常", "It drives and brakes as usual", to),
        ("感觉不安全，或者不确定", "It does not feel safe, or I am not sure", "!not-safe"),
    ]


_SINCE = ("从什么时候开始的？", "Since when?")
_SAFE = ("现在还能正常、安全地行驶吗？", "Can you still drive it safely?")

QUESTIONS: dict[str, tuple[str, str, Choices]] = {
    "what": (
        "您注意到什么情况？",
        "What do you notice?",
        [
            ("仪表灯亮了", "A warning lamp", "?lamp"),
            ("有异响", "A noise", "?noise"),
            ("刹车不对劲", "The brakes", "?brake"),
            ("漏液、冒烟或有异味", "A leak, smoke or a smell", "?leak"),
            ("启动困难或没电", "It will not start", "?start"),
            ("行驶抖动、跑偏或没劲", "It drives badly", "?drive"),
            ("空调或暖风", "Air conditioning or heating", "?climate"),
            ("充电或三电系统", "Charging or the electric drive", "?electric"),
            ("车灯、雨刮、车窗等", "Lamps, wipers, windows", "?body"),
            ("以上都不是", "None of these", "!diagnosis"),
        ],
    ),
    # Lamps
    "lamp": (
        "是哪个灯？",
        "Which lamp?",
        [
            ("红色机油壶", "Red oil can", "!oil-pressure"),
            ("红色水温计", "Red thermometer", "!overheat"),
            ("红色电瓶", "Red battery", "?lamp-charging"),
            ("红色圆圈感叹号（刹车）", "Red exclamation mark in a circle (brakes)", "?lamp-brake"),
            ("黄色发动机", "Yellow engine", "?lamp-engine"),
            ("黄色胎压", "Yellow tyre", "?lamp-tyre"),
            ("高压、动力电池或乌龟灯", "High voltage, traction battery or turtle", "!hv-fault"),
            ("别的，或者不认识", "Another one, or I do not know it", "?lamp-colour"),
        ],
    ),
    "lamp-charging": (
        "方向盘变重，或者灯光变暗了吗？",
        "Is the steering heavy, or are the lights dim?",
        [("是", "Yes", "!not-safe"), ("没有", "No", "!charging")],
    ),
    "lamp-brake": (
        "松开手刹灯还亮，踩刹车感觉怎样？",
        "With the handbrake off it stays on: how does the pedal feel?",
        [
            ("变软、踩得更深", "Soft, goes further down", "!brake-fail"),
            ("和平时一样", "As always", "?lamp-brake-since"),
        ],
    ),
    "lamp-brake-since": (*_SINCE, since("brake-wear")),
    "lamp-engine": (
        "灯是常亮还是闪烁？",
        "Is it steady or flashing?",
        [("闪烁", "Flashing", "!misfire"), ("常亮", "Steady", "?lamp-engine-feel")],
    ),
    "lamp-engine-feel": (
        "车开起来感觉怎样？",
        "How does the car drive?",
        [
            ("明显抖动或没劲", "It shakes or has no power", "!misfire"),
            ("有一点点不同", "Slightly different", "?lamp-engine-since"),
            ("没有感觉", "As always", "?lamp-engine-since"),
        ],
    ),
    "lamp-engine-since": (*_SINCE, since("engine-lamp")),
    "lamp-tyre": (
        "有没有哪个轮胎看上去明显瘪了？",
        "Does one of the tyres look flat?",
        [("有", "Yes", "!tyre-flat"), ("看不出来", "No", "!tyre-slow")],
    ),
    "lamp-colour": (
        "灯是什么颜色？",
        "Which colour is it?",
        [("红色", "Red", "!unknown-red"), ("黄色或其他颜色", "Yellow or another colour", "!unknown-yellow")],
    ),
    # Noises
    "noise": (
        "什么时候会响？",
        "When do you hear it?",
        [
            ("踩刹车时", "Braking", "?noise-brake"),
            ("过减速带、坑洼时", "Over bumps", "?noise-bump"),
            ("打方向时", "Turning the wheel", "?noise-turn"),
            ("车速越快声音越大", "It grows with speed", "?noise-speed"),
            ("启动后，发动机舱里", "After starting, under the bonnet", "?noise-engine"),
            ("说不清", "Hard to say", "?noise-since"),
        ],
    ),
    "noise-brake": (
        "是什么样的声音？",
        "What does it sound like?",
        [
            ("尖锐的吱吱声", "A thin squeal", "?noise-brake-since"),
            ("金属摩擦的嘎嘎声", "Grinding metal", "!brake-metal"),
        ],
    ),
    "noise-brake-since": (*_SINCE, since("brake-wear")),
    "noise-bump": (
        "声音从哪里来？",
        "Where does it come from?",
        [
            ("前面", "The front", "?noise-bump-safe"),
            ("后面", "The rear", "?noise-bump-safe"),
            ("不确定", "Not sure", "?noise-bump-safe"),
        ],
    ),
    "noise-bump-safe": (*_SAFE, safe("?noise-bump-since")),
    "noise-bump-since": (*_SINCE, since("suspension")),
    "noise-turn": (*_SAFE, safe("?noise-turn-since")),
    "noise-turn-since": (*_SINCE, since("steering")),
    "noise-speed": (
        "变道或转弯时声音有变化吗？",
        "Does it change when you change lanes or turn?",
        [
            ("有变化", "Yes", "!wheel-bearing"),
            ("没有变化", "No", "!tyre-noise"),
            ("电动车，加速时更响", "An electric car, louder when accelerating", "!reducer"),
        ],
    ),
    "noise-engine": (
        "是什么样的声音？",
        "What does it sound like?",
        [
            ("吱吱叫，尤其冷车时", "A squeal, mostly when cold", "!belt"),
            ("沉闷的敲击声", "A dull knocking", "!engine-knock"),
            ("别的声音", "Something else", "?noise-since"),
        ],
    ),
    "noise-since": (*_SINCE, since("noise")),
    # Brakes
    "brake": (
        "刹车哪里不对？",
        "What about the brakes?",
        [
            ("踏板变软或踩到底", "The pedal is soft or goes to the floor", "!brake-fail"),
            ("刹车距离变长", "It takes longer to stop", "?brake-safe"),
            ("刹车时方向盘或踏板抖", "Wheel or pedal shake when braking", "!brake-disc"),
            ("刹车时往一边跑", "It pulls to one side", "!brake-drag"),
            ("有响声", "A noise", "?noise-brake"),
        ],
    ),
    "brake-safe": (*_SAFE, safe("!brake-wear")),
    # Leaks, smells
    "leak": (
        "看到或闻到了什么？",
        "What do you see or smell?",
        [
            ("清水", "Clear water", "!condensate"),
            ("黑色或棕色的油", "Black or brown oil", "?leak-oil"),
            ("绿色、粉色或蓝色的水", "Green, pink or blue water", "!coolant-leak"),
            ("车轮附近的油状液体", "Oily liquid near a wheel", "!brake-fluid"),
            ("汽油味", "A smell of petrol", "!fuel"),
            ("冒烟或焦糊味", "Smoke or a burning smell", "!smoke"),
            ("空调吹出来的味道", "A smell from the vents", "!ac-smell"),
        ],
    ),
    "leak-oil": (
        "漏得多快？",
        "How fast?",
        [
            ("不停地滴，或者一大片", "It keeps dripping, or a large patch", "!oil-pressure"),
            ("几滴", "A few drops", "!oil-leak"),
        ],
    ),
    # Starting
    "start": (
        "启动时发生什么？",
        "What happens when you start it?",
        [
            ("没有任何反应", "Nothing at all", "!battery"),
            ("转得很慢", "It turns slowly", "!battery"),
            ("只有“嗒”的一声", "One click only", "!starter"),
            ("转动正常但不着车", "It turns but does not fire", "!no-start"),
            ("电动车上不了电", "An electric car that does not wake up", "!battery"),
        ],
    ),
    # Driving
    "drive": (
        "开起来哪里不对？",
        "What is wrong when driving?",
        [
            ("高速时抖动", "Shakes at speed", "?drive-shake"),
            ("跑偏", "Pulls to one side", "!alignment"),
            ("换挡顿挫", "Jerks when shifting", "?drive-shift"),
            ("加速没劲", "Little power", "?drive-power"),
            ("怠速抖动", "Shakes at idle", "!idle"),
            ("方向盘变重或卡滞", "Steering heavy or sticking", "!not-safe"),
        ],
    ),
    "drive-shake": (*_SAFE, safe("!balance")),
    "drive-shift": (*_SAFE, safe("!gearbox")),
    "drive-power": (
        "仪表上有灯亮吗？",
        "Is a warning lamp on?",
        [("有", "Yes", "?lamp-colour"), ("没有", "No", "!power")],
    ),
    # Climate
    "climate": (
        "空调哪里不对？",
        "What about it?",
        [
            ("不凉", "It does not cool", "?climate-since"),
            ("有异味", "It smells", "!ac-smell"),
            ("风小", "Little air", "!ac-weak"),
            ("暖风不热", "The heating stays cold", "!no-heat"),
        ],
    ),
    "climate-since": (*_SINCE, since("ac-cold")),
    # High voltage
    "electric": (
        "是哪方面的问题？",
        "What is it about?",
        [
            ("报高压或动力电池故障", "A high-voltage or battery warning", "!hv-fault"),
            ("充不进电", "It does not charge", "?electric-charge"),
            ("续航明显变短", "The range has become shorter", "!range"),
            ("加速时有啸叫", "It whines when accelerating", "!reducer"),
        ],
    ),
    "electric-charge": (
        "换一个充电桩能充吗？",
        "Does it charge at another charger?",
        [
            ("能", "Yes", "!charge-home"),
            ("都不能", "No", "!charge-port"),
            ("还没有试过", "Not tried", "!charge-home"),
        ],
    ),
    # Body
    "body": (
        "是哪里？",
        "Which one?",
        [
            ("前照灯、尾灯", "Headlamps, rear lamps", "!headlamp"),
            ("雨刮", "Wipers", "!wiper"),
            ("车内进水", "Water in the car", "!water"),
            ("车窗、门锁、屏幕等", "Windows, locks, screen", "!comfort"),
        ],
    ),
}
