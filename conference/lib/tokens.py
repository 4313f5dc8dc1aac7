"""Names that cannot be guessed: public ids for addresses, and secrets that are kept only as digests."""

import contextlib
import contextvars
import hashlib
import random
import secrets
from collections.abc import Iterator

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32, RFC 4648, in small letters
PUBLIC_ID_LENGTH = 10


_source: contextvars.ContextVar[random.Random] = contextvars.ContextVar("source")


def public_id() -> str:
    """Make a public id: 10 random base32 characters (50 bits)."""
    source = _source.get(secrets.SystemRandom())
    return "".join(source.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


@contextlib.contextmanager
def repeatable(seed: str) -> Iterator[None]:
    """Make the same public ids in the same order each time: for the demonstration. Secrets stay random."""
    token = _source.set(random.Random(seed))  # noqa: S311 -- public ids of invented rows
    try:
        yield
    finally:
        _source.reset(token)


def secret() -> str:
    """Make a bearer secret: 32 random bytes in URL-safe base64."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """Give what is stored of a secret: its SHA-256 in hex. The secret has 256 random bits, so no salt is needed."""
    return hashlib.sha256(value.encode()).hexdigest()
