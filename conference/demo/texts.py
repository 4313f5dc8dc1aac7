"""The demonstration's texts, read from data files."""

import functools
import json
import pathlib

_FOLDER = pathlib.Path(__file__).parent.parent / "data" / "demo"


@functools.cache
def load(name: str) -> dict:
    """Read one data file of the demonstration."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def columns(field: str, texts: dict[str, str], **values: dict[str, str] | str) -> dict[str, str]:
    """Turn a text per language into the columns of a translated field, with `{placeholders}` filled in.

    A value is one text for all languages, or a text per language.
    """
    return {f"{field}_{language}": text.format(**_in(language, values)) for language, text in texts.items()}


def all_columns(fields: tuple[str, ...], facts: dict) -> dict[str, str]:
    """Turn several texts of `facts` into columns, each under its own name."""
    return {name: text for field in fields for name, text in columns(field, facts[field]).items()}


def _in(language: str, values: dict) -> dict[str, str]:
    return {name: value[language] if isinstance(value, dict) else value for name, value in values.items()}
