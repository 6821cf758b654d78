from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Origin(TextChoices):
    """Where a visit's record comes from; imported and demo history never sends or starts a clock."""

    LIVE = "live", _("Live")
    IMPORT = "import", _("Imported")
    DEMO = "demo", _("Demo")


class NeedKind(TextChoices):
    MATTERS_MOST = "matters_most", _("What matters most today")
    FAULT = "fault", _("Fault")
    WISH = "wish", _("Wish")
    QUESTION = "question", _("Question")


class NeedOutcome(TextChoices):
    DONE = "done", _("Done")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Declined by the customer")
    DEFERRED = "deferred", _("Deferred to the next visit")


class ToldHow(TextChoices):
    """How a customer heard something."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    SMS = "sms", _("By SMS")
    WECHAT = "wechat", _("By WeChat")
    LINK = "link", _("On the visit's page")


class PhotoKind(TextChoices):
    WALK_AROUND = "walk_around", _("Walk-around")
    DAMAGE = "damage", _("Damage")
    FINDING = "finding", _("Finding")
    WORK_STEP = "work_step", _("Work step")
    INSPECTION = "inspection", _("Inspection")
    EXIT = "exit", _("At handover")


class SignaturePurpose(TextChoices):
    ESTIMATE = "estimate", _("Repair order")
    HANDOVER = "handover", _("Handover")
    SETTLEMENT = "settlement", _("Settlement list")


class SilenceStep(IntegerChoices):
    """Whom a missed update wakes."""

    ADVISOR = 1, _("Advisor")
    MANAGER = 2, _("Manager")
