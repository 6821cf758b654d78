from django.urls import path

from reception.views import arrival, calls, sheet, signing, tablet

app_name = "reception"
urlpatterns = [
    path("", arrival.arrive, name="arrive"),
    path("walk-in/", arrival.walk_in, name="walk_in"),
    path("worker.js", tablet.worker, name="worker"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<int:pk>/answer/", calls.answer, name="answer_call"),
    path("<int:visit_pk>/", sheet.check_in, name="check_in"),
    path("<int:visit_pk>/greet/", arrival.greet, name="greet"),
    path("<int:visit_pk>/photos/", sheet.photos, name="photos"),
    path("<int:visit_pk>/send/", tablet.send_sheet, name="send_sheet"),
    path("<int:visit_pk>/send-photo/", tablet.send_photo, name="send_photo"),
    path("<int:visit_pk>/sheet/", sheet.print_check_in, name="print_check_in"),
    path("<int:visit_pk>/estimate/", signing.estimate, name="estimate"),
    path("<int:visit_pk>/sign/", signing.sign, name="sign"),
    path("<int:visit_pk>/leave/", signing.leave, name="leave"),
]
