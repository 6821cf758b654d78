from django.urls import path

from followups import views

app_name = "followups"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:pk>/", views.call, name="call"),
    path("<int:pk>/take/", views.take, name="take"),
]
