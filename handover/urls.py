from django.urls import path

from handover import views

app_name = "handover"
urlpatterns = [
    path("<int:visit_pk>/", views.handover, name="handover"),
    path("<int:visit_pk>/print/", views.print_handover, name="print_handover"),
    path("<int:visit_pk>/prepare/", views.prepare, name="prepare"),
    path("<int:visit_pk>/explain/", views.explain, name="explain"),
    path("<int:visit_pk>/photos/", views.photos, name="photos"),
    path("<int:visit_pk>/needs/<int:need_pk>/", views.settle_need, name="settle_need"),
]
