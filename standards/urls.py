from django.urls import path, register_converter
from django.urls.converters import StringConverter

from standards import views


class WayConverter(StringConverter):
    regex = "up|down"


register_converter(WayConverter, "way")

app_name = "standards"
urlpatterns = [
    path("", views.checklists, name="list"),
    path("versions/<int:pk>/", views.version, name="version"),
    path("versions/<int:pk>/publish", views.publish, name="publish"),
    path("versions/<int:pk>/discard", views.discard, name="discard"),
    path("versions/<int:pk>/name/", views.rename, name="rename"),
    path("versions/<int:pk>/items/", views.add_item, name="add_item"),
    path("items/<int:pk>/", views.item, name="item"),
    path("items/<int:pk>/<way:way>", views.move, name="move"),
    path("items/<int:pk>/remove", views.remove, name="remove"),
    path("<slug:use>/", views.edit, name="edit"),
    path("<slug:use>/begin", views.begin, name="begin"),
]
