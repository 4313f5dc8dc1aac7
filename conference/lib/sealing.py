"""Sealed text and files: encrypted with keys that live outside the database, newest key first, old keys still read."""

import base64
from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_CHUNK = 64 * 1024  # bytes of a file sealed at a time
_TAG = 16  # bytes by which a sealed chunk is longer


class Unsealable(ValueError):
    """The text or file was sealed with a key this installation no longer has, or was altered."""


class Sealer:
    """Seals and opens short texts (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, keys: list[str]):
        self._box = MultiFernet([Fernet(key) for key in keys])
        self._newest = Fernet(keys[0])

    def seal(self, text: str) -> str:
        """Encrypt `text` with the newest key."""
        return self._box.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt what `seal` made, with any of the keys; raise `Unsealable` when none fits."""
        try:
            return self._box.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise Unsealable("no key opens this text") from error

    def is_newest(self, sealed: str) -> bool:
        """Say whether the newest key alone opens a sealed text."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def new_key() -> str:
    """Make a key for the keys file."""
    return Fernet.generate_key().decode()


def new_file_key() -> str:
    """Make the key of one file: 256 random bits as text. It is kept sealed, and is used for this file alone."""
    return base64.b64encode(AESGCM.generate_key(256)).decode()


def seal_file(content: bytes, key: str) -> Iterator[bytes]:
    """Encrypt the content of a file in chunks (AES-256-GCM), so that it can be opened again without holding all of it.

    Each chunk carries its number and whether it is the last, so that none can be left out, moved or cut off.
    """
    box = AESGCM(base64.b64decode(key))
    starts = range(0, max(len(content), 1), _CHUNK)
    for number, start in enumerate(starts):
        yield box.encrypt(_nonce(number, is_last=number == len(starts) - 1), content[start : start + _CHUNK], None)


def open_file(file: IO[bytes], key: str) -> Iterator[bytes]:
    """Decrypt what `seal_file` made, chunk by chunk; raise `Unsealable` when it is not whole or the key another."""
    box = AESGCM(base64.b64decode(key))
    for number, (chunk, is_last) in enumerate(_with_last(iter(lambda: file.read(_CHUNK + _TAG), b""))):
        try:
            yield box.decrypt(_nonce(number, is_last=is_last), chunk, None)
        except InvalidTag as error:
            raise Unsealable("this file was altered, or its key is another") from error


def _with_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    waiting = None
    for chunk in chunks:
        if waiting is not None:
            yield waiting, False
        waiting = chunk
    yield waiting or b"", True


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
