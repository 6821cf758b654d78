"""May the car leave the workshop? Each answer is a sentence that names what is missing and whose turn it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.durations import short_time
from orders.choices import ConsentState, LineKind, LineWork
from orders.models import Line
from repairs.choices import JobState, SubletState
from repairs.models import LIVE, ClockEntry, Job, PartRequest, Sublet
from repairs.queries.parts import OPEN, holds_parts


def leave_repair(visit) -> list[str]:
    """Every agreed job is done, nothing waits for the customer's word, no clock runs, no part is asked for."""
    lines = list(Line.objects.filter(visit=visit).order_by("position"))
    return [
        *_undecided(lines),
        *_undone(lines, _live_jobs(visit), _outside(visit)),
        *_running_clocks(visit),
        *_open_requests(visit),
    ]


def leave_without_service(visit) -> list[str]:
    """The customer may take the car away as long as nothing was begun on it and no material is out for it."""
    begun = Line.objects.filter(visit=visit).exclude(work__in=[LineWork.OPEN, LineWork.DISPATCHED])
    waiting = (
        Job.objects.filter(line__visit=visit, state=JobState.DISPATCHED)
        .select_related("line")
        .prefetch_related("part_requests")
    )
    return [
        *(
            _("Work on “%(item)s” has begun; finish it and settle it with the customer.") % {"item": line.title}
            for line in begun.order_by("position")
        ),
        *(
            _("Parts were issued for “%(item)s”; have them returned to the counter first.") % {"item": job.line.title}
            for job in waiting
            if holds_parts(job)
        ),
    ]


def _undecided(lines: list[Line]) -> list[str]:
    words = {
        ConsentState.DRAFT: _("“%(item)s” has not been shown to the customer yet: ask for consent or take it off."),
        ConsentState.ASKED: _("The customer has not answered about “%(item)s” yet."),
    }
    return [words[line.consent_state] % {"item": line.title} for line in lines if line.consent_state in words]


def _undone(lines: list[Line], jobs: dict[int, Job], outside: dict[int, Sublet]) -> list[str]:
    missing = []
    for line in lines:
        if line.kind != LineKind.JOB or line.consent_state != ConsentState.APPROVED or line.work == LineWork.DONE:
            continue
        job = jobs.get(line.pk)
        words = {"item": line.title, "technician": job.technician.name if job else ""}
        if sublet := outside.get(line.pk):
            words |= {"supplier": sublet.supplier, "due": short_time(sublet.due_at)}
            missing.append(_("“%(item)s” is outside, at %(supplier)s, due back %(due)s.") % words)
        elif job is None:
            missing.append(_("“%(item)s” has not been dispatched yet.") % words)
        elif job.state == JobState.DISPATCHED:
            missing.append(_("%(technician)s has not started “%(item)s” yet.") % words)
        elif job.state == JobState.PAUSED:
            missing.append(
                _("%(technician)s has paused “%(item)s”: %(reason)s.")
                % {**words, "reason": job.get_pause_reason_display()}
            )
        else:
            missing.append(_("%(technician)s has not finished “%(item)s” yet.") % words)
    return missing


def _live_jobs(visit) -> dict[int, Job]:
    rows = Job.objects.filter(line__visit=visit, state__in=LIVE).select_related("technician")
    return {job.line_id: job for job in rows}


def _outside(visit) -> dict[int, Sublet]:
    return {row.line_id: row for row in Sublet.objects.filter(line__visit=visit, state=SubletState.OUT)}


def _running_clocks(visit) -> list[str]:
    # The clock of an unfinished job is told by its line; what is left here is a clock that runs where no work is open.
    rows = (
        ClockEntry.objects.filter(job__line__visit=visit, stopped_at=None)
        .exclude(job__state=JobState.STARTED)
        .select_related("technician", "job__line")
    )
    return [
        _("%(technician)s's clock still runs on “%(item)s”.")
        % {"technician": row.technician.name, "item": row.job.line.title}
        for row in rows
    ]


def _open_requests(visit) -> list[str]:
    rows = (
        PartRequest.objects.filter(job__line__visit=visit, status__in=OPEN)
        .select_related("line_part", "job__line")
        .order_by("id")
    )
    return [
        _("“%(part)s” for “%(item)s” is asked for at the parts counter and not issued: issue it or cancel the request.")
        % {"part": row.line_part.name, "item": row.job.line.title}
        for row in rows
    ]
