from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    def ready(self):
        # A name must be readable, and a reaction must run, in every process: web, worker, shell.
        autodiscover_modules("events", "reactions")
        post_migrate.connect(_deployed, sender=self)


def _deployed(**kwargs):
    from journal.runner import deployed  # models cannot be imported while the apps are being loaded

    deployed()
