from django.urls import path

from appointments import views

app_name = "appointments"
urlpatterns = [
    path("", views.day, name="day"),
    path("book/", views.book, name="book"),
    path("find/", views.find, name="find"),
    path("slots/", views.slots, name="slots"),
    path("<int:pk>/move/", views.reschedule, name="reschedule"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("queue/", views.queue, name="queue"),
    path("queue/next/", views.call_next, name="call_next"),
    path("queue/slip/<str:token>/", views.number, name="number"),
    path("queue/<int:pk>/call/", views.call_number, name="call_number"),
    path("queue/<int:pk>/serve/", views.serve_number, name="serve_number"),
    path("queue/<int:pk>/end/", views.end_number, name="end_number"),
    path("waitlist/", views.waitlist, name="waitlist"),
    path("waitlist/new/", views.join, name="join"),
    path("waitlist/<int:pk>/leave/", views.leave_waitlist, name="leave_waitlist"),
    path("waitlist/offers/<int:pk>/accept/", views.accept_offer, name="accept_offer"),
    path("waitlist/offers/<int:pk>/decline/", views.decline_offer, name="decline_offer"),
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<int:pk>/", views.finish_task, name="finish_task"),
    path("preparation/", views.preparation, name="preparation"),
    path("preparation/<int:pk>/", views.answer, name="prepare"),
    path("preparation/<int:pk>/confirm/", views.confirm, name="confirm_preparation"),
    path("<int:pk>/no-show/", views.no_show, name="no_show"),
]
