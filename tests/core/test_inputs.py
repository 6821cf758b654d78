"""Large inputs read what their components post, with JavaScript or without, and refuse what was tampered with."""

from __future__ import annotations

import base64
import json
from decimal import Decimal

import pytest
from crispy_forms.utils import render_crispy_form
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from core.forms import CrispyForm
from core.inputs import MAX_PHOTO, Answer, ChecklistField, DamageField, PhotosField, Signature, SignatureField

ZONES = [("front", "Front"), ("roof", "Roof")]
KINDS = [("scratch", "Scratch"), ("dent", "Dent")]
ITEMS = [
    {"key": 1, "name": "Oil", "kind": "check", "required": True},
    {"key": 2, "name": "Tread", "kind": "value", "unit": "mm", "low": Decimal("1.6"), "high": 10, "required": True},
    {"key": 3, "name": "Remarks", "kind": "text"},
    {"key": 4, "name": "Horn", "kind": "check", "photo": True},
]
PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()
STROKES = json.dumps([{"points": [{"x": 1, "y": 2}]}])


class SignatureForm(CrispyForm):
    sig = SignatureField(text="I order the work.")


class DamageForm(CrispyForm):
    marks = DamageField(zones=ZONES, kinds=KINDS, required=False)


class PhotosForm(CrispyForm):
    photos = PhotosField(max_photos=2)


class ChecksForm(CrispyForm):
    checks = ChecklistField(items=ITEMS)


def photo(name="a.jpg", size=3):
    file = SimpleUploadedFile(name, b"abc")
    file.size = size
    return file


class TestSignature:
    def of(self, **data):
        form = SignatureForm(data)
        return form.cleaned_data["sig"] if form.is_valid() else form.errors["sig"].as_data()[0].code

    def test_drawn(self):
        signed = self.of(sig_strokes=STROKES, sig_png=PNG)
        assert signed == Signature(strokes=json.loads(STROKES), png=b"\x89PNG\r\n\x1a\nrest", typed="")

    def test_typed(self):
        assert self.of(sig_typed=" 陈静 ") == Signature(typed="陈静")

    def test_neither(self):
        assert self.of() == "required"
        assert self.of(sig_typed="  ") == "required"

    def test_a_picture_without_strokes_is_no_signature(self):
        assert self.of(sig_png=PNG) == "required"

    @pytest.mark.parametrize(
        "data",
        [
            {"sig_strokes": "not json", "sig_png": PNG},
            {"sig_strokes": '{"a": 1}', "sig_png": PNG},
            {"sig_strokes": STROKES, "sig_png": "data:image/svg+xml;base64,PHN2Zz4="},
            {"sig_strokes": STROKES, "sig_png": "data:image/png;base64," + base64.b64encode(b"GIF89a").decode()},
            {"sig_strokes": STROKES, "sig_png": "data:image/png;base64,%%%"},
            {"sig_strokes": STROKES, "sig_png": PNG + "A" * 700_000},
        ],
    )
    def test_tampered_or_torn(self, data):
        assert self.of(**data) == "invalid"

    def test_stays_after_an_error_elsewhere(self):
        page = render_crispy_form(SignatureForm({"sig_strokes": STROKES, "sig_typed": "陈静"}))
        assert 'value="陈静"' in page
        assert "&quot;points&quot;" in page


class TestDamage:
    def of(self, **data):
        form = DamageForm(data)
        return form.cleaned_data["marks"] if form.is_valid() else form.errors["marks"].as_data()[0].code

    def test_marks_of_the_drawing(self):
        marks = [{"zone": "front", "kind": "dent", "x": 50.126, "y": 8, "note": " deep "}]
        assert self.of(marks=json.dumps(marks)) == [
            {"zone": "front", "kind": "dent", "x": Decimal("50.13"), "y": Decimal(8), "note": "deep"}
        ]

    def test_rows_without_javascript(self):
        data = {
            "marks": "",
            "marks-zone-1": "roof",
            "marks-kind-1": "scratch",
            "marks-note-1": "8 cm",
            "marks-zone-2": "",
        }
        assert self.of(**data) == [{"zone": "roof", "kind": "scratch", "x": None, "y": None, "note": "8 cm"}]

    def test_none(self):
        assert self.of() == []

    @pytest.mark.parametrize(
        "text",
        [
            "nonsense",
            '{"zone": "front"}',
            '[{"zone": "moon", "kind": "dent"}]',
            '[{"zone": "front", "kind": "spell"}]',
            '[{"zone": "front", "kind": "dent", "x": 101, "y": 1}]',
            '[{"zone": "front", "kind": "dent", "x": "NaN", "y": 1}]',
            "[3]",
        ],
    )
    def test_tampered(self, text):
        assert self.of(marks=text) == "invalid"

    def test_too_many(self):
        assert self.of(marks=json.dumps([{"zone": "front", "kind": "dent"}] * 61)) == "too_many"

    def test_is_shown_again(self):
        page = render_crispy_form(DamageForm({"marks": '[{"zone":"roof","kind":"dent"}]'}))
        assert "[{&quot;zone&quot;:&quot;roof&quot;,&quot;kind&quot;:&quot;dent&quot;}]" in page


