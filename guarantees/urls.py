from django.urls import path

from guarantees import views

app_name = "guarantees"
urlpatterns = [
    path("", views.cars, name="cars"),
    path("cars/<int:pk>/", views.car, name="car"),
    path("repairs/<int:pk>/record/", views.record, name="record"),
    path("repairs/<int:pk>/exclude/", views.exclude, name="exclude"),
    path("repairs/<int:pk>/towing/", views.towing, name="towing"),
    path("exclusions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("problems/<int:pk>/regroup/", views.regroup, name="regroup"),
    path("alerts/<int:pk>/handle/", views.handle, name="handle"),
    path("courtesies/<int:pk>/settle/", views.settle, name="settle"),
    path("comebacks/", views.comebacks, name="comebacks"),
    path("comebacks/<int:pk>/", views.comeback, name="comeback"),
    path("comebacks/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("comebacks/<int:pk>/dismiss/", views.dismiss, name="dismiss"),
    path("e-health/", views.ehealth, name="ehealth"),
    path("e-health/<str:day>.<str:kind>", views.ehealth_day, name="ehealth_day"),
    path("e-health/files/<int:pk>/", views.ehealth_file, name="ehealth_file"),
    path("visits/<int:visit_pk>/mark/", views.mark, name="mark"),
]
