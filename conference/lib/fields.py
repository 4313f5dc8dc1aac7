"""Column types used in every app."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from conference.lib import tokens


class PublicIdField(models.CharField):
    """The part of a row's address that says nothing of the row: ten random base32 characters."""

    def __init__(self, **options):
        defaults: dict[str, Any] = {"max_length": tokens.PUBLIC_ID_LENGTH, "unique": True, "editable": False, "default": tokens.public_id}
        super().__init__(**(defaults | options))


def one_of(column: str, choices, name: str) -> models.CheckConstraint:
    """Constrain a column to the values of a list of choices."""
    return among(column, choices.values, name)


def among(column: str, values: Iterable[str], name: str) -> models.CheckConstraint:
    """Constrain a column to some values."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": list(values)}), name=name)
