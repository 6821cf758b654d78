from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import LIMIT, capital, format_money, money, parse_money

amounts = st.decimals(min_value=-LIMIT, max_value=LIMIT, places=2)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("2.675", "2.68"),
        ("2.665", "2.67"),
        ("-2.665", "-2.67"),
        ("0.004", "0.00"),
        ("-0.004", "0.00"),
        (7, "7.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_money_rounds_half_away_from_zero(value, rounded):
    assert str(money(value)) == rounded


def test_money_is_never_a_float():
    with pytest.raises(TypeError):
        money(2.5)


@pytest.mark.parametrize("value", ["1000000000000", "999999999999.995", "NaN", "Infinity", "ten", "1e30"])
def test_money_refuses_what_is_no_amount(value):
    with pytest.raises(ValueError, match="not an amount"):
        money(value)


@given(st.integers(-(10**14), 10**14))
def test_rounding_equals_counting_in_mills(mills):
    expected = (abs(mills) + 5) // 10 * (1 if mills >= 0 else -1)
    assert money(Decimal(mills) / 1000) * 100 == expected


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("80", "80.00"),
        ("1,234.5", "1234.50"),
        (" ¥1 234.50 ", "1234.50"),
        ("￥８０．５", "80.50"),
        ("12。5", "12.50"),
        ("80元", "80.00"),
        (".5", "0.50"),
        ("-3.20", "-3.20"),
        ("0.500", "0.50"),
    ],
)
def test_what_people_type_is_understood(typed, amount):
    assert str(parse_money(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.005", "decimals"),
        ("0.001", "decimals"),
        ("1,23", "invalid"),
        ("12,34,567", "invalid"),
        ("", "invalid"),
        ("eighty", "invalid"),
        ("1e3", "invalid"),
        ("--1", "invalid"),
        ("1000000000000", "too_large"),
        ("9" * 60, "too_large"),
    ],
)
def test_a_wrong_amount_is_refused_with_its_reason(typed, code):
    with pytest.raises(ValidationError) as refused:
        parse_money(typed)
    assert refused.value.code == code
    assert refused.value.messages[0]


@given(amounts)
def test_an_amount_survives_being_shown_and_typed_again(amount):
    assert parse_money(format_money(amount)) == amount


@pytest.mark.parametrize(
    ("value", "shown"), [("1234.5", "1,234.50"), ("-1234567", "-1,234,567.00"), ("0", "0.00"), ("999.995", "1,000.00")]
)
def test_thousands_are_separated_in_every_language(value, shown):
    assert format_money(value) == shown


# Samples: 会计基础工作规范 §52 and 支付结算办法 annex 1, where they leave no choice, and the borders of each rule.
CAPITALS = [
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角整"),
    ("0.55", "伍角伍分"),
    ("1", "壹元整"),
    ("10", "壹拾元整"),
    ("1.05", "壹元零伍分"),
    ("100.50", "壹佰元伍角整"),
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("100001", "壹拾万零壹元整"),
    ("1000000", "壹佰万元整"),
    ("100000001", "壹亿零壹元整"),
    ("100010000", "壹亿零壹万元整"),
    ("100001234", "壹亿零壹仟贰佰叁拾肆元整"),
    ("1020300", "壹佰零贰万零叁佰元整"),
    ("-12.30", "负壹拾贰元叁角整"),
    ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]


@pytest.mark.parametrize(("value", "words"), CAPITALS)
def test_capital_amounts_of_the_rule_book(value, words):
    assert capital(value) == words


def read_back(words: str) -> Decimal:
    """Slow and plain: adds up what is written, character by character."""
    sign = -1 if words.startswith("负") else 1
    total = group = digit = Decimal(0)
    for char in words.removeprefix("负"):
        if char in "零壹贰叁肆伍陆柒捌玖":
            digit = Decimal("零壹贰叁肆伍陆柒捌玖".index(char))
        elif char in "拾佰仟":
            group += digit * {"拾": 10, "佰": 100, "仟": 1000}[char]
            digit = Decimal(0)
        elif char in "亿万元":
            total += (group + digit) * {"亿": 10**8, "万": 10**4, "元": 1}[char]
            group = digit = Decimal(0)
        elif char in "角分":
            total += digit * {"角": Decimal("0.1"), "分": Decimal("0.01")}[char]
            digit = Decimal(0)
        else:
            assert char == "整"
    return sign * total


# Sums with many zeros, where the rules bite, are rare among evenly drawn ones.
sparse = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 13)), min_size=1, max_size=4).map(
    lambda digits: (
        Decimal(sum(digit * 10**place for place, digit in {place: digit for digit, place in digits}.items())) / 100
    )
)


@given(amounts | sparse)
@example(Decimal("100000000000.01"))
@example(Decimal("900000000.00"))
def test_capital_reads_back_as_the_same_amount(amount):
    words = capital(amount)
    assert read_back(words) == amount
    assert words.endswith("整") == (words[-1] != "分")
    assert "零零" not in words
    assert not any(f"零{unit}" in words for unit in "亿万拾佰仟角分整")
    assert "零元" not in words or words == "零元整"
