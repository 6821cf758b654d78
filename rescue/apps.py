from django.apps import AppConfig


class RescueConfig(AppConfig):
    name = "rescue"
    default_auto_field = "django.db.models.BigAutoField"
