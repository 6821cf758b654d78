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
    path("<int:pk>/no-show/", views.no_show, name="no_show"),
]
