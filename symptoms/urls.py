from django.urls import path, register_converter
from django.urls.converters import StringConverter

from symptoms import views


class UpOrDown(StringConverter):
    regex = "up|down"


register_converter(UpOrDown, "up_or_down")

app_name = "symptoms"
urlpatterns = [
    path("", views.versions, name="list"),
    path("begin", views.begin, name="begin"),
    path("agreement/", views.agreement, name="agreement"),
    path("versions/<int:pk>/", views.tree, name="tree"),
    path("versions/<int:pk>/try/", views.try_out, name="try"),
    path("versions/<int:pk>/publish", views.publish, name="publish"),
    path("versions/<int:pk>/discard", views.discard, name="discard"),
    path("versions/<int:pk>/questions/", views.add_question, name="add_question"),
    path("versions/<int:pk>/results/", views.add_result, name="add_result"),
    path("questions/<int:pk>/", views.question, name="question"),
    path("questions/<int:pk>/remove", views.remove_question, name="remove_question"),
    path("questions/<int:pk>/answers/", views.add_choice, name="add_choice"),
    path("answers/<int:pk>/", views.choice, name="choice"),
    path("answers/<int:pk>/<up_or_down:way>", views.move_choice, name="move_choice"),
    path("answers/<int:pk>/remove", views.remove_choice, name="remove_choice"),
    path("results/<int:pk>/", views.result, name="result"),
    path("results/<int:pk>/remove", views.remove_result, name="remove_result"),
]
