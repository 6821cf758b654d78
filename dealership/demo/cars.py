"""Which cars come: brand, model, maker's code, powertrain, share among the store's customers, km a year."""

from __future__ import annotations

from typing import NamedTuple

from customers.choices import Powertrain


class Model(NamedTuple):
    brand: str
    name: str
    wmi: str
    powertrain: Powertrain
    weight: int
    km_a_year: int


MODELS = (
    Model("大众", "朗逸 1.5L", "LSV", Powertrain.PETROL, 14, 13000),
    Model("大众", "途观L 330TSI", "LSV", Powertrain.PETROL, 9, 15000),
    Model("大众", "ID.4 X", "LSV", Powertrain.ELECTRIC, 6, 14000),
    Model("别克", "君威 552T", "LSG", Powertrain.PETROL, 6, 13500),
    Model("丰田", "卡罗拉 双擎", "LFM", Powertrain.HYBRID, 8, 15500),
    Model("丰田", "凯美瑞 2.5G", "LVG", Powertrain.PETROL, 7, 14500),
    Model("本田", "雅阁 锐·混动", "LHG", Powertrain.HYBRID, 6, 15000),
    Model("日产", "轩逸 1.6L", "LGB", Powertrain.PETROL, 8, 12500),
    Model("比亚迪", "秦PLUS DM-i", "LC0", Powertrain.PLUG_IN, 10, 18000),
    Model("比亚迪", "汉EV", "LC0", Powertrain.ELECTRIC, 7, 17000),
    Model("吉利", "星越L 2.0TD", "L6T", Powertrain.PETROL, 6, 14000),
    Model("长安", "CS75 PLUS", "LS5", Powertrain.PETROL, 6, 13000),
    Model("哈弗", "H6 国潮版", "LGW", Powertrain.PETROL, 5, 13500),
    Model("奥迪", "A6L 45 TFSI", "LFV", Powertrain.PETROL, 4, 15000),
)
COLOURS = ("白", "黑", "灰", "银", "蓝", "红", "棕")
NEW_ENERGY = {Powertrain.ELECTRIC, Powertrain.PLUG_IN}
