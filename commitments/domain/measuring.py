"""How each promise went: read anew from the journal whenever something happened to its visit or case, or its time is up.

Nothing is added up event by event: a measurement is what the events of its visit or case say now, so an event that comes
late, or twice, leads to the same row. Lock order: measurements by key, then their remedies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from commitments.choices import RemedyState, State
from commitments.definitions import DEFINITIONS, READERS, Definition, Subject
from commitments.events import PromiseBroken, PromiseCorrected
from commitments.models import Commitment, Measurement, Remedy
from complaints.models import Case
from core import clock
from core.actors import Actor
from core.errors import DomainError
from journal.choices import Origin
from journal.domain import entry, record_many
from journal.models import Event
from stores.access import in_store
from stores.calendar import Calendar
from stores.models import Store

BY = Actor.system("commitments")
WRITTEN = ["commitment", "started_at", "due_at", "met_at", "decided_at", "state"]
BATCH = 500


@dataclass
class _Row:
    """A measurement with what it was before this reading ("" for a new one)."""

    measurement: Measurement
    was: str


@transaction.atomic
def measure(subjects: Iterable[Subject], *, store_id: int, now: datetime | None = None) -> None:
    """Read how these promises stand as of `now`, inside the store's scope: rows, remedies owed, and the journal.

    Seven statements at most, however many subjects. A promise that was not in force when its clock began is not measured.
    """
    subjects, now = set(subjects), now or clock.now()
    known = _locked(subjects)
    rows = []
    versions, open_hours = _versions(), _open_hours(store_id)
    for subject, events in _events_of(subjects, store_id).items():
        fields = _fields(DEFINITIONS[subject.code], events, versions[subject.code], open_hours, now)
        if row := _row(subject, known.get(subject), fields, events, store_id, now):
            rows.append(row)
    Measurement.objects.bulk_create(row.measurement for row in rows if not row.was)
    Measurement.objects.bulk_update([row.measurement for row in rows if row.was], WRITTEN)
    turned = [
        row for row in rows if row.was != row.measurement.state and State.BROKEN in (row.was, row.measurement.state)
    ]
    if turned:
        _owe(turned, now)
        record_many(_told(row) for row in turned)


def _locked(subjects: set[Subject]) -> dict[Subject, Measurement]:
    """The rows of just these subjects: whoever holds them already waits for nobody here."""
    wanted = Q(pk__in=[])
    for code in {subject.code for subject in subjects}:
        keys = [subject.pk for subject in subjects if subject.code == code]
        wanted |= Q(code=code, case__in=keys) if DEFINITIONS[code].per_case else Q(code=code, case=None, visit__in=keys)
    rows = Measurement.objects.select_for_update(of=("self",), no_key=True).filter(wanted).order_by("pk")
    return {_subject(row): row for row in rows}


def _subject(row: Measurement) -> Subject:
    return Subject(row.code, row.case_id or row.visit_id)


def _by_kind(subjects: set[Subject]) -> dict[bool, set[int]]:
    """{is it about cases: keys}."""
    found = {False: set(), True: set()}
    for subject in subjects:
        found[DEFINITIONS[subject.code].per_case].add(subject.pk)
    return found


def _events_of(subjects: set[Subject], store_id: int) -> dict[Subject, list[Event]]:
    """What the journal says about each subject, live events only; read once per visit, and for all cases together."""
    of = _by_kind(subjects)
    names = {False: set(), True: set()}
    for subject in subjects:
        definition = DEFINITIONS[subject.code]
        names[definition.per_case] |= {cls.event_name for cls in definition.events}
    live = Event.objects.filter(origin=Origin.LIVE)
    rows = []
    if of[False]:
        rows += live.filter(visit_id__in=of[False], name__in=names[False])
    if of[True]:
        # By store and name there is an index, and a store has few complaints.
        kind = Case._meta.label_lower
        rows += live.filter(store_id=store_id, name__in=names[True], subject_kind=kind, subject_id__in=of[True])
    found = defaultdict(list)
    for event in rows:
        for definition in READERS[event.name]:
            if (subject := definition.subject_of(event)) in subjects:
                found[subject].append(event)
    return found


def _versions() -> dict[str, list[Commitment]]:
    versions = defaultdict(list)
    for row in Commitment.objects.filter(published_at__isnull=False).order_by("published_at", "version"):
        versions[row.code].append(row)
    return versions


def _in_force_at(versions: list[Commitment], at: datetime) -> Commitment | None:
    return next(
        (
            row
            for row in reversed(versions)
            if row.published_at <= at and (row.retired_at is None or at < row.retired_at)
        ),
        None,
    )


def _open_hours(store_id: int):
    """Adds opening hours; the calendar is read when somebody asks. A store that never opens is measured round the clock."""
    calendars: list[Calendar] = []

    def add(at: datetime, length: timedelta) -> datetime:
        if not calendars:
            calendars.append(Calendar(Store.objects.get(pk=store_id)))
        try:
            return calendars[0].add(at, length)
        except DomainError:
            return at + length

    return add


def _fields(definition: Definition, events, versions: list[Commitment], open_hours, now) -> dict | None:
    """Columns of the measurement, or None where nothing was promised."""
    started_at = definition.started_at(events)
    commitment = _in_force_at(versions, started_at) if started_at else None
    if commitment is None:
        return None
    reading = definition.read(events, target=commitment.target, open_hours=open_hours)
    state, decided_at = reading.verdict(now)
    return {
        "commitment": commitment,
        "started_at": reading.started_at,
        "due_at": reading.due_at,
        "met_at": reading.met_at,
        "state": state,
        "decided_at": decided_at,
    }


def _row(subject: Subject, found: Measurement | None, fields: dict | None, events, store_id: int, now) -> _Row | None:
    """The row to be written, or None if it stands as it should."""
    if fields is None:
        if found is None or found.state == State.EXCLUDED:
            return None
        # The clock turned out to have begun before the promise was published.
        fields = {"state": State.EXCLUDED, "decided_at": found.decided_at or now}
    if found is None:
        visit_id = next((event.visit_id for event in events if event.visit_id), None)
        case_id = subject.pk if DEFINITIONS[subject.code].per_case else None
        new = Measurement(store_id=store_id, code=subject.code, visit_id=visit_id, case_id=case_id, **fields)
        return _Row(new, "")
    was = found.state
    if all(getattr(found, name) == value for name, value in fields.items() if name != "commitment") and (
        "commitment" not in fields or found.commitment_id == fields["commitment"].pk
    ):
        return None
    for name, value in fields.items():
        setattr(found, name, value)
    return _Row(found, was)


def _owe(turned: list[_Row], now: datetime) -> None:
    """A broken promise owes its remedy; one that was kept after all owes it no more. What a person settled stays."""
    remedies = {
        remedy.measurement_id: remedy
        for remedy in Remedy.objects.select_for_update(of=("self",), no_key=True)
        .filter(measurement__in=[row.measurement.pk for row in turned])
        .order_by("pk")
    }
    new, changed = [], []
    for measurement in (row.measurement for row in turned):
        remedy = remedies.get(measurement.pk)
        broken = measurement.state == State.BROKEN
        if broken and remedy is None and measurement.commitment.remedy:
            new.append(
                Remedy(
                    store_id=measurement.store_id,
                    measurement=measurement,
                    kind=measurement.commitment.remedy,
                    value=measurement.commitment.remedy_value,
                    owed_at=now,
                )
            )
        elif remedy and remedy.state == (RemedyState.LAPSED if broken else RemedyState.OWED):
            remedy.state = RemedyState.OWED if broken else RemedyState.LAPSED
            remedy.settled_at = None if broken else now
            changed.append(remedy)
    Remedy.objects.bulk_create(new)
    Remedy.objects.bulk_update(changed, ["state", "settled_at"])


def _told(row: _Row) -> Event:
    measurement = row.measurement
    if measurement.state == State.BROKEN:
        commitment = measurement.commitment
        evt = PromiseBroken(
            str(measurement.code), commitment.version, measurement.pk, measurement.due_at, str(commitment.remedy)
        )
    else:
        evt = PromiseCorrected(str(measurement.code), str(measurement.state), measurement.pk)
    return entry(evt, store_id=measurement.store_id, subject=measurement, visit_id=measurement.visit_id, by=BY)


def run_out(*, now: datetime | None = None, limit: int = BATCH) -> int:
    """Judge every running promise whose time is up, of all stores; returns how many. Any number of these may run at once.

    The journal is read again before a promise counts as broken: what was done in time and not digested yet counts.
    """
    now, done = now or clock.now(), 0
    while True:
        with transaction.atomic():
            taken = list(
                Measurement._base_manager.select_for_update(skip_locked=True, of=("self",), no_key=True)
                .filter(state=State.RUNNING, due_at__lt=now)
                .order_by("due_at", "pk")[:limit]
            )
            stores = defaultdict(set)
            for row in taken:
                stores[row.store_id].add(_subject(row))
            for store_id, subjects in stores.items():
                with in_store(store_id):
                    measure(subjects, store_id=store_id, now=now)
        done += len(taken)
        if len(taken) < limit:
            return done
