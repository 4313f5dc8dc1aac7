"""Sealing everything anew with the newest key, so that an older one can be taken away."""

import dataclasses

from django.apps import apps
from django.conf import settings
from django.db import transaction

from conference.lib.sealing import Sealer, Unsealable
from conference.privacy.inventory import SEALED

BATCH = 200
_MARK = "gAAAA"  # how every sealed text begins: version and the first zeros of its moment


@dataclasses.dataclass
class Outcome:
    """What came of it: rows sealed anew, and the references of rows no key opens."""

    resealed: int = 0
    lost: list[str] = dataclasses.field(default_factory=list)


def reseal() -> Outcome:
    """Seal every sealed column with the newest key, in short transactions; what is sealed with it already is left, so it can be resumed.

    Files need nothing else: each has a key of its own, which is one of these columns.
    """
    sealer, outcome = Sealer(settings.DATA_KEYS), Outcome()
    for label, columns in SEALED.items():
        _reseal(apps.get_model(label), columns, sealer, outcome)
    return outcome


def _reseal(model, columns: tuple[str, ...], sealer: Sealer, outcome: Outcome) -> None:
    last = 0
    while True:
        with transaction.atomic():
            rows = list(model.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
            for row in rows:
                _reseal_row(row, columns, sealer, outcome)
        if not rows:
            return
        last = rows[-1].pk


def _reseal_row(row, columns: tuple[str, ...], sealer: Sealer, outcome: Outcome) -> None:
    try:
        anew = {name: resealed(getattr(row, name), sealer) for name in columns}
    except Unsealable:
        outcome.lost.append(f"{row._meta.label} {row.pk}")
        return
    changed = [name for name, value in anew.items() if value != getattr(row, name)]
    for name in changed:
        setattr(row, name, anew[name])
    if changed:
        row.save(update_fields=changed)
        outcome.resealed += 1


def resealed(value, sealer: Sealer):
    """The same value with every sealed text in it sealed by the newest key; raise `Unsealable` when no key opens one."""
    if isinstance(value, dict):
        return {name: resealed(part, sealer) for name, part in value.items()}
    if isinstance(value, list):
        return [resealed(part, sealer) for part in value]
    if not isinstance(value, str) or not value.startswith(_MARK) or sealer.is_newest(value):
        return value
    return sealer.seal(sealer.open(value))
