"""The homes that are lists across stages: advisor, booking desk, customer relations, sales, managers.

`sections` and `figures` are what a home is built of; `urgent` is what goes before everything else, whatever the role.
"""

from __future__ import annotations

from collections.abc import Callable

from complaints.queries import praise_for
from desk.homes.advisor import advisor
from desk.homes.booking_desk import booking_desk
from desk.homes.managers import director, group_manager, manager
from desk.homes.relations import customer_relations, sales_liaison
from desk.homes.urgent import urgent
from stores.choices import RoleCode
from stores.models import Staff

HOME_OF: dict[str, Callable[[Staff], dict]] = {
    RoleCode.ADVISOR: advisor,
    RoleCode.BOOKING_DESK: booking_desk,
    RoleCode.CUSTOMER_RELATIONS: customer_relations,
    RoleCode.SALES_LIAISON: sales_liaison,
    RoleCode.AFTERSALES_DIRECTOR: director,
    RoleCode.GENERAL_MANAGER: director,
    RoleCode.GROUP_MANAGER: group_manager,
}


def home(staff: Staff) -> dict:
    """Context of `desk/home.html`: figures on top, then lists, each with what to say when it is empty."""
    context = HOME_OF.get(staff.role_code, manager)(staff)
    return {
        "praise": praise_for(staff),
        **context,
        "sections": [*urgent(staff), *context["sections"]],
        "may_open_cases": staff.may("complaints.work"),
    }
