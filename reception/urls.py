from django.urls import path

from reception.views import arrival, sheet, signing

app_name = "reception"
urlpatterns = [
    path("", arrival.arrive, name="arrive"),
    path("walk-in/", arrival.walk_in, name="walk_in"),
    path("<int:visit_pk>/", sheet.check_in, name="check_in"),
    path("<int:visit_pk>/greet/", arrival.greet, name="greet"),
    path("<int:visit_pk>/photos/", sheet.photos, name="photos"),
    path("<int:visit_pk>/sheet/", sheet.print_check_in, name="print_check_in"),
    path("<int:visit_pk>/estimate/", signing.estimate, name="estimate"),
    path("<int:visit_pk>/sign/", signing.sign, name="sign"),
    path("<int:visit_pk>/leave/", signing.leave, name="leave"),
]
