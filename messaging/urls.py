from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.messages, name="list"),
    path("<int:pk>/resend", views.resend, name="resend"),
    path("<int:pk>/cancel", views.cancel, name="cancel"),
]
