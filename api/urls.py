from django.urls import include, path

from api.views import docs, keys

app_name = "api"
urlpatterns = [
    path("keys/", keys.key_list, name="keys"),
    path("keys/new/", keys.new_key, name="new_key"),
    path("keys/<int:pk>/withdraw", keys.withdraw, name="withdraw"),
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.docs, name="docs"),
    path("v1/", include("api.v1")),
]
