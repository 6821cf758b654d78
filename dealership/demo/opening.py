"""The demo store and its people; how many there are grows with the history they are to have made."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from commitments.models import Commitment
from core import clock
from core.names import pinyin_of
from dealership.demo import DEMO_LOGINS, PASSWORD, STORE_CODE
from dealership.demo.history.planning import DAYS
from dealership.demo.words import mobile, person_name
from dealership.opening import open_full_store
from stores import domain as stores
from stores.access import in_store
from stores.choices import RoleCode, Skill
from stores.models import LoanCar, ParkingSpace, Qualification, Role, Staff, Store, User

SKILLS = {
    RoleCode.TECHNICIAN: (Skill.MECHANICAL, Skill.ELECTRICAL, Skill.HIGH_VOLTAGE),
    RoleCode.INSPECTOR: (Skill.INSPECTION,),
    RoleCode.WASHER: (Skill.DETAILING,),
}
# Colleagues beside the one with a login, and visits in two years that one more of them is hired for.
COLLEAGUES = {
    RoleCode.ADVISOR: (4, 6000),
    RoleCode.BOOKING_DESK: (1, 60_000),
    RoleCode.CONTROLLER: (1, 60_000),
    RoleCode.TECHNICIAN: (10, 2500),
    RoleCode.INSPECTOR: (2, 12_000),
    RoleCode.WASHER: (2, 12_000),
    RoleCode.CASHIER: (1, 30_000),
    RoleCode.GATE: (1, 60_000),
    RoleCode.CUSTOMER_RELATIONS: (2, 12_000),
    RoleCode.PARTS_CLERK: (1, 30_000),
}
# What a technician is best at counts as his capacity; of ten, so many are best at each.
BEST_AT = (
    *([Skill.MECHANICAL] * 4),
    Skill.ELECTRICAL,
    Skill.BODY,
    Skill.HIGH_VOLTAGE,
    Skill.PAINT,
    Skill.MECHANICAL,
    Skill.DETAILING,
)
BEST = 3
LOAN_CARS = (("沪AD60001", "朗逸 1.5L"), ("沪AD60002", "秦 PLUS DM-i"))


def open_demo_store(*, visits: int, random: Random) -> Store:
    """Open the store with its people. Only the logins of DEMO_LOGINS can sign in; all have the demo password."""
    store = open_full_store(
        code=STORE_CODE,
        name_zh="启程汽车服务中心",
        name_en="Qicheng Service Centre",
        address="上海市嘉定区安驰路 188 号",
        phone="021-59500188",
    )
    password = make_password(PASSWORD)
    with in_store(store):
        for role, username, name in DEMO_LOGINS:
            stores.hire(store=store, role=role, name=name, username=username, skills=SKILLS.get(role, ()))
        User.objects.filter(username__in=[login for _role, login, _name in DEMO_LOGINS]).update(password=password)
        # In force before the first visit that was measured against them.
        Commitment.objects.update(published_at=clock.now() - timedelta(days=DAYS))
        _colleagues(store, visits=visits, random=random)
        _best_at(store)
        _places(store)
    return store


def _best_at(store: Store) -> None:
    """One skill of each technician is his best, so that the house has time for every kind of work."""
    people = Staff.objects.filter(role__code=RoleCode.TECHNICIAN).order_by("pk")
    for number, person in enumerate(people):
        Qualification.objects.update_or_create(
            store=store, staff=person, skill=BEST_AT[number % len(BEST_AT)], defaults={"level": BEST}
        )


def _places(store: Store) -> None:
    """A space for each advisor's arrival, and two cars to lend."""
    spaces = Staff.objects.filter(role__code=RoleCode.ADVISOR).count()
    ParkingSpace.objects.bulk_create(ParkingSpace(store=store, code=f"A{n:02d}") for n in range(1, spaces + 1))
    LoanCar.objects.bulk_create(LoanCar(store=store, plate=plate, title=title) for plate, title in LOAN_CARS)


def _colleagues(store: Store, *, visits: int, random: Random) -> None:
    roles = {role.code: role for role in Role.objects.all()}
    people = []
    for code, (few, share) in COLLEAGUES.items():
        for _n in range(min(few + visits // share, 400)):
            name = person_name(random)
            number = len(people) + 1
            user = User(username=f"demo-{number:04d}", is_active=False)
            user.set_unusable_password()
            people.append((user, roles[code], name, number))
    User.objects.bulk_create([user for user, *_ in people])
    staff = Staff.objects.bulk_create(
        Staff(
            store=store,
            user=user,
            role=role,
            name=name,
            name_pinyin=pinyin_of(name)[0],
            employee_no=f"D{number:04d}",
            phone=mobile(random),
        )
        for user, role, name, number in people
    )
    Qualification.objects.bulk_create(
        Qualification(store=store, staff=person, skill=skill)
        for person in staff
        for skill in SKILLS.get(person.role.code, ())
    )
