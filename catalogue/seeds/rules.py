"""When a car is due, by distance or time, whichever comes first (domain.md 6.4). Cars of any brand unless named."""

from decimal import Decimal

_SEVERE = Decimal("0.75")

RULES = [
    {"operation": "B002", "km": 5_000, "months": 6, "first_km": 5_000, "first_months": 6},
    {
        "operation": "B001",
        "powertrain": "petrol",
        "km": 7_500,
        "months": 6,
        "first_km": 5_000,
        "first_months": 6,
        "severe_factor": _SEVERE,
    },
    {
        "operation": "B001",
        "powertrain": "diesel",
        "km": 7_500,
        "months": 6,
        "first_km": 5_000,
        "first_months": 6,
        "severe_factor": _SEVERE,
    },
    {
        "operation": "B001",
        "powertrain": "hybrid",
        "km": 10_000,
        "months": 12,
        "first_km": 5_000,
        "first_months": 6,
        "severe_factor": _SEVERE,
    },
    {
        "operation": "B001",
        "powertrain": "plug_in",
        "km": 10_000,
        "months": 12,
        "first_km": 5_000,
        "first_months": 6,
        "severe_factor": _SEVERE,
    },
    {"operation": "B003", "powertrain": "petrol", "km": 30_000, "months": 24, "severe_factor": _SEVERE},
    {"operation": "B004", "km": 20_000, "months": 24, "severe_factor": _SEVERE},
    {"operation": "B005", "km": 10_000, "months": 12, "severe_factor": _SEVERE},
    {"operation": "B006", "km": 40_000, "months": 24},
    {"operation": "B007", "powertrain": "petrol", "km": 60_000, "months": 48},
    {"operation": "B008", "powertrain": "petrol", "km": 60_000, "months": 48},
    {"operation": "B009", "powertrain": "petrol", "km": 40_000, "months": 36},
    {"operation": "B010", "powertrain": "petrol", "km": 40_000, "months": 36},
    {"operation": "B012", "powertrain": "petrol", "km": 40_000, "months": 36},
    {"operation": "L001", "km": 10_000, "months": 12},
    {"operation": "N001", "powertrain": "electric", "km": 15_000, "months": 12, "first_km": 5_000, "first_months": 6},
    {"operation": "N001", "powertrain": "plug_in", "km": 15_000, "months": 12, "first_km": 5_000, "first_months": 6},
    {"operation": "N002", "powertrain": "electric", "km": 60_000, "months": 48},
    {"operation": "N003", "powertrain": "electric", "km": 100_000, "months": 48},
]
