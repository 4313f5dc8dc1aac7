"""Short digests of what a page showed, for its form to carry and bring back."""

import hashlib
import json
from collections.abc import Mapping


def fingerprints(values: Mapping[str, object]) -> dict[str, str]:
    """Give a short digest of each value; values are texts, numbers, truths, keys or lists of them."""
    return {name: hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:16] for name, value in values.items()}


def differing(seen: Mapping[str, str], values: Mapping[str, object]) -> list[str]:
    """Name the values that are no longer what their fingerprints say, or that were not shown."""
    return [name for name, mark in fingerprints(values).items() if seen.get(name) != mark]


def marks_in(text: str) -> dict[str, str]:
    """Read the fingerprints a form brought back; none when they cannot be read, which makes everything look changed."""
    try:
        marks = json.loads(text)
    except ValueError:
        return {}
    return marks if isinstance(marks, dict) else {}
