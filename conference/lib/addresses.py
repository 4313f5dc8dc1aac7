"""Addresses of many things of one kind, made without asking the resolver for each."""

import functools

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

_PLACE = "-place-"  # no public id


def address_below(name: str, slug: str, public_id: str) -> str:
    """Give what `reverse(name, args=[slug, public_id])` gives in the active language, for a public id of base32 characters."""
    before, after = _around(name, slug, get_language(), get_script_prefix())
    return f"{before}{public_id}{after}"


@functools.lru_cache(maxsize=1024)
def _around(name: str, slug: str, language: str | None, prefix: str) -> tuple[str, str]:
    before, _place, after = reverse(name, args=[slug, _PLACE]).rpartition(_PLACE)
    return before, after
