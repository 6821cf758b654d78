from django.urls import path

from inspections import views

app_name = "inspections"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:visit_pk>/<int:level>/", views.inspect, name="inspect"),
    path("<int:visit_pk>/<int:level>/begin/", views.begin, name="begin"),
    path("<int:visit_pk>/sheet/", views.print_sheet, name="print_sheet"),
    path("<int:visit_pk>/certificate/", views.print_certificate, name="print_certificate"),
    path("<int:visit_pk>/lights/", views.lights, name="lights"),
    path("lights/<int:pk>/propose/", views.propose_light, name="propose_light"),
    path("wash/", views.wash_queue, name="wash_queue"),
    path("wash/<int:visit_pk>/", views.wash, name="wash"),
    path("wash/<int:visit_pk>/start/", views.start_wash, name="start_wash"),
    path("wash/<int:visit_pk>/washed/", views.mark_washed, name="mark_washed"),
    path("wash/<int:visit_pk>/waive/", views.waive_wash, name="waive_wash"),
    path("wash/<int:visit_pk>/told/", views.tell_ready, name="tell_ready"),
]
