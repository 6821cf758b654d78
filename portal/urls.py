"""The customer's addresses, below /c/."""

from django.urls import path, register_converter

from portal import (
    access,
    booking,
    case_page,
    promises_page,
    queue_page,
    rescue_page,
    stop_page,
    survey_page,
    views,
    waitlist_page,
)

register_converter(access.LinkToken, "link")
app_name = "portal"

urlpatterns = [
    path("book/<slug:code>/", booking.book, name="book"),
    path("book/<slug:code>/<link:token>/", booking.booked, name="booked"),
    path("complain/<slug:code>/", case_page.complain, name="complain"),
    path("promises/<slug:code>/", promises_page.promises, name="promises"),
    path("board/<slug:code>/", queue_page.board, name="board"),
    path("queue/<slug:code>/", queue_page.take, name="take_number"),
    path("ticket/<link:token>/", queue_page.ticket, name="ticket"),
    path("offer/<link:token>/", waitlist_page.offer, name="offer"),
    # Before the store's own address: a token looks like a long code.
    path("wait/<link:token>/", waitlist_page.waits, name="waits"),
    path("wait/<slug:code>/", waitlist_page.ask, name="wait_ask"),
    path("rescue/<link:token>/", rescue_page.rescue, name="rescue"),
    path("rescue/<slug:code>/", rescue_page.call, name="rescue_call"),
    path("case/<link:token>/", case_page.case, name="case"),
    path("survey/<link:token>/", survey_page.survey, name="survey"),
    path("survey/<link:token>/stop/", survey_page.stop, name="survey_stop"),
    path("stop/<str:token>/", stop_page.stop, name="stop"),
    path("<link:token>/", views.visit, name="visit"),
    path("<link:token>/complain/", case_page.complain_visit, name="complain_visit"),
    path("<link:token>/decide/", views.decide, name="decide"),
    path("<link:token>/photo/<int:pk>/", views.photo, name="photo"),
]
