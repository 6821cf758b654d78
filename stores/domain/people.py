"""Opening a store and putting people to work in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actors import Actor, HasActor
from core.errors import Conflict, DomainError
from core.names import pinyin_of
from core.phones import normalise_phone
from journal.domain import record
from stores import seeds
from stores.access import in_store
from stores.choices import RoleCode, Skill
from stores.events import Qualified
from stores.models import Qualification, Role, Staff, Store, User

HIGHEST_LEVEL = 5


@transaction.atomic
def open_store(*, code: str, name_zh: str, name_en: str = "", **fields) -> Store:
    """Open a store with its own beginnings: roles, opening hours, holidays, bays.

    `fields` are other columns of Store (address, phone, slot_minutes, ...). What stands in higher apps (operations,
    checklists) is added by `dealership.opening.open_full_store`. Conflict if the code is taken.
    """
    if Store.objects.filter(code=code).exists():
        raise Conflict(_("There is a store with this code already."), code="code_taken")
    store = Store.objects.create(code=code, name_zh=name_zh, name_en=name_en, **fields)
    with in_store(store):
        seeds.seed(store)
    return store


@transaction.atomic
def hire(
    *,
    store: Store,
    role: RoleCode | str,
    name: str,
    username: str,
    password: str | None = None,
    employee_no: str | None = None,
    phone: str = "",
    skills: Iterable[Skill | str] = (),
) -> Staff:
    """Put a person to work in a store, with a login and qualifications without an end date.

    A login that exists is used (a group manager works in several stores) and keeps its password. Without a password the
    person cannot log in until one is set. Without an employee number the next free one is given. Conflict if the person
    works in the store already or the number is taken.
    """
    user = User.objects.filter(username=username).first() or User.objects.create_user(username, password=password)
    with in_store(store):
        staff = Staff(
            store=store,
            user=user,
            role=Role.objects.get(code=role, store=store),
            name=name,
            name_pinyin=pinyin_of(name)[0],
            employee_no=employee_no or _next_employee_no(store),
            phone=normalise_phone(phone) if phone else "",
        )
        try:
            with transaction.atomic():
                staff.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_already(error), code="hired_already") from error
        Qualification.objects.bulk_create(Qualification(store=store, staff=staff, skill=skill) for skill in skills)
    return staff


@transaction.atomic
def qualify(
    staff: Staff, skills: Mapping[str, tuple[int, date | None]], *, by: Actor | HasActor
) -> list[Qualification]:
    """Say what a person is certified for: {skill: (level from 1, last day or None)}; what is not named is no longer held.

    A technician's time is booked under the skill of his highest level, so the ledger has to follow
    (`appointments.domain.change_capacity`). DomainError for an unknown skill or level.
    """
    staff = Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=staff.pk)
    for skill, (level, _until) in skills.items():
        if skill not in Skill.values or not 1 <= level <= HIGHEST_LEVEL:
            raise DomainError(_("A level is a number from 1 to 5."), code="level")
    Qualification.objects.filter(staff=staff).exclude(skill__in=skills).delete()
    rows = [
        Qualification.objects.update_or_create(
            store_id=staff.store_id, staff=staff, skill=skill, defaults={"level": level, "valid_until": until}
        )[0]
        for skill, (level, until) in skills.items()
    ]
    levels = {str(skill): level for skill, (level, _until) in skills.items()}
    record(Qualified(staff.pk, levels), store_id=staff.store_id, subject=staff, by=by)
    return rows


def _next_employee_no(store: Store) -> str:
    # Locks the store's row, so that two people hired at once do not get one number.
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    return f"{Staff.objects.filter(store=store).count() + 1:04d}"


def _already(error: IntegrityError) -> str:
    if "stores_staff_employee_no" in str(error):
        return _("Somebody in this store has this employee number already.")
    return _("This person works in this store already.")
