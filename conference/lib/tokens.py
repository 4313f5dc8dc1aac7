"""Names that cannot be guessed: public ids for addresses, and secrets that are kept only as digests."""

import hashlib
import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32, RFC 4648, in small letters
PUBLIC_ID_LENGTH = 10


def public_id() -> str:
    """Make a public id: 10 random base32 characters (50 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def secret() -> str:
    """Make a bearer secret: 32 random bytes in URL-safe base64."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """Give what is stored of a secret: its SHA-256 in hex. The secret has 256 random bits, so no salt is needed."""
    return hashlib.sha256(value.encode()).hexdigest()
