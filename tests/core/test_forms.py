"""Form bases: what people type at a counter, the hidden version, the pickers of the browser."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.utils import translation

from core.forms import CrispyForm, CrispyModelForm, FilterForm, MoneyField, PhoneField, PlateField, VinField
from stores.models import Bay


class Everything(CrispyForm):
    plate = PlateField()
    phone = PhoneField(required=False)
    vin = VinField(required=False)
    amount = MoneyField(required=False)
    day = forms.DateField(required=False)
    at = forms.DateTimeField(required=False)
    hour = forms.TimeField(required=False)


def cleaned(**data) -> dict:
    form = Everything({"plate": "沪A12345", **data})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def errors(**data) -> dict:
    return Everything({"plate": "沪A12345", **data}).errors


class TestFields:
    @pytest.mark.parametrize("typed", ["沪a12345", " 沪A 12345 ", "沪A·12345"])
    def test_plate(self, typed):
        assert cleaned(plate=typed)["plate"] == "沪A12345"

    @pytest.mark.parametrize("typed", ["12345", "沪A1234567", "XX"])
    def test_no_plate(self, typed):
        assert list(errors(plate=typed)) == ["plate"]

    @pytest.mark.parametrize("typed", ["138 1234 8000", "+86 138-1234-8000", "8613812348000"])
    def test_phone(self, typed):
        assert cleaned(phone=typed)["phone"] == "13812348000"

    def test_no_phone(self):
        assert list(errors(phone="12")) == ["phone"]

    def test_a_vin_with_a_wrong_check_digit_passes(self):
        assert cleaned(vin="lsvaa49j1321 23456")["vin"] == "LSVAA49J132123456"

    @pytest.mark.parametrize("typed", ["LSVAA49J13212345", "LSVAA49J13212345O"])
    def test_a_vin_of_wrong_length_or_letters_does_not(self, typed):
        assert list(errors(vin=typed)) == ["vin"]

    @pytest.mark.parametrize(
        ("typed", "amount"), [("1,234.5", "1234.50"), ("￥80", "80.00"), ("０", "0.00"), ("9999999", "9999999.00")]
    )
    def test_amount(self, typed, amount):
        assert cleaned(amount=typed)["amount"] == Decimal(amount)

    @pytest.mark.parametrize("typed", ["1.234", "-1", "abc", "10000000", "NaN", "1e3"])
    def test_no_amount(self, typed):
        assert list(errors(amount=typed)) == ["amount"]

    def test_an_amount_may_be_left_out_or_below_zero_where_asked(self):
        assert cleaned(amount="")["amount"] is None
        assert MoneyField(min_value=None).clean("-5") == Decimal("-5.00")


class TestPickers:
    """The browser's own pickers know ISO only, whatever the language of the page."""

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_values_are_iso(self, language):
        zone = ZoneInfo("Asia/Shanghai")
        initial = {"day": date(2026, 11, 2), "at": datetime(2026, 11, 2, 16, 30, tzinfo=zone), "hour": time(9, 5)}
        with translation.override(language):
            form = Everything(initial=initial)
            assert 'type="date"' in str(form["day"]) and 'value="2026-11-02"' in str(form["day"])
            assert 'type="datetime-local"' in str(form["at"]) and 'value="2026-11-02T16:30"' in str(form["at"])
            assert 'type="time"' in str(form["hour"]) and 'value="09:05"' in str(form["hour"])

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_and_are_read_back(self, language):
        with translation.override(language):
            data = cleaned(day="2026-11-02", at="2026-11-02T16:30", hour="09:05")
        assert data["day"] == date(2026, 11, 2)
        assert data["at"] == datetime(2026, 11, 2, 16, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert data["hour"] == time(9, 5)


class BayForm(CrispyModelForm):
    class Meta:
        model = Bay
        fields = ("code",)


class Versioned(Bay):
    version = 4

    class Meta:
        proxy = True
        app_label = "stores"


class VersionedForm(CrispyModelForm):
    class Meta:
        model = Versioned
        fields = ("code",)


class TestVersion:
    def test_is_hidden_and_comes_back(self):
        page = render_crispy_form(Everything(version=3))
        assert '<input type="hidden" name="version" value="3"' in page
        form = Everything({"plate": "沪A12345", "version": "3"}, version=5)
        assert form.is_valid()
        assert form.cleaned_data["version"] == 3

    def test_must_come_back(self):
        assert list(Everything({"plate": "沪A12345"}, version=3).errors) == ["version"]

    def test_is_not_there_unless_asked_for(self):
        assert "version" not in Everything().fields

    def test_a_stored_row_brings_its_own(self):
        assert VersionedForm(instance=Versioned(pk=1))["version"].initial == 4
        assert "version" not in VersionedForm(instance=Versioned()).fields
        assert "version" not in BayForm(instance=Bay(pk=1)).fields


class TestRendering:
    def test_no_form_tag_of_its_own_and_no_inline_style_or_script(self):
        page = render_crispy_form(Everything({"plate": "x"}), context={"csrf_token": "t"})
        assert "<form" not in page
        assert "style=" not in page
        assert "<script" not in page

    def test_errors_stand_on_top_with_links_and_are_tied_to_their_fields(self):
        page = render_crispy_form(Everything({"plate": "x", "amount": "1.234"}))
        assert 'tabindex="-1" data-error-summary' in page
        assert 'href="#id_plate"' in page
        assert 'href="#id_amount"' in page
        assert 'aria-describedby="id_plate_error"' in page
        assert 'id="id_plate_error"' in page

    def test_a_refusal_that_belongs_to_no_field_is_shown_once(self):
        form = Everything({"plate": "沪A12345"})
        assert form.is_valid()
        form.add_error(None, "The slot is taken.")
        assert render_crispy_form(form).count("The slot is taken.") == 1

    def test_filters_need_nothing_and_keep_the_token_out_of_the_address(self):
        class Filter(FilterForm):
            day = forms.DateField()

        form = Filter({})
        assert form.is_valid()
        assert "csrfmiddlewaretoken" not in render_crispy_form(form, context={"csrf_token": "t"})
