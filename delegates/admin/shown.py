"""What the organisers' pages show of one person: what was given by group, late forms, changes that wait, and the decisions at hand."""

import json

from django.utils.translation import get_language, pgettext

from conference.lib import countries
from conference.lib.viewer import Viewer
from delegates import actions
from delegates.actions.given import value_of
from delegates.choices import Category, FileKind, FormPhase, Group, PhotoKey
from delegates.choices import RegistrationState as State
from delegates.forms import LAST, STEPS, IdentityForm, PersonForm, country_names, in_words, shown_groups, value_in_words, warnings_of
from delegates.models import PendingChange, Registration
from delegates.privacy import FieldGroup
from delegates.rules import CATEGORY_FIELD, COPY_FIELD, GROUPS_BESIDE, OFFICER, PHOTO_FIELD, TRANSITIONS

DOTS = "••••••"
# What stands above, under the data of the person.
IN_DATA = {
    *("given_name", "family_name", "native_name", "badge_name", "function", "languages", "language", "needs", "consent"),
    *("nationality_1", "nationality_2", "nationality_3", "may_be_invited_again"),
}


def moves_of(registration) -> list[tuple[str, str]]:
    """The decisions an officer may take about a registration as it stands: (state, words of the button)."""
    words = {
        State.APPROVED: pgettext("decision", "Approve"),
        State.RETURNED: pgettext("decision", "Return"),
        State.REFUSED: pgettext("decision", "Refuse"),
        State.REVOKED: pgettext("decision", "Revoke approval"),
        State.WITHDRAWN: pgettext("decision", "Withdraw"),
    }
    if registration.state == State.REQUESTED:
        words[State.NOMINATED] = pgettext("decision", "Endorse")
    elif registration.state == State.APPROVED:
        words[State.NOMINATED] = pgettext("decision", "Ask to confirm again")
    elif registration.state in (State.WITHDRAWN, State.REVOKED):
        words[State.NOMINATED] = pgettext("decision", "Reopen")
    elif registration.state == State.REFUSED:
        words[State.SUBMITTED] = pgettext("decision", "Reopen")
    possible = [(to, label) for to, label in words.items() if OFFICER in TRANSITIONS.get((State(registration.state), to), ())]
    return [(to.value, label) for to, label in possible]


def may_read(request, group: FieldGroup) -> bool:
    """Say whether an organiser reads a group: their role opens it, and nothing that is sealed is shown to a mailbox several people read."""
    return bool(request.acts & group.acts) and not (group.is_sealed and request.user.is_shared)


def groups_given(request, registration, kept, revealed: str) -> list[dict]:
    """What the person gave, by group, as this organiser may read it; what is sealed without its values until it is opened."""
    groups = [group for group in shown_groups(kept, Viewer()) if may_read(request, group["asked"].group)]
    for group in groups:
        group["rows"] = [row for row in group["rows"] if row["name"] not in IN_DATA]
        sealed = group["asked"].group.is_sealed
        group["is_hidden"] = sealed and group["asked"].group.name != revealed
        group["decision"] = registration.get_weapon_decision_display() if group["asked"].group.name == Group.WEAPON else ""
        group["warnings"] = [] if group["is_hidden"] else warnings_of(group["step"], kept)
        if group["is_hidden"]:
            group["rows"] = [row | {"words": DOTS} for row in group["rows"]]
    return [group for group in groups if group["rows"]]


def late_forms(request, registration, kept) -> list[dict]:
    """The forms that came after their deadline, as this organiser may read them."""
    forms = []
    for draft in registration.drafts.filter(late_at__isnull=False).order_by("phase"):
        person = PersonForm(kept, phase=draft.phase, viewer=Viewer(), draft=draft)
        steps = [*person.steps, LAST] if draft.phase == FormPhase.FIRST else person.steps
        groups = [
            {"step": step, "is_sealed": kept.asked[step.form.GROUP].group.is_sealed, "rows": in_words(person.as_it_stands(step))}
            for step in steps
            if request.acts & kept.asked[step.form.GROUP].group.acts
        ]
        forms.append({"draft": draft, "groups": [group for group in groups if group["rows"]]})
    return forms


