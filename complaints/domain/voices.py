"""“Customer said …”, taken by anyone in the store."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import queries
from complaints.choices import CaseSource, Severity, VoiceKind
from complaints.domain.cases import case_for, said
from complaints.events import VoiceTaken
from complaints.models import Voice
from core import clock
from core.actors import Actor, HasActor
from core.errors import DomainError
from core.plates import normalise_plate
from journal.domain import record
from stores.models import Staff, Store


@transaction.atomic
def take_voice(
    *,
    store: Store,
    kind: VoiceKind | str,
    words: str,
    by: Actor | HasActor,
    plate: str = "",
    about: Staff | None = None,
    source: CaseSource | str = CaseSource.DESK,
    severity: Severity | str = Severity.L1,
) -> Voice:
    """Keep what a customer said. A problem opens a case or joins the one of the visit; praise reaches `about`.

    `plate` may be a tail; it is kept as typed even if no car, or more than one, fits.
    """
    words = said(words)
    if kind not in VoiceKind.values:
        raise DomainError(_("Say whether it is a problem, praise or an idea."), code="kind_missing")
    plate = normalise_plate(plate)[:12]
    visit = queries.visit_of_plate(plate)
    case = None
    if kind == VoiceKind.PROBLEM:
        vehicle = visit.vehicle if visit else queries.vehicle_of_plate(plate)
        case, _joined = case_for(
            store=store,
            words=words,
            source=source,
            by=by,
            visit=visit,
            customer=visit.customer if visit else getattr(vehicle, "owner", None),
            vehicle=vehicle,
            severity=Severity(severity),
            about=about,
        )
    voice = Voice.objects.create(
        store=store,
        kind=kind,
        words=words,
        plate=plate,
        visit=visit,
        case=case,
        about=about,
        source=source,
        taken_by=by if isinstance(by, Staff) else None,
        at=clock.now(),
    )
    record(
        VoiceTaken(str(kind), voice.about_id, voice.case_id),
        store_id=store.pk,
        subject=voice,
        visit_id=voice.visit_id,
        by=by,
        at=voice.at,
    )
    return voice
