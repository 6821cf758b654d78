"""Vans, what is in them, and who is on duty."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError
from core.phones import normalise_phone
from core.plates import normalise_plate
from rescue.choices import Trouble
from rescue.models import Duty, KitItem, Van
from stores.models import Staff, Store

KIT = [
    ("", "三角警示牌、反光背心", "Warning triangle, reflective vests"),
    ("", "灭火器", "Fire extinguisher"),
    ("", "照明灯", "Work lamp"),
    ("", "维修委托单、PDA", "Repair order forms, handheld"),
    (Trouble.BATTERY, "应急启动电源、搭电线", "Jump starter, cables"),
    (Trouble.BATTERY, "蓄电池检测仪", "Battery tester"),
    (Trouble.TYRE, "千斤顶、扭力扳手", "Jack, torque wrench"),
    (Trouble.TYRE, "补胎工具、充气泵", "Tyre repair kit, pump"),
    (Trouble.ENERGY, "备用油桶、移动充电设备", "Fuel can, mobile charger"),
    (Trouble.WARNING, "诊断仪", "Diagnostic tester"),
    (Trouble.ACCIDENT, "牵引绳、绝缘手套（新能源车）", "Tow rope, insulating gloves (new-energy cars)"),
    (Trouble.LOCKED, "开锁工具", "Unlocking tools"),
]


def seed(store: Store) -> None:
    """Give a new store the kit of the house, inside the store's scope. Not for a store that has some."""
    KitItem.objects.bulk_create(
        KitItem(store=store, position=number, trouble=trouble, name_zh=zh, name_en=en)
        for number, (trouble, zh, en) in enumerate(KIT)
    )


@transaction.atomic
def set_duty(*, staff: Staff, start: datetime, end: datetime, phone: str) -> Duty:
    """Put somebody on duty. Conflict when he is on duty at a part of that time already."""
    if end <= start:
        raise DomainError(_("The duty ends before it begins."), code="order")
    try:
        with transaction.atomic():
            return Duty.objects.create(
                store_id=staff.store_id, staff=staff, during=DateTimeTZRange(start, end), phone=normalise_phone(phone)
            )
    except IntegrityError as error:
        if "rescue_duty_once" in str(error):
            raise Conflict(
                _("%(name)s is on duty at that time already.") % {"name": staff.name}, code="twice"
            ) from error
        raise


def end_duty(duty: Duty) -> None:
    """Take a duty off the list."""
    duty.delete()


@transaction.atomic
def set_van(*, store: Store, plate: str, title: str, tows: bool, active: bool = True) -> Van:
    """A van by its plate, taken down or changed."""
    plate = normalise_plate(plate)
    if not plate or not title.strip():
        raise DomainError(_("A van has a plate and a model."), code="van")
    values = {"title": title.strip(), "tows": tows, "active": active}
    return Van.objects.update_or_create(store=store, plate=plate, defaults=values)[0]
