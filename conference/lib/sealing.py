"""Sealed text: encrypted with keys that live outside the database, newest key first, old keys still read."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unsealable(ValueError):
    """The text was sealed with a key this installation no longer has, or was altered."""


class Sealer:
    """Seals and opens short texts (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, keys: list[str]):
        self._box = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        """Encrypt `text` with the newest key."""
        return self._box.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` made, with any of the keys; raise `Unsealable` when none fits."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Unsealable("no key opens this text") from error


def new_key() -> str:
    """Make a key for the keys file."""
    return Fernet.generate_key().decode()
