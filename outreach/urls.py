from django.urls import path

from outreach import views

app_name = "outreach"
urlpatterns = [
    path("", views.calls, name="calls"),
    path("<int:pk>/", views.call, name="call"),
    path("<int:pk>/book/", views.book, name="book"),
    path("<int:pk>/opt-out/", views.opt_out, name="opt_out"),
    path("results/", views.results, name="results"),
    path("rules/", views.policy, name="policy"),
]
