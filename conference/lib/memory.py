"""A cache in this process that keeps things themselves: a large page or a list of rows is neither copied in nor out."""

import contextlib
import threading
import weakref
from collections.abc import Iterator
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

LONGEST_WAIT = 10  # seconds for what another thread makes
_guard = threading.Lock()
_locks: weakref.WeakValueDictionary[str, threading.Lock] = weakref.WeakValueDictionary()


@contextlib.contextmanager
def alone(key: str) -> Iterator[None]:
    """Let one thread of this process at a time make what a key stands for; who waited looks again whether it was made.

    After a release everybody asks for the same page at once. A thread that takes too long is not waited for.
    """
    with _guard:
        lock = _locks.setdefault(key, threading.Lock())
    was_free = lock.acquire(timeout=LONGEST_WAIT)
    try:
        yield
    finally:
        if was_free:
            lock.release()


class Memory(LocMemCache):
    """Django's cache in local memory without its pickling. What is kept is shared by all who ask for it: nobody may change it."""

    # Of the class above; the stubs do not know them.
    _lock: Any
    _cache: Any
    _set: Any
    _delete: Any
    _has_expired: Any

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Give what is kept, itself."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a thing itself."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._set(key, value, timeout)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a thing where nothing is kept; say whether it was."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if not self._has_expired(key):
                return False
            self._set(key, value, timeout)
            return True
