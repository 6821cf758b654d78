"""Tags and filters: what stands in every row of a board."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from core import durations, looks
from core.stages import Stage
from core.templatetags import ui

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)  # 16:00 in Shanghai


@pytest.fixture(autouse=True)
def english_at_four():
    with translation.override("en"), time_machine.travel(NOW, tick=False):
        yield


def show(template: str, **context) -> str:
    return Template("{% load ui %}" + template).render(Context(context))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


class TestMoney:
    def test_thousands_in_every_language(self):
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert show("{{ a|money }}", a=Decimal("1234567.5")) == "1,234,567.50"

    def test_unknown_is_a_dash_and_zero_is_not(self):
        assert show("{{ a|money }}{{ b|money }}{{ c|money }}", a=None, b="", c=Decimal(0)) == "––0.00"

    def test_tag(self):
        assert text_of(show("{% money a %}", a=Decimal("12.5"))) == "¥ 12.50"
        assert text_of(show("{% money a %}", a=Decimal(0))) == "¥ 0.00"
        assert text_of(show("{% money a %}{% money b %}", a=None, b="")) == "– –"

    def test_capitals(self):
        assert show("{{ a|capital }}", a=Decimal("1234.5")) == "壹仟贰佰叁拾肆元伍角整"


class TestPlate:
    @pytest.mark.parametrize(
        ("stored", "shown"),
        [("沪A12345", "沪A·12345"), ("沪AD12345", "沪A·D12345"), ("WJ沪1234", "WJ沪1234"), ("FOREIGN", "FOREIGN")],
    )
    def test_text(self, stored, shown):
        assert show("{{ p|plate }}", p=stored) == shown
        assert text_of(show("{% plate p %}", p=stored)) == shown

    def test_new_energy_is_green_and_says_so(self):
        assert 'class="plate plate-nev" title="New-energy vehicle"' in show("{% plate p %}", p="沪AD12345")
        assert 'class="plate"' in show("{% plate p %}", p="沪A12345")

    def test_none(self):
        assert text_of(show("{% plate p %}", p="")) == "no plate"


class TestPerson:
    @pytest.mark.parametrize(
        ("who", "shown"),
        [
            (SimpleNamespace(name="王芳"), "芳 王芳"),
            (SimpleNamespace(label="reactions"), "R reactions"),
            ("li qiang", "L li qiang"),
            (None, "nobody yet"),
            ("", "nobody yet"),
        ],
    )
    def test_shown(self, who, shown):
        assert text_of(show("{% person who %}", who=who)) == shown

    def test_names_are_escaped(self):
        assert "<b>" not in show("{% person who detail=d %}", who="<b>", d="<b>")


def test_phone_is_masked():
    assert show("{{ p|phone }}", p="13812348000") == "138****8000"


class TestChip:
    def test_member_brings_its_label(self):
        page = show("{% chip s %}", s=Stage.REPAIR)
        assert text_of(page) == "Repair"
        assert 'class="chip chip-idle"' in page
        assert "#wrench-adjustable" in page

    def test_unknown_word_is_neutral(self):
        assert 'class="chip chip-idle"' in show("{% chip 'never-heard' %}")

    def test_overrides(self):
        page = show("{% chip 'done' tone='bad' icon='alarm' label='Late' %}")
        assert ('class="chip chip-bad"' in page, "#alarm" in page, text_of(page)) == (True, True, "Late")

    def test_choice_field_of_a_row(self):
        row = SimpleNamespace(stage="repair", get_stage_display=lambda: "Repair")
        assert text_of(show("{% chip_of row 'stage' %}", row=row)) == "Repair"

    def test_never_colour_alone(self):
        for code in {*looks.STATES, *looks.STAGES}:
            page = ui.chip(code)
            assert text_of(page) == code
            assert "<use href=" in page

    def test_labels_are_escaped(self):
        assert "<b>" not in show("{% chip 'x' label=l %}", l="<b>")


class TestPromise:
    def of(self, minutes=None, met=None, **context):
        due = None if minutes is None else NOW + timedelta(minutes=minutes)
        met_at = None if met is None else NOW + timedelta(minutes=met)
        page = show("{% promise due met_at=met_at %}", due=due, met_at=met_at)
        state = re.search(r'data-state="(\w+)"', page)
        return (state[1] if state else None), text_of(page), page

    @pytest.mark.parametrize(
        ("minutes", "met", "state", "text"),
        [
            (130, None, "fine", "18:10 in 2 h 10 min"),
            (30, None, "fine", "16:30 in 30 min"),
            (29, None, "at_risk", "16:29 in 29 min"),
            (0, None, "at_risk", "16:00 now"),
            (-8, None, "late", "15:52 8 min late"),
            (-60, -60, "kept", "15:00 kept"),
            (-60, -25, "broken", "15:00 broken, 35 min late"),
            (60 * 24, None, "fine", "11-22 16:00 in 1 d"),
        ],
    )
    def test_states(self, minutes, met, state, text):
        assert self.of(minutes, met)[:2] == (state, text)

    def test_only_running_promises_are_counted_down(self):
        assert "data-countdown" in self.of(5)[2]
        assert "data-countdown" in self.of(-5)[2]
        assert "data-countdown" not in self.of(-60, -60)[2]

    def test_none(self):
        assert self.of()[1] == "no time promised"

    def test_given_state_wins(self):
        page = show("{% promise due state='broken' %}", due=NOW + timedelta(hours=1))
        assert text_of(page) == "17:00 broken"


class TestTimes:
    @pytest.mark.parametrize(
        ("moment", "text"),
        [
            (NOW, "16:00"),
            (NOW - timedelta(days=1), "11-20 16:00"),
            (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59"),
            (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "01-01 00:00"),
            (date(2026, 3, 5), "03-05"),
            (date(2025, 3, 5), "2025-03-05"),
            (None, "–"),
        ],
    )
    def test_short(self, moment, text):
        assert ui.localtime_short(moment) == text

    def test_the_stores_zone_decides(self):
        with timezone.override("Asia/Urumqi"):
            assert ui.localtime_short(NOW) == "14:00"

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0, "0 min"),
            (59.4, "59 min"),
            (59.5, "1 h"),
            (125, "2 h 5 min"),
            (60 * 24, "1 d"),
            (60 * 24 + 59, "1 d"),
            (60 * 25, "1 d 1 h"),
            (timedelta(seconds=-90), "2 min"),
        ],
    )
    def test_span(self, value, text):
        assert durations.span(value) == text

    def test_before_and_after(self):
        assert ui.until(NOW + timedelta(minutes=12)) == "in 12 min"
        assert ui.until(NOW - timedelta(minutes=8)) == "8 min late"
        assert ui.ago(NOW - timedelta(hours=3)) == "3 h ago"
        assert ui.ago(NOW - timedelta(seconds=29)) == "now"


class TestTables:
    def head(self, query):
        request = RequestFactory().get(f"/x/{query}")
        page = show("{% sort_link 'plate' 'Plate' %}|{% sort_state 'plate' %}", request=request)
        link, state = page.split("|")
        return re.search(r'href="([^"]*)"', link)[1].replace("&amp;", "&"), state

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ("?sort=plate", "none")),
            ("?sort=plate", ("?sort=-plate", "ascending")),
            ("?sort=-plate", ("?sort=plate", "descending")),
            ("?kind=dent&page=3&sort=other", ("?kind=dent&sort=plate", "none")),
        ],
    )
    def test_order_lives_in_the_address(self, query, expected):
        assert self.head(query) == expected

    def test_numbers(self):
        assert (ui.number(1234567), ui.number(None), ui.percent(0.9345), ui.percent(None)) == (
            "1,234,567",
            "–",
            "93.5%",
            "–",
        )


class TestIcon:
    def test_decoration_is_hidden_and_meaning_is_told(self):
        assert 'aria-hidden="true"' in ui.icon("check-lg")
        labelled = ui.icon("check-lg", label="Done")
        assert 'role="img" aria-label="Done"' in labelled
        assert "aria-hidden" not in labelled


def test_words_for_scripts_are_whole_and_json():
    words = json.loads(json.dumps(ui.ui_text()))
    assert words["in"] == "in %(time)s"
    assert all(words.values())


def test_copies_of_a_sheet():
    assert ui.sheet_copies() == ["Customer's copy", "Store's copy"]
    assert ui.sheet_copies([""]) == [""]


def test_a_range_is_said_as_people_write_it():
    shown = [ui.limits(*edges) for edges in ((Decimal("3.00"), None), ("", "5"), ("3", Decimal("5.50")), (None, None))]
    assert shown == ["≥ 3", "≤ 5", "3–5.5", ""]
