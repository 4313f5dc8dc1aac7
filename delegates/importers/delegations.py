"""Delegations from a spreadsheet: organisations, seats, standing and focal points."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from delegates import actions
from delegates.choices import Outcome, Standing
from delegates.forms import DelegationRowForm
from delegates.importers.columns import DELEGATIONS
from delegates.importers.kinds import Became, Kind, Read, Run, refused
from delegates.importers.organisations import find_organisation, known_organisations, new_organisation
from delegates.models import Delegation, FocalPoint, Quota
from events.models import Organisation
from events.rules import NotAllowed


def act(run: Run, rows: list[Read]) -> list[Became]:
    """Add the delegation of each row, or give it the seats, the standing and the focal point the row says."""
    met = run.memory.setdefault("rows", {})
    became = []
    for row in rows:
        done: list[str] = []
        try:
            with transaction.atomic():
                organisation = find_organisation(run, row.data)
                if organisation and organisation.pk in met:
                    raise NotAllowed(_("This organisation stands in row %(row)d already.") % {"row": met[organisation.pk]})
                is_new = organisation is None
                organisation = organisation or new_organisation(run, row.data)
                done += [_("New organisation")] if is_new else []
                outcome = _delegation(run, organisation, row.data, done)
        except NotAllowed as refusal:
            became.append(refused(refusal))
            continue
        met[organisation.pk] = row.number
        if is_new:
            known_organisations(run).append(organisation)
        became.append(Became(outcome, done or [_("Nothing changes")]))
    return became


def _delegation(run: Run, organisation: Organisation, data: dict, done: list[str]) -> Outcome:
    delegation = Delegation.objects.filter(event=run.event, organisation=organisation).first()
    is_new = delegation is None
    if delegation is None:
        if data["seats"] is None:
            raise NotAllowed(_("Give the number of seats of a new delegation."))
        standing = data["standing"] or Standing.MEMBER
        delegation = actions.add_delegation(run.event, organisation=organisation, seats=data["seats"], standing=standing, by=run.by)
        words = {"seats": data["seats"], "standing": Standing(standing).label}
        done.append(_("New delegation: seats %(seats)d, standing “%(standing)s”") % words)
    else:
        _change(run, delegation, data, done)
    if data["focal_email"]:
        _focal_point(run, delegation, data, done)
    if is_new:
        return Outcome.NEW
    return Outcome.CHANGED if done else Outcome.UNCHANGED


def _change(run: Run, delegation: Delegation, data: dict, done: list[str]) -> None:
    quota = Quota.objects.get(delegation=delegation, category="", mode="")
    seats = quota.seats if data["seats"] is None else data["seats"]
    standing = data["standing"] or delegation.standing
    if (seats, standing) == (quota.seats, delegation.standing):
        return
    before = delegation.standing
    actions.change_delegation(delegation, seats=seats, standing=standing, by=run.by)
    if seats != quota.seats:
        done.append(_("Seats: %(before)d becomes %(after)d") % {"before": quota.seats, "after": seats})
    if standing != before:
        words = {"before": Standing(before).label, "after": Standing(standing).label}
        done.append(_("Standing: “%(before)s” becomes “%(after)s”") % words)


def _focal_point(run: Run, delegation: Delegation, data: dict, done: list[str]) -> None:
    present = FocalPoint.objects.filter(delegation=delegation, until_at__isnull=True, email__iexact=data["focal_email"])
    if present.exists():
        return
    language = data["focal_language"] or settings.LANGUAGE_CODE
    actions.add_focal_point(delegation, name=data["focal_name"], email=data["focal_email"], language=language, by=run.by)
    done.append(_("New focal point: %(address)s") % {"address": data["focal_email"]})


DELEGATIONS_KIND = Kind(
    columns=DELEGATIONS,
    required=("organisation", "seats"),
    form=DelegationRowForm,
    name=lambda cells: cells.get("organisation", ""),
    act=act,
    most=2000,
    example=(
        ("organisation", "Coordination Unit"),
        ("country", "BE"),
        ("seats", "4"),
        ("focal_name", "Claes, Marie"),
        ("focal_email", "unit@example.org"),
        ("focal_language", "fr"),
    ),
)
