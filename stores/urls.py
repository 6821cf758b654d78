from django.urls import path

from stores import views

app_name = "stores"
urlpatterns = [
    path("hours/", views.hours, name="hours"),
    path("hours/periods/", views.add_period, name="add_period"),
    path("hours/periods/<int:pk>/remove", views.remove_period, name="remove_period"),
    path("hours/days/", views.set_day, name="set_day"),
    path("hours/days/<int:pk>/clear", views.clear_day, name="clear_day"),
    path("hours/holidays/<int:year>", views.enter_holidays, name="enter_holidays"),
]
