"""Words of the store itself: roles, permissions, skills, bays and days."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoleCode(TextChoices):
    """Who a person is in the store; each has its own home page."""

    ADVISOR = "advisor", _("Service advisor")
    BOOKING_DESK = "booking_desk", _("Booking desk")
    CONTROLLER = "controller", _("Workshop controller")
    TECHNICIAN = "technician", _("Technician")
    INSPECTOR = "inspector", _("Inspector")
    WASHER = "washer", _("Washer")
    CASHIER = "cashier", _("Cashier")
    GATE = "gate", _("Gate keeper")
    CUSTOMER_RELATIONS = "customer_relations", _("Customer relations")
    PARTS_CLERK = "parts_clerk", _("Parts clerk")
    SALES_LIAISON = "sales_liaison", _("Sales liaison")
    SERVICE_MANAGER = "service_manager", _("Service manager")
    AFTERSALES_DIRECTOR = "aftersales_director", _("After-sales director")
    GENERAL_MANAGER = "general_manager", _("General manager")
    GROUP_MANAGER = "group_manager", _("Group manager")


class Skill(TextChoices):
    MECHANICAL = "mechanical", _("Mechanical")
    ELECTRICAL = "electrical", _("Electrical")
    HIGH_VOLTAGE = "high_voltage", _("High voltage")
    BODY = "body", _("Body")
    PAINT = "paint", _("Paint")
    DETAILING = "detailing", _("Detailing")
    INSPECTION = "inspection", _("Final inspection")


class BayKind(TextChoices):
    LIFT = "lift", _("Lift bay")
    FAST = "fast", _("Quick-service bay")
    BODY = "body", _("Body bay")
    PAINT = "paint", _("Paint booth")
    EV = "ev", _("High-voltage bay")
    WASH = "wash", _("Wash place")


class LeaveKind(TextChoices):
    LEAVE = "leave", _("Leave")
    SICK = "sick", _("Sick")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Away")


class DayKind(TextChoices):
    """How a date differs from its weekday's rule."""

    HOLIDAY = "holiday", _("Holiday")
    WORKING = "working", _("Working weekend")
    SPECIAL = "special", _("Special hours")


# Every permission of the product with its seeded holders. Roles are rows and may be edited per store; this is
# what a new store starts with.
_MANAGERS = {
    RoleCode.SERVICE_MANAGER,
    RoleCode.AFTERSALES_DIRECTOR,
    RoleCode.GENERAL_MANAGER,
}
_FRONT = {RoleCode.ADVISOR, RoleCode.SERVICE_MANAGER}
_EVERYONE = set(RoleCode)

