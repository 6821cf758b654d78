from django.urls import path

from reception import views

app_name = "reception"
urlpatterns = [
    path("", views.arrive, name="arrive"),
    path("walk-in/", views.walk_in, name="walk_in"),
    path("<int:visit_pk>/", views.check_in, name="check_in"),
    path("<int:visit_pk>/photos/", views.photos, name="photos"),
    path("<int:visit_pk>/sheet/", views.print_check_in, name="print_check_in"),
    path("<int:visit_pk>/estimate/", views.estimate, name="estimate"),
    path("<int:visit_pk>/sign/", views.sign, name="sign"),
    path("<int:visit_pk>/leave/", views.leave, name="leave"),
]
