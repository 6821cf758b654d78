"""What the journal says about the keys of other systems."""

from django.utils.translation import gettext_lazy as _

from journal.events import event


@event("api.key_issued")
class KeyIssued:
    sentence = _("Key {prefix} issued to another system")

    key_id: int
    prefix: str


@event("api.key_withdrawn")
class KeyWithdrawn:
    sentence = _("Key {prefix} of another system withdrawn")

    key_id: int
    prefix: str
