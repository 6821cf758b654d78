"""Everything that changes a visit. Import as `from visits import domain as visits`."""

from visits.domain.journey import advance, give_to_advisor, lock, open_visit, place_visit
from visits.domain.links import (
    link_address,
    make_link,
    make_write_token,
    revoke_links,
    send_link,
    use_write_token,
)
from visits.domain.needs import add_need, settle_need
from visits.domain.photos import sign, store_photo
from visits.domain.promises import promise, tell_customer, tell_promise
from visits.domain.silence import wake_silent

__all__ = [
    "add_need",
    "advance",
    "give_to_advisor",
    "link_address",
    "lock",
    "make_link",
    "make_write_token",
    "open_visit",
    "place_visit",
    "promise",
    "revoke_links",
    "send_link",
    "settle_need",
    "sign",
    "store_photo",
    "tell_customer",
    "tell_promise",
    "use_write_token",
    "wake_silent",
]
