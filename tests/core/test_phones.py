import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.phones import is_mobile, is_phone, mask_phone, normalise_phone, validate_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13812348000", "13812348000"),
        ("138 1234 8000", "13812348000"),
        ("138-1234-8000", "13812348000"),
        ("+86 138 1234 8000", "13812348000"),
        ("+86-13812348000", "13812348000"),
        ("008613812348000", "13812348000"),
        ("8613812348000", "13812348000"),
        ("１３８１２３４８０００", "13812348000"),
        ("021-62345678", "02162345678"),
        ("(021) 62345678", "02162345678"),
        ("02162345678", "02162345678"),
        ("0755-2345678", "07552345678"),
        ("021-62345678-801", "02162345678-801"),
        ("02162345678-801", "02162345678-801"),
        ("400-820-1234", "4008201234"),
    ],
)
def test_one_spelling_per_number(typed, stored):
    assert normalise_phone(typed) == stored
    assert normalise_phone(stored) == stored
    assert is_phone(stored)
    validate_phone(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "12812348000", "1381234800", "138123480000", "62345678", "110", "400-820-123", "call me", "+1 202 555 0100"],
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError) as refused:
        validate_phone(typed)
    assert refused.value.code == "phone"


def test_only_a_mobile_takes_an_sms():
    assert is_mobile("13812348000")
    assert not is_mobile("02162345678")


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812348000", "138****8000"),
        ("02162345678", "021****5678"),
        ("02162345678-801", "021****5678-*"),
        ("4008201234", "400***1234"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masked_numbers(phone, masked):
    assert mask_phone(phone) == masked


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_mobile_hides_four_digits(phone):
    masked = mask_phone(phone)
    assert len(masked) == 11
    assert masked.count("*") == 4


@given(st.text(max_size=25))
def test_any_text_gets_an_answer(text):
    stored = normalise_phone(text)
    assert normalise_phone(stored) == stored or not is_phone(stored)
    mask_phone(stored)
