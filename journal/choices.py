from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where an event comes from. Only live ones start a clock, send a message or break a promise."""

    LIVE = "live", _("live")
    IMPORT = "import", _("imported history")
    DEMO = "demo", _("demo data")


class Since(models.TextChoices):
    """Where a new reaction begins to read: at its deployment, or with the first event ever journalled."""

    NOW = "now", _("now")
    BEGINNING = "beginning", _("beginning")
