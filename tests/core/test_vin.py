import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.vin import check_digit, check_digit_ok, is_vin, normalise_vin, validate_vin

CHARS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
vins = st.text(CHARS, min_size=17, max_size=17)


@pytest.mark.parametrize(
    "vin", ["LATPAB071W1005301", "1M8GDM9AXKP042788", "11111111111111111", "1m8gdm9axkp042788", "１M8GDM9AXKP042788"]
)
def test_published_numbers_have_the_right_check_digit(vin):
    assert check_digit_ok(vin)


@pytest.mark.parametrize("vin", ["LATPAB072W1005301", "1M8GDM9A0KP042788", "", "LATPAB071W100530", "LATPAB071W10O5301"])
def test_wrong_check_digits(vin):
    assert not check_digit_ok(vin)


def test_a_wrong_check_digit_does_not_refuse_the_car():
    validate_vin("LATPAB072W1005301")


@pytest.mark.parametrize(("vin", "code"), [("LATPAB071W100530", "vin_length"), ("", "vin_length"), ("LATPAB071W10O5301", "vin_chars"),
                                           ("LATPAB071W10中5301", "vin_chars")])  # fmt: skip
def test_length_and_characters_are_enforced(vin, code):
    with pytest.raises(ValidationError) as refused:
        validate_vin(vin)
    assert refused.value.code == code


@given(vins)
def test_the_computed_digit_makes_any_number_right(vin):
    right = vin[:8] + check_digit(vin) + vin[9:]
    assert check_digit_ok(right)
    assert normalise_vin(f" {right[:9].lower()} {right[9:]}") == right
    assert is_vin(right)


# Letters that share a value (A, J, 1) are the only single slips that the digit cannot see.
@given(vins, st.integers(0, 16), st.sampled_from("0123456789"))
def test_a_wrong_digit_anywhere_is_noticed(vin, place, typed):
    right = vin[:8] + check_digit(vin) + vin[9:]
    if place != 8 and right[place].isdigit() and right[place] != typed:
        assert not check_digit_ok(right[:place] + typed + right[place + 1 :])
