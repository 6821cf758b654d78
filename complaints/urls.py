from django.urls import path

from complaints import views

app_name = "complaints"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("praise/", views.praise, name="praise"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/respond/", views.respond, name="respond"),
    path("<int:pk>/note/", views.note, name="note"),
    path("<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/close/", views.close, name="close"),
]
