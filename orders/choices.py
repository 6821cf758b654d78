from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LineKind(TextChoices):
    """What a line charges for. Labour and material are kept apart by law; other fees have their own column."""

    JOB = "job", _("Job")
    DIAGNOSIS = "diagnosis", _("Diagnosis fee")
    TESTING = "testing", _("Testing fee")
    PROCESSING = "processing", _("Processing fee")
    SUBLET = "sublet", _("Sublet work")
    OTHER = "other", _("Other fee")


class LineOrigin(TextChoices):
    ESTIMATE = "estimate", _("Agreed at reception")
    ADDED = "added", _("Added during the repair")
    IMPORT = "import", _("Imported")


class ConsentState(TextChoices):
    """The customer's word on a line. Work and billing need `approved`."""

    DRAFT = "draft", _("Not shown to the customer yet")
    ASKED = "asked", _("Waiting for the customer")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


class ConsentMethod(TextChoices):
    SIGNATURE = "signature", _("Signed in person")
    LINK = "link", _("By link")
    PHONE = "phone", _("By phone, recorded")


class PayType(TextChoices):
    CUSTOMER = "customer", _("Customer")
    WARRANTY = "warranty", _("Maker's warranty")
    INSURANCE = "insurance", _("Insurance")
    INTERNAL = "internal", _("Store pays")
    PACKAGE = "package", _("Package or voucher")


class Risk(TextChoices):
    """What happens if a finding is left alone."""

    SAFETY = "safety", _("Safety")
    ADVISED = "advised", _("Advised")
    LATER = "later", _("Can wait")


class OldParts(TextChoices):
    TAKE = "take", _("Customer takes them")
    LEAVE = "leave", _("Customer gives them up")
    NONE = "none", _("No old parts")


class LineWork(TextChoices):
    """Where the work on a line stands; written by repairs, here because the bill and the gates read it."""

    OPEN = "open", _("Not dispatched")
    DISPATCHED = "dispatched", _("Dispatched")
    STARTED = "started", _("In work")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Finished")


class ImportState(TextChoices):
    PREVIEW = "preview", _("To be checked")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Broken off")
