"""Everything that changes promises, how they went, and what is owed. Import as `from commitments import domain as commitments`."""

from commitments.domain.measuring import measure, run_out
from commitments.domain.remedies import settle
from commitments.domain.terms import discard, publish, withdraw, write

__all__ = ["discard", "measure", "publish", "run_out", "settle", "withdraw", "write"]
