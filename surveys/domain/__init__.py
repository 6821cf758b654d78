"""Asking customers and taking their answers; making questionnaires. Import as `from surveys import domain as surveys`."""

from surveys.domain.answers import answer
from surveys.domain.invitations import (
    close_invitation,
    expire_due,
    invite_due,
    not_delivered,
    plan_invitation,
    stop_asking,
)
from surveys.domain.versions import (
    ItemInput,
    add_item,
    change_item,
    discard,
    draft,
    move_item,
    publish,
    remove_item,
    set_weights,
)

__all__ = [
    "ItemInput",
    "add_item",
    "answer",
    "change_item",
    "close_invitation",
    "discard",
    "draft",
    "expire_due",
    "invite_due",
    "move_item",
    "not_delivered",
    "plan_invitation",
    "publish",
    "remove_item",
    "set_weights",
    "stop_asking",
]
