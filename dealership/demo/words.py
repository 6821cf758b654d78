"""Names, plates, VINs and phone numbers that look real and belong to nobody: all follow from a running number."""

from __future__ import annotations

from random import Random

from core.vin import check_digit

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖"
    "田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹"
    "孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英辉玲华文建国志海波斌浩宇"
    "轩子涵梓睿晨欣怡佳琪雨桐思源嘉豪俊熙雅婷梦洁晓东立新春梅红霞小龙国庆永康玉珍淑慧"
)
PROVINCES = "沪苏浙皖"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MOBILE = (
    "130",
    "131",
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "177",
    "180",
    "181",
    "186",
    "187",
    "188",
    "189",
    "199",
)
# A step that shares no factor with 100,000 walks through all five-digit tails in an order nobody sees.
STRIDE = 38_677
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"


def person_name(random: Random) -> str:
    given = random.choice(GIVEN)
    if random.random() < 0.72:
        given += random.choice(GIVEN)
    return random.choice(SURNAMES) + given


def mobile(random: Random) -> str:
    return f"{random.choice(MOBILE)}{random.randrange(100_000_000):08d}"


def plate(number: int, *, new_energy: bool, pure_electric: bool = True) -> str:
    """The `number`-th plate; distinct for numbers below 9.6 million."""
    tail, rest = number * STRIDE % 100_000, number // 100_000
    city, province = LETTERS[rest % 24], PROVINCES[rest // 24 % 4]
    return f"{province}{city}{'D' if pure_electric else 'F'}{tail:05d}" if new_energy else f"{province}{city}{tail:05d}"


def vin(number: int, wmi: str, year: int) -> str:
    """A VIN with a correct check digit; distinct for numbers below ten million under one WMI."""
    body = f"{wmi}{number // 1_000_000:03d}AB0{YEAR_CODES[(year - 2010) % 30]}M{number % 1_000_000:06d}"
    return f"{body[:8]}{check_digit(body)}{body[9:]}"
