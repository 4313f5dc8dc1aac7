"""Forms that are sent twice act once: the key of the form is claimed in the transaction of the act."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.models import Registration
from events.actions import reference_of
from events.models import IdempotencyKey
from events.rules import NotAllowed


class SentBefore(NotAllowed):
    """A form with this key has acted already, with other words in it."""


def once(act: Callable[[], Registration], *, by: Actor, key: str, digest: str) -> str:
    """Do `act` and give the public id of the registration it made; for a form that was sent before, give that one and do nothing.

    `digest` tells a repetition from other words under the same key, which raise `SentBefore`. A refused act leaves the key unused.
    """
    with transaction.atomic():
        claimed, is_new = IdempotencyKey.objects.get_or_create(
            actor=reference_of(by), key=key, defaults={"digest": digest, "at": timezone.now()}
        )
        if not is_new:
            if claimed.digest != digest:
                raise SentBefore(
                    _("This form has been sent before, with other words. Look at your list; if this one is new, send it again.")
                )
            return claimed.answer
        claimed.answer = act().public_id
        claimed.save(update_fields=["answer"])
    return claimed.answer
