from django.urls import path

from reports.views import advice, csi, never_miss, waits

app_name = "reports"

urlpatterns = [
    path("csi/", csi.dashboard, name="csi"),
    path("csi/answers/", csi.answers, name="csi_answers"),
    path("csi/export/", csi.export, name="csi_export"),
    path("advice/", advice.advice, name="advice"),
    path("never-miss/", never_miss.board, name="never_miss"),
    path("never-miss/check/", never_miss.check, name="never_miss_check"),
    path("never-miss/csv/", never_miss.export, name="never_miss_csv"),
    path("waits/", waits.ranked, name="waits"),
    path("waits/csv/", waits.ranked_csv, name="waits_csv"),
    path("waits/standards/", waits.standards, name="wait_standards"),
    path("waits/<slug:kind>/", waits.one, name="wait"),
    path("waits/<slug:kind>/visits/", waits.visits, name="wait_visits"),
    path("waits/<slug:kind>/csv/", waits.visits_csv, name="wait_csv"),
]
