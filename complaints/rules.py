"""Who may work on a case: nobody judges a complaint about himself (ISO 10002, objectivity)."""

from __future__ import annotations

from complaints.choices import VoiceKind
from complaints.models import Case
from stores.models import Staff


def complained_about(case: Case) -> set[int]:
    """Ids of the staff the case is about: the visit's advisor, and whoever a voice in it names."""
    named = case.voices.filter(kind=VoiceKind.PROBLEM, about__isnull=False)
    people = set(named.values_list("about_id", flat=True))
    if case.visit_id and case.visit.advisor_id:
        people.add(case.visit.advisor_id)
    return people


def may_work(staff: Staff, case: Case) -> bool:
    return staff.may("complaints.work") and staff.pk not in complained_about(case)
