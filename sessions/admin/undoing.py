"""What an editor did to the draft in this sign-in, on the board or by form, so that they can take the last of it back."""

import dataclasses

from django.http import HttpRequest
from django.utils.translation import gettext as _

from conference.lib.fingerprints import fingerprints
from events.rules import NotAllowed
from sessions import actions
from sessions.actions import Step

STEPS_KEPT = 20


def keep(request: HttpRequest, steps: list[Step]) -> None:
    """Keep what an act did; one that did nothing is not kept."""
    if steps:
        request.session[_key(request)] = [*_kept(request), [dataclasses.asdict(step) for step in steps]][-STEPS_KEPT:]


def last_act(request: HttpRequest) -> str:
    """Give what names the last kept act, empty without any: one press undoes one act, however often it is sent."""
    return _mark_of(kept[-1]) if (kept := _kept(request)) else ""


def undo(request: HttpRequest) -> tuple[str, list[Step]]:
    """Take the last act back; say so, and give what that did. Raise `NotAllowed`, or `Stale` when somebody has moved it since."""
    kept, asked = _kept(request), request.POST.get("step", "")
    known = [_mark_of(steps) for steps in kept]
    if asked and asked not in known:  # its answer was lost, and it is asked again
        return _("The last move is undone."), []
    if asked and asked != known[-1]:
        raise NotAllowed(_("You have made another move since, in another window. Look at it before you undo it."))
    if not kept:
        return _("There is nothing to undo."), []
    steps = kept.pop()
    request.session[_key(request)] = kept  # also when it is refused: it would be refused again
    done = actions.take_back(request.event, [Step(**step) for step in steps], by=request.actor)
    return _("The last move is undone."), done


def _key(request: HttpRequest) -> str:
    return f"board:{request.event.pk}"


def _kept(request: HttpRequest) -> list[list[dict]]:
    """The acts of this sign-in in the draft of this event, the last at the end."""
    return list(request.session.get(_key(request), []))


def _mark_of(steps: list[dict]) -> str:
    return fingerprints({"steps": steps})["steps"]
