"""Who is certified for what, and on which day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from stores.choices import RoleCode, Skill
from stores.models import Bay, Leave, Staff
from stores.queries import staff_in_role


def technicians() -> QuerySet[Staff]:
    """Active technicians of the scope with their certificates and leaves, in pinyin order."""
    return staff_in_role(RoleCode.TECHNICIAN).prefetch_related("qualifications", "leaves")


def bays() -> QuerySet[Bay]:
    return Bay.objects.filter(active=True).order_by("code")


def certificate_problem(technician: Staff, skill: Skill | str, *, on: date) -> str:
    """Why `technician` may not do work of `skill` on the date `on`, as a sentence; empty when he may.

    A certificate counts through its last day. Reads `technician.qualifications.all()`, so prefetch it for lists.
    """
    held = [q for q in technician.qualifications.all() if q.skill == skill]
    words = {"name": technician.name, "skill": Skill(skill).label}
    if not held:
        return _("%(name)s is not certified for “%(skill)s”.") % words
    until = held[0].valid_until
    if until is not None and until < on:
        return _("%(name)s's certificate for “%(skill)s” is valid only until %(day)s.") % {
            **words,
            "day": f"{until:%Y-%m-%d}",
        }
    return ""


def certificate_note(technician: Staff, skill: Skill | str) -> str:
    """What certificate a technician holds for a skill, for the list the controller chooses from."""
    held = next((q for q in technician.qualifications.all() if q.skill == skill), None)
    if held is None:
        return ""
    if held.valid_until is None:
        return _("certified for “%(skill)s”") % {"skill": Skill(skill).label}
    return _("certified for “%(skill)s” until %(day)s") % {
        "skill": Skill(skill).label,
        "day": f"{held.valid_until:%Y-%m-%d}",
    }


def away(person: Staff, start: datetime, end: datetime) -> Leave | None:
    """The leave that lies between `start` and `end`, if any. Reads `person.leaves.all()`."""
    return next((row for row in person.leaves.all() if row.during.lower < end and row.during.upper > start), None)
