import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.plates import PROVINCES, PlateKind, format_plate, is_new_energy, is_plate, normalise_plate, validate_plate

PASS = ["京A12345", "粤BD12345", "粤B12345D", "京A1234警", "粤Z1234港", "粤Z1234澳", "使014578", "014578使", "沪A1B2C3", "苏E1234学", "鲁H1234挂",
        "晋A1234试", "赣C1234超", "沪A1234领", "京AF02368", "粤BA12345", "粤B12345K", "琼A00001"]  # fmt: skip
REJECT = ["京O12345", "京A1234O", "京AI2345", "粤BF1234F", "京I12345", "京A1234", "京A123456", "北A12345", "A12345", "", "使14578", "粤BL12345",
          "粤A1234港", "京A12345警", "WJ12345", "京A12345\n京A12345"]  # fmt: skip


@pytest.mark.parametrize("plate", PASS)
def test_plates_of_every_kind_pass(plate):
    assert is_plate(plate)
    validate_plate(plate)


@pytest.mark.parametrize("plate", REJECT)
def test_what_is_no_plate_is_refused(plate):
    assert not is_plate(plate)
    with pytest.raises(ValidationError) as refused:
        validate_plate(plate)
    assert refused.value.code == "plate"


def test_there_are_31_provinces():
    assert len(set(PROVINCES)) == len(PROVINCES) == 31


@pytest.mark.parametrize(
    "typed",
    [
        "粤b·12345",
        " 粤B 12345 ",
        "粤B•12345",
        "粤B-12345",
        "粤Ｂ１２３４５",
        "粤B．12345",
        "粤B・12345",
        "粤B\u300012345",
    ],
)
def test_one_spelling_per_plate(typed):
    assert normalise_plate(typed) == "粤B12345"
    assert is_plate(typed)


def test_letters_that_look_like_digits_are_named(settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(ValidationError, match="1234O"):
        validate_plate("京A1234O")


def test_only_a_standard_plate_follows_the_pattern():
    validate_plate("WJ京12345", kind=PlateKind.ARMED_POLICE)
    validate_plate("京A临1234567", kind=PlateKind.TEMPORARY)
    validate_plate("", kind=PlateKind.NONE)
    for plate, kind in [("", PlateKind.MILITARY), ("X" * 21, PlateKind.TEMPORARY), ("京A12345", PlateKind.NONE)]:
        with pytest.raises(ValidationError):
            validate_plate(plate, kind=kind)


letter, digit = st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"), st.sampled_from("0123456789")
either = letter | digit
head = st.tuples(st.sampled_from(PROVINCES), letter).map("".join)
plates = st.one_of(
    st.tuples(head, st.lists(either, min_size=5, max_size=5).map("".join)).map("".join),
    st.tuples(head, st.sampled_from("ABCDEFGHJK"), either, st.lists(digit, min_size=4, max_size=4).map("".join)).map(
        "".join
    ),
    st.tuples(head, st.lists(digit, min_size=5, max_size=5).map("".join), st.sampled_from("ABCDEFGHJK")).map("".join),
)


@given(plates)
def test_a_plate_survives_being_shown_and_typed_again(plate):
    assert normalise_plate(format_plate(plate).lower()) == plate
    assert is_plate(format_plate(plate))
    assert is_new_energy(plate) == (len(plate) == 8)


@given(plates, st.integers(1, 6), st.sampled_from("IO"))
def test_no_plate_has_i_or_o(plate, place, char):
    assert not is_plate(plate[:place] + char + plate[place + 1 :])


@given(st.text(max_size=12))
def test_any_text_gets_an_answer_and_normalising_is_stable(text):
    once = normalise_plate(text)
    assert is_plate(text) == is_plate(once)
    try:
        validate_plate(text)
    except ValidationError:
        assert not is_plate(text)
    else:
        assert is_plate(text)


def test_texts_that_are_no_plates_are_shown_as_they_are():
    assert [format_plate(text) for text in ("粤BD12345", "使014578", "WJ京12345", "")] == [
        "粤B·D12345",
        "使014578",
        "WJ京12345",
        "",
    ]
