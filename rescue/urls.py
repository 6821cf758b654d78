from django.urls import path

from rescue.views import jobs, roster

app_name = "rescue"
urlpatterns = [
    path("", jobs.jobs, name="jobs"),
    path("take/", jobs.take, name="take"),
    path("<int:pk>/", jobs.job, name="job"),
    path("<int:pk>/accept/", jobs.accept, name="accept"),
    path("<int:pk>/depart/", jobs.depart, name="depart"),
    path("<int:pk>/arrive/", jobs.arrive, name="arrive"),
    path("<int:pk>/finish/", jobs.finish, name="finish"),
    path("<int:pk>/call-off/", jobs.call_off, name="call_off"),
    path("roster/", roster.roster, name="roster"),
    path("roster/<int:pk>/end/", roster.end_duty, name="end_duty"),
    path("roster/vans/", roster.set_van, name="set_van"),
]
