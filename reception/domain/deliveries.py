"""What a tablet sends once it has a connection again: taken in once, however often it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict
from reception.models import Delivery
from stores.models import Staff
from visits.models import Photo, Visit


@dataclass(frozen=True)
class Parcel:
    """The token of something a tablet sends, the digest of a sheet's content, and how long it lay on the tablet."""

    token: UUID
    digest: str = ""
    kept_seconds: int = 0


def delivered(visit: Visit, parcel: Parcel | None) -> Delivery | None:
    """What came of this parcel when it arrived before; None for a new one. The caller holds the visit's row.

    Conflict where the token came with something else: a changed sheet is another parcel, and must not vanish.
    """
    made = Delivery.objects.filter(token=parcel.token).select_related("photo").first() if parcel else None
    if made and (made.visit_id, made.digest) != (visit.pk, parcel.digest):
        raise Conflict(_("Under this number something else arrived already. Look at it and send again."), code="other")
    return made


def note_delivery(visit: Visit, parcel: Parcel, *, by: Staff, photo: Photo | None = None) -> Delivery:
    """Remember that the parcel arrived, in the transaction that took it in."""
    return Delivery.objects.create(
        store_id=visit.store_id,
        visit=visit,
        token=parcel.token,
        digest=parcel.digest,
        photo=photo,
        kept_seconds=max(parcel.kept_seconds, 0),
        by=by,
        at=clock.now(),
    )
