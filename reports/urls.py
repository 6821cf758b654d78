from django.urls import path

from reports.views import csi

app_name = "reports"

urlpatterns = [
    path("csi/", csi.dashboard, name="csi"),
    path("csi/answers/", csi.answers, name="csi_answers"),
    path("csi/export/", csi.export, name="csi_export"),
]
