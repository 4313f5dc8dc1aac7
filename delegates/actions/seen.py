"""What an officer saw of a registration when they decided, checked again under the lock (decision 0013)."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from conference.lib.fingerprints import differing, fingerprints
from delegates.choices import BESIDE_KINDS, Category, FileKind, Group, PhotoKey
from delegates.models import Delegate, Delegation, LateRequest, PendingChange, Registration
from delegates.rules import CATEGORY_FIELD, COPY_FIELD, GROUPS_BESIDE, PHOTO_FIELD
from events.rules import NotAllowed

OF_REGISTRATION = ("state", "category", "mode", "narrowing", "security_decision", "function", "languages", "needs", "consent")
OF_DELEGATE = ("given_name", "family_name", "native_name", "badge_name", "birth_date", "nationalities", "email")
# What the page shows a security officer: no addresses, no needs, no consent, so no digests of them either.
FOR_SECURITY = ("state", "category", "security_decision", "function", *OF_DELEGATE[:6], "photo", "identity_document", "given_identity")


class ChangedSince(NotAllowed):
    """What the officer saw is no longer so; nothing was done."""


def facts_of(registration: Registration, *, for_security: bool = False) -> dict[str, object]:
    """Give what a decision rests on, by the names of its fields."""
    facts: dict[str, object] = {name: getattr(registration, name) for name in OF_REGISTRATION}
    facts |= {name: getattr(registration.delegate, name, "") for name in OF_DELEGATE}
    facts |= {kind.value: _files_of(registration, kind) for kind in (FileKind.PHOTO, FileKind.IDENTITY_DOCUMENT, FileKind.ANSWER)}
    facts |= {"given": _given(registration, Group.values), "given_identity": _given(registration, GROUPS_BESIDE)}
    answers = {answer.question_id: answer.value for answer in registration.question_answers.all()}
    facts["answers"] = sorted(answers.items())
    facts[FileKind.CREDENTIAL.value] = _files_of(registration.delegation, FileKind.CREDENTIAL)
    return {name: facts[name] for name in FOR_SECURITY} if for_security else facts


def _files_of(owner: Registration | Delegation, kind: FileKind) -> list[str]:
    """The files of a kind; of photos and copies of documents the one that holds, not those being cut or waiting."""
    found = [file for file in owner.files.all() if file.kind == kind and (kind not in BESIDE_KINDS or file.key == PhotoKey.CURRENT)]
    return sorted(file.public_id for file in found)


def _given(registration: Registration, groups: Iterable[str]) -> list[str]:
    """When the person gave each of these groups: the moments change with the values, and say nothing of them."""
    return sorted(f"{given.group} {given.given_at.isoformat()}" for given in registration.given_groups.all() if given.group in groups)


def marks_of(registration: Registration, *, for_security: bool = False) -> dict[str, str]:
    """Give the fingerprints a page carries and brings back with the decision."""
    return fingerprints(facts_of(registration, for_security=for_security))


def marks_of_change(change: PendingChange, registration: Registration) -> dict[str, str]:
    """Give the fingerprints of a change that waits: what is approved and what is asked for."""
    return fingerprints(_facts_of_change(change, registration))


def _facts_of_change(change: PendingChange, registration: Registration) -> dict[str, object]:
    approved: object
    if change.field == PHOTO_FIELD:
        approved = _files_of(registration, FileKind.PHOTO)
    elif change.field == COPY_FIELD:
        approved = _files_of(registration, FileKind.IDENTITY_DOCUMENT)
    elif change.field in GROUPS_BESIDE:
        approved = _given(registration, (change.field,))
    elif change.field == CATEGORY_FIELD:
        head = present_head(registration.delegation) if change.value == Category.HEAD else None
        approved = [registration.category, head.public_id if head else ""]
    else:
        approved = getattr(registration.delegate, change.field)
    return {"approved": approved, "asked": [change.pk, change.value]}


def present_head(delegation: Delegation) -> Registration | None:
    """Give the registration of the head of a delegation, as loaded with it (`heads`) or asked for now."""
    heads = getattr(delegation, "heads", None)
    if heads is None:
        heads = delegation.registrations.active().filter(category=Category.HEAD).select_related("delegate")[:1]
    return next(iter(heads), None)


def check_seen(seen: Mapping[str, str] | None, locked: Registration, *, for_security: bool = False) -> None:
    """Refuse a decision on a registration that has changed since it was shown; raise `ChangedSince`. None asks nothing."""
    if seen is None:
        return
    fields = differing(seen, facts_of(locked, for_security=for_security))
    if not fields:
        return
    if "state" in fields:
        words = _("Somebody changed this registration meanwhile: it is now “%(state)s”. Nothing was done; your reason is kept below.")
        raise ChangedSince(words % {"state": locked.get_state_display()})
    words = _("This registration changed while you looked at it (%(what)s). Nothing was done; look again and decide.")
    raise ChangedSince(words % {"what": ", ".join(str(_label(name)) for name in fields)})


def check_change_seen(seen: Mapping[str, str] | None, change: PendingChange, registration: Registration) -> None:
    """Refuse a decision on a change other than the one shown; raise `ChangedSince`. None asks nothing."""
    if seen is not None and differing(seen, _facts_of_change(change, registration)):
        raise ChangedSince(_("This change is not the one you looked at any more. Nothing was done; look again and decide."))


def _facts_of_late(request: LateRequest) -> dict[str, object]:
    seat = request.registration
    return {"asked": request.payload, "seat": [seat.state, seat.delegate_id, seat.category] if seat else []}


def marks_of_late(request: LateRequest) -> dict[str, str]:
    """Give the fingerprints of a late request: what is asked, and the seat it is about."""
    return fingerprints(_facts_of_late(request))


def check_late_seen(seen: Mapping[str, str] | None, request: LateRequest) -> None:
    """Refuse a decision on a late request whose seat has changed since it was shown; raise `ChangedSince`. None asks nothing."""
    if seen is not None and differing(seen, _facts_of_late(request)):
        raise ChangedSince(_("The seat this request is about changed while you looked. Nothing was done; look again and decide."))


def _label(name: str) -> object:
    if name in ("given", "given_identity", "answers"):
        return _("what the person gave")
    if name in FileKind.values:
        return FileKind(name).label
    model = Registration if name in OF_REGISTRATION else Delegate
    return model._meta.get_field(name).verbose_name
