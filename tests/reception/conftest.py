"""The same Tuesday morning as at the booking desk."""
# ruff: noqa: F811 - a fixture that asks for an imported one does not redefine it

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from orders import domain as orders
from reception import domain as reception
from standards import queries as standards
from standards.choices import ChecklistUse
from tests.appointments.conftest import advisor, at, car, now, second  # noqa: F401 - fixtures


@pytest.fixture
def arrived(store, advisor, car, now):
    """A car without booking that stands at reception."""
    return reception.walk_in(store=store, customer=car.owner, vehicle=car, advisor=advisor, by=advisor)


@pytest.fixture
def all_in_order(store):
    """The walk-around list as it is filled for a car without faults."""

    def results(**states):
        items = standards.items(standards.in_force(ChecklistUse.WALK_AROUND), new_energy=False)
        found = {}
        for item in items:
            value = (item.low if item.low is not None else item.high) if item.kind == "value" else None
            note = "无" if item.kind == "text" else ""
            found[item.pk] = {
                "state": "ok",
                "value": value if value is not None or item.kind != "value" else 1,
                "note": note,
            }
        return found

    return results


@pytest.fixture
def sheet(advisor, all_in_order):
    """Keyword arguments of a whole walk-around sheet."""

    def make(**changes):
        return {
            "by": advisor,
            "fuel_percent": 50,
            "mileage": 23_456,
            "valuables_reminded": True,
            "results": all_in_order(),
            **changes,
        }

    return make


@pytest.fixture
def ready_to_sign(arrived, sheet, advisor):
    """Walked around, with two items on the estimate: 180 of labour and a part of 68; a diagnosis of 100."""
    reception.check_in(arrived, **sheet())
    part = orders.PartInput(name="机油滤清器", number="OF-1", quantity=1, unit_price=68)
    orders.add_line(arrived, by=advisor, title="更换机油", hours=1, hour_rate=180, parts=[part])
    orders.add_line(arrived, by=advisor, title="异响诊断", kind="diagnosis", fee=100)
    arrived.refresh_from_db()
    return arrived


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels: a bomb in 57 bytes."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    end = b"IEND"
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (head, end)
    )


@pytest.fixture
def picture():
    def make(name="front.jpg", size=(640, 480), kind="JPEG"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        out = io.BytesIO()
        Image.new("RGB", size, "grey").save(out, kind)
        return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")

    return make
