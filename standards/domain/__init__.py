"""Carrying out checklists and making new versions of them. Import as `from standards import domain as standards`."""

from standards.domain.runs import complete, fill, record_run, start_run
from standards.domain.versions import (
    ItemInput,
    add_item,
    change_item,
    discard,
    draft,
    move_item,
    publish,
    remove_item,
    rename,
)

__all__ = [
    "ItemInput",
    "add_item",
    "change_item",
    "complete",
    "discard",
    "draft",
    "fill",
    "move_item",
    "publish",
    "record_run",
    "remove_item",
    "rename",
    "start_run",
]
