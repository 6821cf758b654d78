from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "reception"
    default_auto_field = "django.db.models.BigAutoField"
