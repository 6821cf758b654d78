"""The customer's addresses, below /c/."""

from django.urls import path, register_converter

from portal import access, booking, survey_page, views

register_converter(access.LinkToken, "link")
app_name = "portal"

urlpatterns = [
    path("book/<slug:code>/", booking.book, name="book"),
    path("book/<slug:code>/<link:token>/", booking.booked, name="booked"),
    path("survey/<link:token>/", survey_page.survey, name="survey"),
    path("<link:token>/", views.visit, name="visit"),
    path("<link:token>/decide/", views.decide, name="decide"),
    path("<link:token>/photo/<int:pk>/", views.photo, name="photo"),
]
