"""What the journal says about published promises."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from commitments.choices import Code, RemedyKind, RemedyState, State
from journal.events import event


@event("commitments.published")
class CommitmentPublished:
    sentence = _("Promise to customers published: {code}, version {version}")
    labels = {"code": Code}

    code: str
    version: int
    target_seconds: int | None = None


@event("commitments.withdrawn")
class CommitmentWithdrawn:
    sentence = _("Promise to customers withdrawn: {code}, version {version}")
    labels = {"code": Code}

    code: str
    version: int


@event("commitments.broken")
class PromiseBroken:
    sentence = _("Our promise was broken: {code}")
    labels = {"code": Code, "remedy": RemedyKind}

    code: str
    version: int
    measurement_id: int
    due_at: datetime | None = None
    remedy: str = ""


@event("commitments.corrected")
class PromiseCorrected:
    """A record that came late changed the verdict; whatever was owed and not given is owed no more."""

    sentence = _("Our promise was not broken after all: {code}, {state}")
    labels = {"code": Code, "state": State}

    code: str
    state: str
    measurement_id: int


@event("commitments.remedy_settled")
class RemedySettled:
    sentence = _("For a broken promise ({code}): {remedy}, {state}")
    labels = {"code": Code, "remedy": RemedyKind, "state": RemedyState}

    code: str
    remedy: str
    state: str
    remedy_id: int
    value: Decimal | None = None
