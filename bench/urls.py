"""The product's addresses, and below `bench/` what the bench compares them with."""

from django.urls import include, path

from bench import booking_views, views

urlpatterns = [
    path("bench/bare", views.bare),
    path("bench/create", views.create),
    path("bench/book", booking_views.book),
    path("bench/book-lean", booking_views.LeanBooking.as_view()),
    path("bench/lean", views.Lean.as_view()),
    path("", include("dealership.urls")),
]
