"""What a domain function raises when it says no.

The text of each error is a sentence that the person in front of the screen can act on; the same text goes to a form, to the API's
problem document and to the log. Doors (pages, API) read `.status`, nobody reads the class name.
"""


class DomainError(Exception):
    """The request makes sense but the rule of the house refuses it (422)."""

    status = 422

    def __init__(self, message, code="invalid"):
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class Conflict(DomainError):
    """Somebody else was first: the form is stale, the slot is taken (409)."""

    status = 409

    def __init__(self, message, code="conflict"):
        super().__init__(message, code)


class NotAllowed(DomainError):
    """This actor may not do this (403)."""

    status = 403

    def __init__(self, message, code="not_allowed"):
        super().__init__(message, code)


class GateClosed(DomainError):
    """A visit may not leave its stage yet (409).

    `blockers` is the non-empty list of sentences that the stage's gate returned; the visit page shows them as the checklist of what is missing.
    """

    status = 409

    def __init__(self, blockers, code="gate_closed"):
        self.blockers = list(blockers)
        super().__init__("", code)

    def __str__(self) -> str:
        return " ".join(str(blocker) for blocker in self.blockers)
