"""Column types used in every app."""

from django.db import models

from conference.lib import tokens


class PublicIdField(models.CharField):
    """The part of a row's address that says nothing of the row: ten random base32 characters."""

    def __init__(self, **options):
        options = {"max_length": tokens.PUBLIC_ID_LENGTH, "unique": True, "editable": False, "default": tokens.public_id} | options
        super().__init__(**options)


def one_of(column: str, choices, name: str) -> models.CheckConstraint:
    """Constrain a column to the values of a list of choices."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": choices.values}), name=name)
