"""What the journal says about final inspection and wash."""

from django.utils.translation import gettext_lazy as _

from inspections.choices import Level, Verdict, WaiveReason
from journal.events import event
from orders.choices import Risk


@event("inspections.inspected")
class Inspected:
    sentence = _("{level}, round {round}: {verdict}")
    labels = {"level": Level, "verdict": Verdict}

    level: int
    verdict: str
    round: int
    inspector_id: int
    line_id: int | None = None


@event("inspections.certificate_issued")
class CertificateIssued:
    sentence = _("Exit certificate {number} issued")

    number: str


@event("inspections.lights_filled")
class LightsFilled:
    sentence = _("Traffic-light inspection: {green} green, {yellow} yellow, {red} red")

    green: int
    yellow: int
    red: int
    finished: bool
    by_id: int


@event("inspections.light_proposed")
class LightProposed:
    sentence = _("Added item proposed from the traffic-light inspection: {risk}")
    labels = {"risk": Risk}

    item_id: int
    line_id: int
    risk: str


@event("inspections.wash_queued")
class WashQueued:
    sentence = _("Car waits for the wash")


@event("inspections.wash_started")
class WashStarted:
    sentence = _("Wash started")

    washer_id: int
    rewashes: int


@event("inspections.washed")
class Washed:
    sentence = _("Washed, to be checked")

    washer_id: int
    seconds: int


@event("inspections.wash_finished")
class WashFinished:
    sentence = _("Wash checked and in order")

    washer_id: int
    checker_id: int
    seconds: int
    rewashes: int


@event("inspections.wash_repeated")
class WashRepeated:
    sentence = _("Wash not in order, to be repeated (repetition {rewashes})")

    washer_id: int
    checker_id: int
    rewashes: int


@event("inspections.wash_waived")
class WashWaived:
    sentence = _("Not washed: {reason}")
    labels = {"reason": WaiveReason}

    reason: str
