from django.apps import AppConfig


class GuaranteesConfig(AppConfig):
    name = "guarantees"
    default_auto_field = "django.db.models.BigAutoField"
