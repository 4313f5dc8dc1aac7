"""Order of words as readers expect it: the root collation of Unicode (DUCET, UTS 10), with no system locale."""

import functools

import pyuca


@functools.cache
def _collator() -> pyuca.Collator:
    return pyuca.Collator()


@functools.lru_cache(maxsize=32_768)
def sort_key(text: str) -> tuple[int, ...]:
    """Give a key that sorts `text` by the root collation, so that Österreich stands beside Oman and not after Zypern."""
    return tuple(_collator().sort_key(text))
