from django.urls import path

from visits import views

app_name = "visits"

urlpatterns = [path("photo/<int:pk>/", views.photo, name="photo")]
