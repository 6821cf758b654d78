from django.urls import path

from reports.views import csi, waits

app_name = "reports"

urlpatterns = [
    path("csi/", csi.dashboard, name="csi"),
    path("csi/answers/", csi.answers, name="csi_answers"),
    path("csi/export/", csi.export, name="csi_export"),
    path("waits/", waits.ranked, name="waits"),
    path("waits/csv/", waits.ranked_csv, name="waits_csv"),
    path("waits/standards/", waits.standards, name="wait_standards"),
    path("waits/<slug:kind>/", waits.one, name="wait"),
    path("waits/<slug:kind>/visits/", waits.visits, name="wait_visits"),
    path("waits/<slug:kind>/csv/", waits.visits_csv, name="wait_csv"),
]
