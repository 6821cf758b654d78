"""What is found under the car: a proposal for the advisor, never work by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Operation
from core import clock
from core.errors import DomainError
from journal.domain import record
from orders import domain as orders
from orders.choices import LineOrigin, Risk
from orders.models import Line
from repairs.domain.locking import in_repair
from repairs.events import ItemProposed
from repairs.models import Finding, Job
from stores.models import Staff
from visits import domain as visits
from visits.choices import PhotoKind
from visits.models import Visit

MAX_PHOTOS = 9


@transaction.atomic
def propose(
    visit: Visit,
    *,
    by: Staff,
    risk: Risk | str,
    title: str = "",
    operation: Operation | None = None,
    concern: str = "",
    parts: Sequence[orders.PartInput] | None = None,
    hours: Decimal | None = None,
    photos: Iterable = (),
    job: Job | None = None,
    token: UUID | None = None,
    measured: orders.Measured | None = None,
    replace_reason: str = "",
) -> Line:
    """Propose an added item (增项) while the car is in repair: a draft line with what was found, its risk and pictures.

    The operation brings title, hours and usual parts; without one it needs a title. `photos` are uploads. The journal tells
    the advisor, who prices it and asks the customer; nobody works on it before. `token` is the form's one-time token: the
    same again returns the line it made. `measured` and `replace_reason` are those of `orders.add_line`. DomainError when the
    risk or both title and operation are missing.
    """
    visit = visits.lock(visit)
    if token and (made := Finding.objects.filter(request_token=token).select_related("line").first()):
        return made.line
    in_repair(visit)
    uploads = list(photos)
    _check(risk, title, operation, uploads)
    caption = title or (operation.name if operation else "")
    line = orders.add_line(
        visit,
        by=by,
        operation=operation,
        title=title.strip(),
        hours=hours,
        parts=parts,
        concern=concern.strip(),
        origin=LineOrigin.ADDED,
        risk=risk,
        found_by=by,
        photos=[
            visits.store_photo(visit, kind=PhotoKind.FINDING, upload=upload, by=by, caption=caption)
            for upload in uploads
        ],
        measured=measured,
        replace_reason=replace_reason,
    )
    Finding.objects.create(
        store_id=visit.store_id,
        line=line,
        job=job if job and job.line.visit_id == visit.pk else None,
        found_by=by,
        at=clock.now(),
        request_token=token,
    )
    said = ItemProposed(line.pk, str(risk), len(uploads), by.pk, visit.advisor_id)
    record(said, store_id=visit.store_id, subject=line, visit_id=visit.pk, by=by)
    return line


def _check(risk: str, title: str, operation: Operation | None, uploads: list) -> None:
    if risk not in Risk.values:
        raise DomainError(_("Say how urgent it is: safety, advised, or can wait."), code="risk_missing")
    if not title.strip() and operation is None:
        raise DomainError(_("Choose an operation or write what should be done."), code="title_missing")
    if len(uploads) > MAX_PHOTOS:
        raise DomainError(_("At most %(count)s photos of one finding.") % {"count": MAX_PHOTOS}, code="too_many_photos")
