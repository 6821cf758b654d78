"""What goes on around the cars in the house: vans and duty, a call for help on its way and one that ended."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import uuid4

from appointments.domain import Caller
from core import clock
from dealership.demo.words import mobile, person_name, plate
from rescue import domain as rescue
from rescue.choices import RescueChannel, Trouble
from stores.choices import RoleCode
from stores.models import Staff, Store

FIRST_NUMBER = 910_000  # cars at the roadside share no plate with the others


def roadside(store: Store, random: Random) -> None:
    """Two vans, a duty for a week of nights, a car that was helped and one that waits. Inside the store's scope."""
    tow = rescue.set_van(store=store, plate="沪AJY119", title="五十铃 清障车", tows=True)
    rescue.set_van(store=store, plate="沪AJY120", title="福特 全顺", tows=False)
    drivers = list(
        Staff.objects.filter(role__code=RoleCode.TECHNICIAN, active=True).order_by("-user__is_active", "id")[:4]
    )
    tonight = clock.now().replace(minute=0, second=0, microsecond=0)
    for night in range(7):
        person, start = drivers[night % len(drivers)], tonight + timedelta(days=night)
        rescue.set_duty(
            staff=person, start=start, end=start + timedelta(hours=14), phone=person.phone or mobile(random)
        )
    advisor = Staff.objects.filter(role__code=RoleCode.ADVISOR, active=True).order_by("-user__is_active", "id").first()
    helped = _call(store, random, advisor, Trouble.BATTERY, "安驰路近墨玉路，路边停车位", 0)
    helped = rescue.accept(helped, driver=drivers[0], van=tow, minutes=25, by=drivers[0])
    helped = rescue.arrive(rescue.depart(helped, kit=[], by=drivers[0]), by=drivers[0])
    rescue.finish(helped, towed=False, outcome="搭电启动，建议更换蓄电池", comes_in=True, by=drivers[0])
    waiting = _call(store, random, advisor, Trouble.TYRE, "G2 京沪高速 往上海方向 K1228，应急车道", 1)
    rescue.accept(waiting, driver=drivers[1 % len(drivers)], van=tow, minutes=40, by=advisor)


def _call(store: Store, random: Random, advisor: Staff, trouble: Trouble, place: str, place_in_row: int):
    caller = Caller(
        name=person_name(random), phone=mobile(random), plate=plate(FIRST_NUMBER + place_in_row, new_energy=False)
    )
    job, _link = rescue.request_help(
        store=store,
        caller=caller,
        trouble=trouble,
        place=place,
        channel=RescueChannel.PHONE,
        safe=True,
        token=uuid4(),
        by=advisor,
    )
    return job
