"""What a store expects of itself: minutes each wait may take."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError, NotAllowed
from reports.choices import STANDARD_MINUTES, WaitKind
from reports.models import WaitStandard
from stores.models import Staff

LONGEST = 7 * 24 * 60


@transaction.atomic
def set_standards(minutes: dict[WaitKind, int], *, by: Staff) -> None:
    """Set the store's minutes per wait; what equals the house's default is kept as such, so that it follows a later default.

    NotAllowed without the right to edit the service standard; DomainError for less than nothing or more than a week.
    """
    if not by.may("standards.edit"):
        raise NotAllowed(_("Your role does not set the standards of waits."))
    if any(not 0 <= value <= LONGEST for value in minutes.values()):
        raise DomainError(_("A standard lies between 0 minutes and a week."))
    own = {kind: value for kind, value in minutes.items() if value != STANDARD_MINUTES[kind]}
    WaitStandard.objects.filter(store=by.store, kind__in=[kind.value for kind in minutes.keys() - own.keys()]).delete()
    WaitStandard.objects.bulk_create(
        [WaitStandard(store=by.store, kind=kind.value, minutes=value) for kind, value in own.items()],
        update_conflicts=True,
        update_fields=["minutes"],
        unique_fields=["store", "kind"],
    )
