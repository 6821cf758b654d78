"""The customer's addresses, below /c/."""

from django.urls import path, register_converter

from portal import (
    access,
    case_page,
    promises_page,
    queue_page,
    rescue_page,
    stop_page,
    survey_page,
    views,
    waiting_page,
    waitlist_page,
)
from portal.booking import changes, signing_in, symptom
from portal.booking import views as booking

register_converter(access.LinkToken, "link")
app_name = "portal"

urlpatterns = [
    path("book/<slug:code>/", booking.book, name="book"),
    path("book/<slug:code>/time/", booking.times, name="book_time"),
    path("book/<slug:code>/hold/", booking.hold, name="book_hold"),
    path("book/<slug:code>/form/", booking.form, name="book_form"),
    path("book/<slug:code>/who/", signing_in.who, name="book_who"),
    path("book/<slug:code>/who/leave/", signing_in.leave, name="book_leave"),
    path("book/<slug:code>/who/<uuid:token>/", signing_in.code, name="book_code"),
    path("book/<slug:code>/<link:token>/", booking.booked, name="booked"),
    path("symptom/<slug:code>/", symptom.symptom, name="symptom"),
    path("complain/<slug:code>/", case_page.complain, name="complain"),
    path("promises/<slug:code>/", promises_page.promises, name="promises"),
    path("board/<slug:code>/", queue_page.board, name="board"),
    path("queue/<slug:code>/", queue_page.take, name="take_number"),
    path("screen/<slug:code>/", waiting_page.screen, name="screen"),
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
    path("<link:token>/booking/", changes.booking, name="visit_booking"),
    path("<link:token>/booking/move/", changes.move, name="visit_booking_move"),
    path("<link:token>/booking/cancel/", changes.cancel, name="visit_booking_cancel"),
    path("<link:token>/booking.ics", changes.calendar_file, name="visit_calendar"),
    path("<link:token>/call/", waiting_page.call, name="call"),
    path("<link:token>/decide/", views.decide, name="decide"),
    path("<link:token>/photo/<int:pk>/", views.photo, name="photo"),
]
