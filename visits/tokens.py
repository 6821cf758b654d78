"""Links and write tokens are stored as hashes only."""

import hashlib


def token_hash(token: str) -> str:
    """SHA-256 of a random token; a copy of the database opens nobody's page."""
    return hashlib.sha256(token.encode()).hexdigest()
