from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChecklistUse(TextChoices):
    """Where in the process a checklist is filled."""

    WALK_AROUND = "walk_around", _("Walk-around")
    SELF_CHECK = "self_check", _("Self-check")
    CROSS_CHECK = "cross_check", _("Cross-check")
    FINAL_CHECK = "final_check", _("Final inspection")
    WASH = "wash", _("Wash")
    HANDOVER = "handover", _("Handover")
    LIGHTS = "lights", _("Traffic-light inspection")


class ItemKind(TextChoices):
    CHECK = "check", _("In order / not in order / not applicable")
    VALUE = "value", _("Measured value")
    TEXT = "text", _("Text")


class ItemState(TextChoices):
    OK = "ok", _("In order")
    WATCH = "warn", _("Due soon")  # traffic-light inspections only
    FAIL = "fail", _("Not in order")
    NA = "na", _("Not applicable")
