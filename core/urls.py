from django.contrib.auth.views import LogoutView
from django.urls import path

from core import views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("_gallery/", views.gallery, name="gallery"),
    path("_gallery/portal/", views.gallery_portal, name="gallery_portal"),
    path("_gallery/print/", views.gallery_print, name="gallery_print"),
    path("_gallery/dialog/", views.gallery_dialog, name="gallery_dialog"),
    path("_gallery/poll/", views.gallery_poll, name="gallery_poll"),
    path("_gallery/refused/", views.gallery_refused, name="gallery_refused"),
]
