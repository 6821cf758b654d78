from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import models
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from journal import events
from journal.events import event
from journal.testing import assert_tellable, only_reactions


class Reason(models.TextChoices):
    PARTS = "parts", "waiting for parts"


@pytest.fixture(autouse=True)
def sandbox():
    with only_reactions():
        yield


def test_an_event_becomes_a_frozen_dataclass_known_by_its_name():
    @event("test.moved")
    class Moved:
        stage: str

    moved = Moved("repair")
    assert (moved.event_name, moved.stage, events.event_class("test.moved")) == ("test.moved", "repair", Moved)
    with pytest.raises(AttributeError):
        moved.stage = "wash"


@pytest.mark.parametrize("name", ["moved", "Test.moved", "test.moved.on", "test. moved", ""])
def test_names_say_app_and_what_happened(name):
    with pytest.raises(ValueError, match=r"app\.what_happened"):
        event(name)


def test_two_events_cannot_share_a_name():
    @event("test.moved")
    class Moved:
        stage: str

    with pytest.raises(ValueError, match="two events"):

        @event("test.moved")
        class Other:
            stage: str


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("amount", float),
        ("facts", dict),
        ("keyed", dict[int, int]),
        ("thing", object),
        ("either", int | str),
        ("deep", list[list[int]]),
        ("deeper", dict[str, list[int]]),
    ],
)
def test_only_keys_figures_and_codes_are_allowed(field, kind):
    with pytest.raises(TypeError, match="an event holds"):
        event("test.wrong")(type("Wrong", (), {"__annotations__": {field: kind}}))


@pytest.mark.parametrize("field", ["name", "customer_name", "phone", "note", "plate", "vin", "text", "customer_words"])
def test_fields_for_peoples_data_are_refused(field):
    with pytest.raises(TypeError, match="people's data"):
        event("test.wrong")(type("Wrong", (), {"__annotations__": {field: str}}))


@pytest.mark.parametrize("value", ["left brake squeaks", "王小明", "京A12345", "a" * 65, "x\n"])
def test_texts_that_are_no_codes_do_not_get_in(value):
    @event("test.moved")
    class Moved:
        stage: str

    with pytest.raises(ValueError, match="not a code"):
        events.to_data(Moved(value))


def declare_full():
    @event("test.full")
    class Full:
        sentence = "{count} / {code} / {amount} / {at} / {day} / {ok} / {ids} / {gone}"
        labels = {"code": Reason}

        count: int
        code: str
        amount: Decimal
        at: datetime
        day: date
        ok: bool
        ids: list[int]
        gone: int | None = None

    return Full


codes = st.text("abcXYZ019_.:/+-", max_size=64)


@given(
    st.integers(-(2**53), 2**53),
    codes,
    st.decimals(-(10**12), 10**12, places=2),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.dates(),
    st.booleans(),
    st.lists(st.integers(0, 2**53)),
    st.none() | st.integers(0, 9),
)
def test_every_payload_survives_storing(count, code, amount, at, day, ok, ids, gone):
    full = events.event_class("test.full") or declare_full()
    assert_tellable(full(count, code, amount, at, day, ok, ids, gone))


def test_figures_by_code_survive_storing():
    @event("test.scored")
    class Scored:
        sentence = "Scored: {factors}"

        factors: dict[str, Decimal] | None = None

    for evt in (Scored({"quality": Decimal("8.50")}), Scored({}), Scored()):
        assert_tellable(evt)
    assert events.to_data(Scored({"quality": Decimal("8.50")})) == {"factors": {"quality": "8.50"}}
    assert events.sentence("test.scored", {"factors": {"quality": "8.5"}}) == "Scored: quality 8.50"
    with pytest.raises(ValueError, match="not a code"):
        events.to_data(Scored({"王小明": Decimal(1)}))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        events.to_data(declare_full()(1, "", Decimal(1), datetime(2026, 1, 1), date(2026, 1, 1), True, []))  # noqa: DTZ001


def test_a_sentence_speaks_of_labels_money_and_local_time():
    declare_full()
    data = {
        "count": 1234,
        "code": "parts",
        "amount": "1234.5",
        "at": "2026-11-20T16:00:00+00:00",
        "day": "2026-11-21",
        "ok": True,
        "ids": [1, 2],
    }
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert events.sentence("test.full", data) == (
            "1234 / waiting for parts / 1,234.50 / 11/21/2026 midnight / 11/21/2026 / yes / 1, 2 / unknown"
        )


def test_history_stays_readable_when_the_class_has_changed():
    @event("test.moved")
    class Moved:
        stage: str
        ids: list[int]
        count: int = 7

    moved = events.from_data("test.moved", {"stage": "wash", "forgotten": 1})
    assert (moved.stage, moved.ids, moved.count) == ("wash", None, 7)


def test_an_unknown_event_is_shown_by_its_name():
    assert events.from_data("test.of_tomorrow", {"x": 1}) is None
    assert events.sentence("test.of_tomorrow", {"x": 1}) == "test.of_tomorrow"


def test_an_event_without_a_sentence_is_shown_by_its_name():
    @event("test.silent")
    class Silent:
        number: int

    assert events.sentence("test.silent", {"number": 1}) == "test.silent"
