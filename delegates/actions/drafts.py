"""Forms not sent yet, or sent too late: kept sealed on the server, and accepted late by an organiser."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.beside import lock_person
from delegates.actions.corrections import give_details
from delegates.actions.moves import lock_registration
from delegates.actions.registrations import submit_registration
from delegates.choices import FormPhase
from delegates.models import Registration, RegistrationDraft
from delegates.models.answers import opened_json, sealed_json
from delegates.rules import check_editing, fills_in_form, gives_details
from events.actions import record
from events.rules import NotAllowed

MAX_CHARACTERS = 30_000  # of one step; every step is far smaller


def save_step(registration: Registration, *, phase: str, step: str, typed: dict[str, list[str]]) -> None:
    """Keep what was typed into one step, right or wrong, beside the other steps. Nothing is sent and nothing recorded by this.

    Raise `NotAllowed` when the form is not (or no longer) the person's to fill in, or when what was typed is endless.
    """
    if sum(len(value) for values in typed.values() for value in values) > MAX_CHARACTERS:
        raise NotAllowed(_("This is too long to be kept. Shorten it."))
    with transaction.atomic():
        locked = Registration.objects.select_for_update(of=("self",)).select_related("event").get(pk=registration.pk)
        check_editing(locked.event)
        check_open(locked, phase)
        draft = _draft(locked, phase)
        _put(draft, opened_json(draft.sealed) if draft.pk else {"typed": {}}, {step: typed})


def check_open(registration: Registration, phase: str) -> None:
    """Refuse to go on with a form that is not the person's to fill in as the registration stands; raise `NotAllowed`."""
    if not (fills_in_form(registration) if phase == FormPhase.FIRST else gives_details(registration)):
        raise NotAllowed(_("This registration has changed meanwhile: it is now “%(state)s”.") % {"state": registration.get_state_display()})


def send_late(registration: Registration, *, phase: str, answers: dict, by: Actor) -> None:
    """Keep a whole form that came after its deadline, so that an organiser can accept it; sent again it replaces the earlier one."""
    with transaction.atomic():
        locked = lock_registration(registration)
        check_editing(locked.event)
        check_open(locked, phase)
        draft = _draft(locked, phase)
        before = opened_json(draft.sealed) if draft.pk else {"typed": {}}
        if draft.late_at and before.get("answers") == answers:
            return
        draft.late_at = timezone.now()
        _put(draft, before | {"answers": answers}, {})
        record(by, "registration.send_late", locked, event=locked.event, form=phase)


def accept_late(registration: Registration, *, phase: str, seen_at: dt.datetime, by: Actor) -> Registration:
    """Take over a form that came late, as the person sent it, their own consent included. `seen_at` is when the one shown was sent.

    Raise `NotAllowed` when it is not there any more or was sent again since.
    """
    with transaction.atomic():
        locked, _approved = lock_person(registration)
        draft = locked.drafts.filter(phase=phase, late_at=seen_at).first()
        answers = draft.answers if draft else None
        if answers is None:
            raise NotAllowed(_("This form was taken over already, or sent again meanwhile. Look at it once more."))
        record(by, "registration.accept_late", locked, event=locked.event, form=phase)
        if phase == FormPhase.FIRST:
            submit_registration(registration, data=answers, by=by, is_own=True)
        else:
            give_details(registration, data=answers, by=by)
        locked.drafts.filter(phase=phase).delete()
    return locked


def _draft(locked: Registration, phase: str) -> RegistrationDraft:
    known = locked.drafts.filter(phase=phase).first()
    return known or RegistrationDraft(event_id=locked.event_id, registration=locked, phase=phase)


def _put(draft: RegistrationDraft, content: dict, typed: dict) -> None:
    draft.sealed = sealed_json(content | {"typed": content["typed"] | typed})
    draft.saved_at = timezone.now()
    draft.save()