def _value_in_words(field: str, value) -> str:
    if field == "nationalities":
        return ", ".join(country_names(value))
    if field == "birth_date":
        return value_in_words(IdentityForm.base_fields[field], value)
    return countries_in_words(value) if isinstance(value, list) else value


def countries_in_words(codes: list[str]) -> str:
    """Write nationalities as a reader of the page says them."""
    return ", ".join(countries.name(code, get_language() or "en") for code in codes)


def shown(change, registration, files, revealed: str = "") -> dict:
    """One change that waits, as pages show it: the approved value beside the one asked for. `files` are those of the person.

    A sealed group hides both values until it is the one `revealed`.
    """
    marks = json.dumps(actions.marks_of_change(change, registration))
    if change.field in (PHOTO_FIELD, COPY_FIELD):
        return {"field": change.field, "asked_at": change.asked_at, "seen": marks, **_files_shown(change.field, files)}
    if change.field in GROUPS_BESIDE:
        pair = _opened_pair(change, registration) if change.field == revealed else {"approved": DOTS, "asked": DOTS, "is_hidden": True}
        return {"field": change.field, "label": change.label, "asked_at": change.asked_at, "seen": marks, **pair}
    if change.field == CATEGORY_FIELD:
        asked = {"field": change.field, "asked_at": change.asked_at, "seen": marks}
        return asked | _category_shown(change, registration)
    approved = getattr(registration.delegate, change.field)
    label = registration.delegate._meta.get_field(change.field).verbose_name
    values = [_value_in_words(change.field, value) for value in (approved, change.value)]
    return {"field": change.field, "label": label, "approved": values[0], "asked": values[1], "asked_at": change.asked_at, "seen": marks}


def shown_elsewhere(registration) -> list[dict]:
    """What else a person asked for that waits at another event which approved them: label and value, each once."""
    if registration.delegate_id is None:
        return []
    waiting = PendingChange.objects.open().of_person_elsewhere(registration).order_by("pk")
    found = {(change.field, str(change.value)): change for change in waiting}
    return [{"label": change.label, "asked": _value_in_words(change.field, change.value)} for change in found.values()]


def _category_shown(change, registration) -> dict:
    """A category asked for; of a new head also who then is one no longer."""
    head = actions.present_head(registration.delegation) if change.value == Category.HEAD else None
    return {
        "label": Registration._meta.get_field("category").verbose_name,
        "approved": registration.get_category_display(),
        "asked": Category(change.value).label,
        "by_focal_point": change.by_focal_point,
        "former_head": head,
    }


def _files_shown(field: str, files) -> dict:
    """The photo or the copy of a document that holds, and the one that waits."""
    is_photo = field == PHOTO_FIELD
    kind = FileKind.PHOTO if is_photo else FileKind.IDENTITY_DOCUMENT
    held = {file.key: file for file in files if file.kind == kind}
    before, after = (PhotoKey.SMALL, PhotoKey.WAITING_SMALL) if is_photo else (PhotoKey.CURRENT, PhotoKey.WAITING)
    return {"label": kind.label, "is_photo": is_photo, "is_copy": not is_photo, "approved": held.get(before), "asked": held.get(after)}


def _opened_pair(change, registration) -> dict:
    """The approved values of a sealed group beside those asked for, a line for each field."""
    form = next(step.form for step in STEPS if change.field == step.form.GROUP)
    given = next((row.given() for row in registration.given_groups.all() if row.group == change.field), {})
    return {"approved": _lines(form, given), "asked": _lines(form, value_of(change))}


def _lines(form, values: dict) -> str:
    return "\n".join(f"{form.base_fields[name].label}: {value_in_words(form.base_fields[name], value)}" for name, value in values.items())
