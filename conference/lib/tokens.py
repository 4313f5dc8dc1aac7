"""Names that cannot be guessed: public ids for addresses, secrets that are kept only as digests, and codes typed from paper."""

import contextlib
import contextvars
import hashlib
import hmac
import random
import secrets
import unicodedata
from collections.abc import Iterable, Iterator

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32, RFC 4648, in small letters
PUBLIC_ID_LENGTH = 10
TYPED_ALPHABET = "ABCDEFGHJKMNPRSTVWXYZ"  # no I, L, O, Q, U and no digit: nothing that is read for something else
TYPED_GROUPS = 3
TYPED_GROUP_LENGTH = 4


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


def typed_code() -> str:
    """Make a code to be typed from paper: 12 letters in three groups (52 bits), such as `KMPR-ABCD-XYZE`."""
    letters = [secrets.choice(TYPED_ALPHABET) for _ in range(TYPED_GROUPS * TYPED_GROUP_LENGTH)]
    return "-".join("".join(letters[start : start + TYPED_GROUP_LENGTH]) for start in range(0, len(letters), TYPED_GROUP_LENGTH))


def typed_letters(written: str) -> str:
    """Give the letters of a code as a person typed it: in capitals, of any width, without the spaces and signs between them."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", written).upper() if sign.isalnum())


def code_digests(written: str, keys: Iterable[str]) -> list[str]:
    """Give what may be stored of a typed code: its HMAC-SHA256 in hex under each key, the newest first.

    52 bits can be tried out by whoever holds a copy of the table; without the key, which is kept outside the database, they learn nothing.
    """
    letters = b"letter code " + typed_letters(written).encode()
    return [hmac.new(key.encode(), letters, hashlib.sha256).hexdigest() for key in keys]
