"""May the visit leave final inspection, or the wash? Each gate answers with the sentences of what is missing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from inspections import queries
from inspections.choices import Level, Verdict, WashState
from visits.models import Visit


def leave_inspection(visit: Visit) -> list[str]:
    """All three levels passed in the present round, and the certificate issued where the law wants one."""
    done = queries.passed(visit)
    missing = [_("%(level)s not passed yet.") % {"level": level.label} for level in Level if level not in done]
    if len({row.inspector_id for row in done.values()}) < len(done):
        missing.append(_("One person passed two levels; another has to repeat one."))
    if not missing and queries.needs_certificate(visit) and not queries.certificate_of(visit):
        missing.append(_("The exit certificate is not issued yet."))
    return missing


def send_back(visit: Visit) -> list[str]:
    """Back to the workshop only with a failed inspection of this round."""
    failed = visit.inspections.filter(round=visit.round, verdict=Verdict.FAIL).exists()
    return [] if failed else [_("No inspection failed; nothing sends the car back.")]


def leave_wash(visit: Visit) -> list[str]:
    """Washed and checked, or waived; and the customer knows that the car is ready."""
    wash = queries.wash_of(visit)
    if wash is None or wash.state == WashState.QUEUED:
        return [_("The car is not washed yet; wash it, or say why not.")]
    if wash.state == WashState.WASHING:
        if wash.washed_at:
            return [_("Somebody else has to check the wash.")]
        return [_("The car is being washed.")]
    return [] if visit.ready_at else [_("Tell the customer that the car is ready.")]