PERMISSION_HOLDERS: dict[str, set[RoleCode]] = {
    "desk.home": _EVERYONE,
    "desk.search": _EVERYONE - {RoleCode.GATE},
    "desk.view_visit": _EVERYONE - {RoleCode.GATE},
    "desk.view_board": _EVERYONE - {RoleCode.GATE, RoleCode.SALES_LIAISON},
    "desk.view_customer": _FRONT
    | _MANAGERS
    | {
        RoleCode.BOOKING_DESK,
        RoleCode.CUSTOMER_RELATIONS,
        RoleCode.SALES_LIAISON,
        RoleCode.GROUP_MANAGER,
    },
    "desk.say": _EVERYONE,
    "desk.dead_letters": _MANAGERS,
    "desk.import_history": _MANAGERS,
    "customers.edit": _FRONT | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS},
    "customers.see_phone": _FRONT | _MANAGERS | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS, RoleCode.CASHIER},
    "messaging.view": _FRONT | _MANAGERS | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS},
    "standards.edit": _MANAGERS,
    "catalogue.edit": _MANAGERS,
    "stores.manage": _MANAGERS,
    "visits.tell_customer": _FRONT | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS, RoleCode.CONTROLLER},
    "visits.promise": _FRONT,
    "visits.need": _FRONT | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS},
    "visits.cancel": _FRONT | {RoleCode.BOOKING_DESK},
    "appointments.book": _FRONT | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS},
    "appointments.queue": _FRONT | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS},
    "appointments.prepare": {RoleCode.CONTROLLER, RoleCode.PARTS_CLERK, RoleCode.SERVICE_MANAGER},
    "symptoms.edit": _MANAGERS | {RoleCode.CONTROLLER},
    "rescue.take": _FRONT | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS, RoleCode.CONTROLLER, RoleCode.GATE},
    "rescue.drive": {RoleCode.TECHNICIAN},
    "rescue.edit": _MANAGERS | {RoleCode.CONTROLLER},
    "reception.check_in": _FRONT,
    "reception.answer_calls": _FRONT | {RoleCode.BOOKING_DESK, RoleCode.CUSTOMER_RELATIONS},
    "orders.edit_lines": _FRONT,
    "orders.approve": _FRONT,
    "orders.discount": _MANAGERS,
    "repairs.dispatch": {RoleCode.CONTROLLER, RoleCode.SERVICE_MANAGER},
    "repairs.work": {RoleCode.TECHNICIAN},
    "repairs.propose": {RoleCode.TECHNICIAN, RoleCode.CONTROLLER, RoleCode.ADVISOR},
    "repairs.issue_parts": {RoleCode.PARTS_CLERK},
    "repairs.sign_step": {RoleCode.TECHNICIAN, RoleCode.INSPECTOR, RoleCode.CONTROLLER},
    "inspections.self": {RoleCode.TECHNICIAN},
    "inspections.cross": {RoleCode.TECHNICIAN, RoleCode.CONTROLLER},
    "inspections.final": {RoleCode.INSPECTOR},
    "inspections.wash": {RoleCode.WASHER},
    "inspections.check_wash": {RoleCode.INSPECTOR, RoleCode.ADVISOR},
    "inspections.waive_wash": _FRONT,
    "handover.hand_over": _FRONT,
    "checkout.take_payment": {RoleCode.CASHIER},
    "checkout.on_account": _MANAGERS,
    "checkout.gate": {RoleCode.GATE},
    "followups.call": {RoleCode.CUSTOMER_RELATIONS},
    "guarantees.view": _FRONT | _MANAGERS | {RoleCode.CONTROLLER, RoleCode.CUSTOMER_RELATIONS},
    "guarantees.edit": _MANAGERS,
    "complaints.comfort": _EVERYONE - {RoleCode.SALES_LIAISON, RoleCode.GROUP_MANAGER},
    "complaints.open": _EVERYONE - {RoleCode.GATE},
    "complaints.work": {RoleCode.CUSTOMER_RELATIONS} | _MANAGERS,
    "complaints.approve": _MANAGERS | {RoleCode.GROUP_MANAGER},
    "complaints.recheck": {RoleCode.CUSTOMER_RELATIONS} | _MANAGERS,
    "complaints.import": _MANAGERS,
    "complaints.answer_as_sales": {RoleCode.SALES_LIAISON},
    "surveys.view": _FRONT | _MANAGERS | {RoleCode.CUSTOMER_RELATIONS, RoleCode.GROUP_MANAGER},
    "surveys.edit": _MANAGERS,
    "commitments.view": _FRONT
    | _MANAGERS
    | {RoleCode.BOOKING_DESK, RoleCode.CONTROLLER, RoleCode.CUSTOMER_RELATIONS, RoleCode.GROUP_MANAGER},
    "commitments.remedy": _FRONT | _MANAGERS | {RoleCode.CUSTOMER_RELATIONS},
    "commitments.edit": _MANAGERS,
    "outreach.call": {RoleCode.CUSTOMER_RELATIONS, RoleCode.BOOKING_DESK, RoleCode.SERVICE_MANAGER},
    "outreach.edit": _MANAGERS,
    "reports.view": _MANAGERS | {RoleCode.GROUP_MANAGER},
    "reports.export": _MANAGERS | {RoleCode.GROUP_MANAGER},
    "api.keys": _MANAGERS,
}


def default_permissions(role: str) -> list[str]:
    """Permission names a new store gives to `role`."""
    return sorted(name for name, holders in PERMISSION_HOLDERS.items() if role in holders)
