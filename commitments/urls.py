from django.urls import path

from commitments import views

app_name = "commitments"
urlpatterns = [
    path("", views.promises, name="list"),
    path("measured/", views.measured, name="measured"),
    path("remedies/<int:pk>/", views.settle, name="settle"),
    path("definitions/", views.definitions, name="definitions"),
    path("definitions/<int:pk>/publish", views.publish, name="publish"),
    path("definitions/<int:pk>/discard", views.discard, name="discard"),
    path("definitions/<int:pk>/withdraw", views.withdraw, name="withdraw"),
    path("definitions/<slug:code>/", views.definition, name="definition"),
]
