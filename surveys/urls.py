from django.urls import path, register_converter
from django.urls.converters import StringConverter

from surveys import views


class WayConverter(StringConverter):
    regex = "up|down"


register_converter(WayConverter, "survey_way")

app_name = "surveys"
urlpatterns = [
    path("", views.answers, name="answers"),
    path("<int:pk>/", views.answer, name="answer"),
    path("questionnaire/", views.questionnaire, name="questionnaire"),
    path("questionnaire/begin", views.begin, name="begin"),
    path("questionnaire/<int:pk>/", views.version, name="version"),
    path("questionnaire/<int:pk>/publish", views.publish, name="publish"),
    path("questionnaire/<int:pk>/discard", views.discard, name="discard"),
    path("questionnaire/<int:pk>/weights/", views.weights, name="weights"),
    path("questionnaire/<int:pk>/items/", views.add_item, name="add_item"),
    path("items/<int:pk>/", views.item, name="item"),
    path("items/<int:pk>/<survey_way:way>", views.move, name="move"),
    path("items/<int:pk>/remove", views.remove, name="remove"),
]
