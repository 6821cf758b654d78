from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RepairCategory(TextChoices):
    """维修类别: decides certificate and statutory quality guarantee."""

    MAINTENANCE = "maintenance", _("Maintenance")
    MINOR = "minor", _("General repair")
    SECOND_LEVEL = "second_level", _("Second-level maintenance")
    ASSEMBLY = "assembly", _("Assembly repair")
    WHOLE = "whole", _("Whole-vehicle repair")
    ACCIDENT = "accident", _("Accident repair")
    WARRANTY = "warranty", _("Warranty repair")
    RECALL = "recall", _("Recall")
    PDI = "pdi", _("Pre-delivery inspection")
    REWORK = "rework", _("Rework")


# An exit certificate (出厂合格证) is required for these (机动车维修管理规定, see domain.md 1.4 invariant 3).
CERTIFICATE_CATEGORIES = {
    RepairCategory.SECOND_LEVEL,
    RepairCategory.ASSEMBLY,
    RepairCategory.WHOLE,
}


class StepKind(TextChoices):
    TICK = "tick", _("Tick")
    VALUE = "value", _("Measured value")
    PHOTO = "photo", _("Photo")
    TEXT = "text", _("Text")


class PartClass(TextChoices):
    """配件属性: must be told to the customer per part."""

    ORIGINAL = "original", _("Original")
    EQUIVALENT = "equivalent", _("Equivalent quality")
    REMANUFACTURED = "remanufactured", _("Remanufactured")
