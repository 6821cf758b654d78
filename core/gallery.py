"""Samples for /_gallery/: one of everything, in every state a component knows. Nothing here is stored."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import looks
from core.errors import Conflict
from core.forms import CrispyForm, FilterForm, MoneyField, PhoneField, PlateField, VinField
from core.inputs import ChecklistField, DamageField, PhotosField, SignatureField
from core.qr import qr_svg
from core.stages import JOURNEY

POLL_VERSION = 1
STORE = SimpleNamespace(name="远达汽车 浦东店", address="上海市浦东新区川沙路 1888 号", phone="021-5888 6600")
ZONES = [
    ("front", _("Front")),
    ("hood", _("Hood")),
    ("windscreen", _("Windscreen")),
    ("roof", _("Roof")),
    ("interior", _("Interior")),
    ("boot", _("Boot lid")),
    ("rear", _("Rear")),
    ("left_front", _("Left front")),
    ("left_rear", _("Left rear")),
    ("right_front", _("Right front")),
    ("right_rear", _("Right rear")),
    ("wheels", _("Wheels")),
]
KINDS = [("scratch", _("Scratch")), ("dent", _("Dent")), ("crack", _("Crack"))]
CHECKS = [
    {
        "key": 1,
        "name": _("Engine oil level and colour"),
        "kind": "check",
        "required": True,
        "group": _("Under the bonnet"),
    },
    {
        "key": 2,
        "name": _("Brake fluid, water content"),
        "kind": "value",
        "unit": "%",
        "low": 0,
        "high": 3,
        "required": True,
        "group": _("Under the bonnet"),
    },
    {
        "key": 3,
        "name": _("Tread depth, left front"),
        "kind": "value",
        "unit": "mm",
        "low": Decimal("1.6"),
        "high": 10,
        "required": True,
        "group": _("Wheels"),
    },
    {
        "key": 4,
        "name": _("Wheel bolts tightened to torque"),
        "kind": "check",
        "required": True,
        "photo": True,
        "group": _("Wheels"),
    },
    {"key": 5, "name": _("Remarks"), "kind": "text", "group": _("Wheels")},
]


class GalleryForm(CrispyForm):
    """Every kind of input once. Submitting it with the plate 沪A00000 shows a refusal of the domain."""

    plate = PlateField()
    phone = PhoneField(help_text=_("The person who hears from us."))
    vin = VinField(required=False)
    amount = MoneyField(label=_("Amount"), required=False)
    day = forms.DateField(label=_("Day"), required=False)
    promised_at = forms.DateTimeField(label=_("Promised time"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    words = forms.CharField(
        label=_("In the customer's own words"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    wash = forms.ChoiceField(
        label=_("Wash"), choices=[("full", _("Wash")), ("no", _("No wash"))], widget=forms.RadioSelect
    )
    reminded = forms.BooleanField(label=_("Reminded of valuables"), required=False)
    marks = DamageField(zones=ZONES, kinds=KINDS, label=_("Damage"), required=False)
    photos = PhotosField(label=_("Photos"), required=False)
    checks = ChecklistField(items=CHECKS, label=_("Checklist"), required=False)
    signature = SignatureField(label=_("Signature"), text=_("I have read the estimate and order the work."))


class GalleryFilter(FilterForm):
    q = forms.CharField(label=_("Plate or name"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *KINDS])
    day = forms.DateField(label=_("Day"))


def pretend(data: dict) -> None:
    """Refuse one plate, so that a refusal can be looked at; accept every other."""
    if data["plate"].endswith("00000"):
        raise Conflict(_("Wang Fang changed this visit two minutes ago. Reload to see her change."))


def nav(path: str) -> list[dict]:
    entries = [
        ("/", _("Today"), "sun", 0),
        ("/_gallery/", _("Components"), "grid", 0),
        ("/_gallery/portal/", _("Customer page"), "phone", 3),
        ("/_gallery/print/", _("Printed sheet"), "printer", 0),
        ("/_gallery/dialog/", _("Dialog as a page"), "window", 12),
    ]
    return [
        {"url": url, "label": label, "icon": icon, "active": url == path, "badge": badge}
        for url, label, icon, badge in entries
    ]


def components() -> dict:
    now = timezone.now()
    return {
        "now": now,
        "states": [*looks.STATES],
        "stages": JOURNEY,
        "promises": _promises(now),
        "plates": ["沪A12345", "沪AD12345", "京N8K329", "粤BDF5678", "WJ沪1234"],
        "amounts": [Decimal("0"), Decimal("1234.5"), Decimal("12888.00"), Decimal("1234567.89"), None],
        "blockers": [
            _("Job 2 “brake pads, front” is not finished."),
            _("The added item “wiper blades” has no answer from the customer."),
            _("The road test has no result."),
        ],
        "linked_blockers": [{"text": _("No photo of the left side yet."), "url": "#photos", "action": _("Take it")}],
        "steps": _steps(now),
        "entries": _entries(now),
        "tabs": [
            {"url": "?tab=open", "label": _("In progress"), "active": True, "count": 12},
            {"url": "?tab=mine", "label": _("Mine"), "count": 3},
            {"url": "?tab=all", "label": _("All")},
        ],
        "columns": [
            {"label": _("Plate"), "key": "plate"},
            {"label": _("Customer")},
            {"label": _("Stage")},
            {"label": _("Promised"), "key": "promised"},
            {"label": _("Amount"), "num": True, "key": "amount"},
        ],
        "rows": _rows(now),
        "marks": [
            {"zone": "left_front", "kind": "scratch", "x": 19, "y": 37, "note": "约 8 cm"},
            {"zone": "rear", "kind": "dent", "x": 52, "y": 90, "note": ""},
        ],
        "zones": ZONES,
        "kinds": KINDS,
        "checks": [
            {**CHECKS[0], "key": "9", "state": "ok"},
            {**CHECKS[2], "key": "8", "state": "fail", "value": "1.2", "note": "花纹已到极限"},
        ],
        "checks_prefix": "seen",
        "chart": _chart(),
        "busy_text": _("Rows 3,201 to 3,400: 2 with errors"),
    }


def _promises(now) -> list[dict]:
    return [
        {"due": now + timedelta(hours=2, minutes=10)},
        {"due": now + timedelta(minutes=12)},
        {"due": now - timedelta(minutes=8)},
        {"due": now - timedelta(hours=1), "met_at": now - timedelta(hours=1, minutes=20)},
        {"due": now - timedelta(hours=3), "met_at": now - timedelta(hours=2, minutes=25)},
        {"due": None},
    ]


def _steps(now) -> list[dict]:
    states = ["done", "done", "current", "todo", "skipped", "todo", "todo", "todo", "todo"]
    times = [now - timedelta(days=2), now - timedelta(hours=3), now - timedelta(hours=2)] + [None] * 6
    return [
        {"label": stage.label, "state": state, "at": at}
        for stage, state, at in zip(JOURNEY, states, times, strict=True)
    ]


def _entries(now) -> list[dict]:
    return [
        {
            "at": now - timedelta(minutes=6),
            "icon": "chat-left-dots",
            "tone": "warn",
            "text": _("Added item proposed: wiper blades, ¥168.00"),
            "actor": "李强",
        },
        {
            "at": now - timedelta(hours=1),
            "icon": "play-circle",
            "tone": "info",
            "text": _("Work started on “brake pads, front”"),
            "actor": "李强",
            "detail": _("Bay 3"),
        },
        {
            "at": now - timedelta(hours=2),
            "icon": "pen",
            "tone": "ok",
            "text": _("Repair order signed"),
            "actor": "陈女士",
        },
        {"at": now - timedelta(days=2), "icon": "calendar-event", "text": _("Booked by telephone"), "actor": "周敏"},
    ]


def _rows(now) -> list[dict]:
    return [
        {
            "plate": "沪A12345",
            "name": "陈女士",
            "stage": JOURNEY[2],
            "due": now - timedelta(minutes=8),
            "amount": Decimal("2380"),
            "tone": "bad",
        },
        {
            "plate": "沪AD12345",
            "name": "张伟",
            "stage": JOURNEY[3],
            "due": now + timedelta(minutes=12),
            "amount": Decimal("680.5"),
            "tone": "warn",
        },
        {
            "plate": "京N8K329",
            "name": "远达物流有限公司",
            "stage": JOURNEY[4],
            "due": now + timedelta(hours=2),
            "amount": Decimal("12888"),
            "tone": "",
        },
    ]


def _chart() -> dict:
    weeks = ["W38", "W39", "W40", "W41", "W42", "W43", "W44", "W45", "W46"]
    first, last = [82, 84, 81, 88, 90, 87, 91, 93, 92], [91, 92, 90, 95, 96, 94, 97, 97, 96]
    series = [(str(_("First promise kept")), first), (str(_("Last promise kept")), last)]
    return {
        "option": {
            "legend": {},
            "xAxis": {"type": "category", "data": weeks},
            "yAxis": {"type": "value", "min": 70, "max": 100, "axisLabel": {"formatter": "{value}%"}},
            "series": [{"type": "line", "name": name, "data": data, "symbolSize": 5} for name, data in series],
        },
        "head": [_("Week"), *(name for name, _data in series)],
        "rows": [list(row) for row in zip(weeks, first, last, strict=True)],
    }


def sheet() -> dict:
    lines = [
        {"name": "更换前制动片", "detail": "1.2 h × ¥180.00", "amount": Decimal("216.00")},
        {"name": "更换机油机滤", "detail": "0.6 h × ¥180.00", "amount": Decimal("108.00")},
    ]
    parts = [{"name": f"前制动片 {n}", "detail": "1 套", "amount": Decimal("468.00")} for n in range(1, 24)]
    total = sum((line["amount"] for line in [*lines, *parts]), Decimal(0))
    return {
        "number": "RO20261121-0007",
        "lines": lines,
        "parts": parts,
        "total": total,
        "qr": qr_svg("/_gallery/"),
        "printed_at": timezone.now(),
    }
