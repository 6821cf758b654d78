"""Numbers of law and standards with source and date. A new edition is a new row with a later `valid_from`."""

from datetime import date
from decimal import Decimal

_REPAIR = "机动车维修管理规定（交通部令2005年第7号，修正至交通运输部令2023年第14号）质量保证期"
_SANBAO = "家用汽车产品修理更换退货责任规定（国家市场监督管理总局令第43号）第{}条"
_CONSUMER = "中华人民共和国消费者权益保护法（2013年修正）第{}条"
_COMPLAINT = "市场监督管理投诉举报处理暂行办法（国家市场监督管理总局令第20号）"
_SINCE_REPAIR, _SINCE_SANBAO, _SINCE_CONSUMER = date(2005, 8, 1), date(2022, 1, 1), date(2014, 3, 15)
_SINCE_COMPLAINT = date(2020, 1, 1)


def _number(code: str, value: str, unit: str, source: str, since: date, category: str = "") -> dict:
    return {
        "code": code,
        "category": category,
        "value": Decimal(value),
        "unit": unit,
        "source": source,
        "valid_from": since,
    }


def _guarantee(category: str, days: str, km: str) -> list[dict]:
    return [
        _number("guarantee_days", days, "days", _REPAIR, _SINCE_REPAIR, category),
        _number("guarantee_km", km, "km", _REPAIR, _SINCE_REPAIR, category),
    ]


NUMBERS = [
    # Quality guarantee from the day of completion, whichever comes first; the row without category is for all other repairs.
    *_guarantee("whole", "100", "20000"),
    *_guarantee("assembly", "100", "20000"),
    *_guarantee("second_level", "30", "5000"),
    *_guarantee("", "10", "2000"),
    # Three guarantees for family cars
    _number("sanbao_months", "24", "months", _SANBAO.format(18), _SINCE_SANBAO),
    _number("sanbao_km", "50000", "km", _SANBAO.format(18), _SINCE_SANBAO),
    _number("free_repair_months", "36", "months", _SANBAO.format(18), _SINCE_SANBAO),
    _number("free_repair_km", "60000", "km", _SANBAO.format(18), _SINCE_SANBAO),
    _number("assembly_swap_days", "60", "days", _SANBAO.format(20), _SINCE_SANBAO),
    _number("assembly_swap_km", "3000", "km", _SANBAO.format(20), _SINCE_SANBAO),
    _number("courtesy_car_after_days", "5", "days", _SANBAO.format(21), _SINCE_SANBAO),
    _number("return_total_repair_days", "30", "days", _SANBAO.format(24), _SINCE_SANBAO),
    _number("return_same_fault_times", "4", "times", _SANBAO.format(24), _SINCE_SANBAO),
    _number("sanbao_answer_working_days", "10", "working days", _SANBAO.format(28), _SINCE_SANBAO),
    _number("sanbao_done_working_days", "20", "working days", _SANBAO.format(28), _SINCE_SANBAO),
    _number("repair_records_years", "6", "years", _SANBAO.format(17), _SINCE_SANBAO),
    # Consumers
    _number("burden_of_proof_months", "6", "months", _CONSUMER.format(23), _SINCE_CONSUMER),
    _number("regulator_answer_working_days", "7", "working days", _CONSUMER.format(46), _SINCE_CONSUMER),
    _number("fraud_minimum_yuan", "500", "yuan", _CONSUMER.format(55), _SINCE_CONSUMER),
    _number("refusal_after_days", "15", "days", "侵害消费者权益行为处罚办法第8条", date(2015, 3, 15)),
    _number("complaint_accept_working_days", "7", "working days", _COMPLAINT, _SINCE_COMPLAINT),
    _number("complaint_mediation_working_days", "45", "working days", _COMPLAINT, _SINCE_COMPLAINT),
    # Personal data
    _number("impact_assessment_years", "3", "years", "中华人民共和国个人信息保护法第56条", date(2021, 11, 1)),
    # Technical
    _number("tread_depth_mm", "1.6", "mm", "GB 7258-2017 机动车运行安全技术条件 9.1.6", date(2018, 1, 1)),
]
