"""Every address of the product. Prefixes are given here, once; each app names its pages in its own `urls.py`."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from dealership import health, metrics

# Kept by hand. The stages come in the order of the customer's day.
APP_URLS = [
    ("appointments/", "appointments.urls"),
    ("symptoms/", "symptoms.urls"),
    ("rescue/", "rescue.urls"),
    ("reception/", "reception.urls"),
    ("repairs/", "repairs.urls"),
    ("inspections/", "inspections.urls"),
    ("handover/", "handover.urls"),
    ("checkout/", "checkout.urls"),
    ("follow-ups/", "followups.urls"),
    ("guarantees/", "guarantees.urls"),
    ("complaints/", "complaints.urls"),
    ("surveys/", "surveys.urls"),
    ("commitments/", "commitments.urls"),
    ("outreach/", "outreach.urls"),
    ("reports/", "reports.urls"),
    ("orders/", "orders.urls"),
    ("catalogue/", "catalogue.urls"),
    ("customers/", "customers.urls"),
    ("standards/", "standards.urls"),
    ("messages/", "messaging.urls"),
    ("visits/", "visits.urls"),
    ("", "core.urls"),
    ("c/", "portal.urls"),
    ("api/", "api.urls"),
    ("", "desk.urls"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    *(path(prefix, include(module)) for prefix, module in APP_URLS if find_spec(module)),
]
