"""What a row of the table says, and every address there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, get_resolver, reverse

from stores.models import Staff
from tests.visits_at_stage import Maker

DONE = 303  # a post that was carried out leads on

# Django's own pages, tried by their own tests; and what machines ask.
NOT_OURS = {"set_language", "healthz", "readyz", "metrics"}
NOT_OUR_SPACES = {"admin", "v1"}  # other systems' addresses: tests/api


@dataclass
class Target:
    """Where a row leads in one store: keys of the address, what is posted, who opens it, words of its heading."""

    kwargs: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    query: str = ""
    who: Staff | None = None
    words: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One address. `role` opens it and gets `status`; `heading` stands in its <h1> (with the target's words filled in).

    `post`: it takes nothing but POST. `stranger`/`colleague`: what somebody not signed in, or without the right, gets
    (None: everybody may). `colleague_role`: a role that lacks the right. `keyed`: its keys name an object of the store.
    """

    name: str
    role: str
    make: Callable[[Maker], Target] = lambda make: Target()
    heading: str = ""
    post: bool = False
    status: int = 200
    colleague_role: str | None = "gate"
    public: bool = False
    keyed: bool = True
    phone: bool = False

    @property
    def readable(self) -> bool:
        """A whole page for people, not a fragment, a picture or a redirect."""
        return not self.post and bool(self.heading)

    def url(self, target: Target) -> str:
        return reverse(self.name, kwargs=target.kwargs) + target.query


def names(resolver=None, space: str = "") -> Iterator[str]:
    """Names of every address the product answers, `app:name`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{space}{pattern.name}"
        elif pattern.namespace not in NOT_OUR_SPACES:
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