class TestPhotos:
    def of(self, *files):
        form = PhotosForm({}, MultiValueDict({"photos": list(files)}))
        return form.cleaned_data["photos"] if form.is_valid() else form.errors["photos"].as_data()[0].code

    def test_several(self):
        files = [photo("a.jpg"), photo("b.heic")]
        assert self.of(*files) == files

    def test_none(self):
        assert self.of() == "required"

    def test_too_many(self):
        assert self.of(photo(), photo(), photo()) == "too_many"

    def test_too_large(self):
        assert self.of(photo(size=MAX_PHOTO + 1)) == "too_large"
        assert len(self.of(photo(size=MAX_PHOTO))) == 1

    def test_empty(self):
        assert self.of(photo(size=0)) == "empty"

    def test_form_knows_it_carries_files_and_says_what_to_choose_again(self):
        form = PhotosForm({}, MultiValueDict({"photos": [photo(), photo(), photo()]}))
        assert form.is_multipart()
        assert "3" in render_crispy_form(form).split("warn-text")[1].split("</p>")[0]


class TestChecklist:
    GOOD = {"checks-1-state": "ok", "checks-2-state": "ok", "checks-2-value": "4.5", "checks-4-state": "na"}

    def of(self, **changes):
        form = ChecksForm({**self.GOOD, **changes}, MultiValueDict())
        if form.is_valid():
            return form.cleaned_data["checks"]
        return form.fields["checks"].widget.problems

    def test_answers(self):
        assert self.of(**{"checks-3-note": "all well"}) == {
            "1": Answer(state="ok"),
            "2": Answer(state="ok", value=Decimal("4.5")),
            "3": Answer(state="ok", note="all well"),
            "4": Answer(state="na"),
        }

    def test_what_is_not_required_may_stay_open(self):
        assert self.of(**{"checks-4-state": ""})["4"] == Answer()

    @pytest.mark.parametrize(
        ("changes", "key"),
        [
            ({"checks-1-state": ""}, "1"),
            ({"checks-1-state": "maybe"}, "1"),
            ({"checks-1-state": "fail"}, "1"),
            ({"checks-2-value": ""}, "2"),
            ({"checks-2-value": "1.59"}, "2"),
            ({"checks-2-value": "10.01"}, "2"),
            ({"checks-2-value": "four"}, "2"),
            ({"checks-2-value": "Infinity"}, "2"),
            ({"checks-2-value": "NaN"}, "2"),
        ],
    )
    def test_what_is_missing_or_cannot_be(self, changes, key):
        assert list(self.of(**changes)) == [key]

    @pytest.mark.parametrize("value", ["1.6", "10"])
    def test_the_ends_of_the_range_are_in_order(self, value):
        assert self.of(**{"checks-2-value": value})["2"].value == Decimal(value)

    def test_out_of_range_passes_as_not_in_order_with_a_reason(self):
        answers = self.of(**{"checks-2-value": "1.2", "checks-2-state": "fail", "checks-2-note": "worn"})
        assert answers["2"] == Answer(state="fail", value=Decimal("1.2"), note="worn")

    def test_photos_come_along(self):
        picture = photo()
        form = ChecksForm(self.GOOD, MultiValueDict({"checks-4-photo": [picture]}))
        assert form.is_valid()
        assert form.cleaned_data["checks"]["4"].photos == (picture,)

    def test_one_forms_problems_are_not_another_ones(self):
        assert not ChecksForm({}, MultiValueDict()).is_valid()
        assert "check-problem" not in render_crispy_form(ChecksForm())

    def test_answers_and_problems_are_shown_again(self):
        form = ChecksForm({**self.GOOD, "checks-2-value": "1.2"}, MultiValueDict())
        page = render_crispy_form(form)
        assert 'value="1.2"' in page
        assert 'id="checks-2-error"' in page
        assert page.count(" checked") == 3
