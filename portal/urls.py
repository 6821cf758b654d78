"""The customer's addresses, below /c/."""

from django.urls import path, register_converter

from portal import access, booking, case_page, promises_page, stop_page, survey_page, views

register_converter(access.LinkToken, "link")
app_name = "portal"

urlpatterns = [
    path("book/<slug:code>/", booking.book, name="book"),
    path("book/<slug:code>/<link:token>/", booking.booked, name="booked"),
    path("complain/<slug:code>/", case_page.complain, name="complain"),
    path("promises/<slug:code>/", promises_page.promises, name="promises"),
    path("case/<link:token>/", case_page.case, name="case"),
    path("survey/<link:token>/", survey_page.survey, name="survey"),
    path("survey/<link:token>/stop/", survey_page.stop, name="survey_stop"),
    path("stop/<str:token>/", stop_page.stop, name="stop"),
    path("<link:token>/", views.visit, name="visit"),
    path("<link:token>/complain/", case_page.complain_visit, name="complain_visit"),
    path("<link:token>/decide/", views.decide, name="decide"),
    path("<link:token>/photo/<int:pk>/", views.photo, name="photo"),
]
