"""The reactions this version of the product has, filled by `journal.reactions.reacts_to`."""

from collections.abc import Callable
from dataclasses import dataclass

from journal.choices import Since


@dataclass(frozen=True)
class Reaction:
    """A function and what it reads; arguments as for `reacts_to`."""

    name: str
    event_names: tuple[str, ...]
    handler: Callable
    since: Since
    history: bool
    batch: bool
    limit: int


_reactions: dict[str, Reaction] = {}


def add(reaction: Reaction) -> None:
    known = _reactions.get(reaction.name)
    if known is not None and known.handler.__module__ != reaction.handler.__module__:
        raise ValueError(f"two reactions are called {reaction.name}")
    _reactions[reaction.name] = reaction


def remove(name: str) -> None:
    _reactions.pop(name, None)


def reactions() -> list[Reaction]:
    """All of them, by name."""
    return [_reactions[name] for name in sorted(_reactions)]


def reaction(name: str) -> Reaction | None:
    return _reactions.get(name)
