"""Text as it is searched: folded so that `Lukasz` finds `Łukasz` on every database."""

import functools
import unicodedata

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"})


@functools.lru_cache(maxsize=32_768)
def folded(text: str) -> str:
    """Casefold, strip accents, and replace the letters that Unicode does not take apart."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
