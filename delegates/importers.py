"""Spreadsheets of delegations: file -> rows -> forms -> actions, dry run first, all or nothing.

The dry run does the very acts in a transaction and takes it back, so that what it says is what the real run would do.
"""

import dataclasses

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.lib import spreadsheets
from conference.lib.searching import folded
from conference.lib.viewer import Actor
from conference.lib.words import languages
from delegates import actions
from delegates.choices import Standing
from delegates.forms import DelegationRowForm
from delegates.models import Delegation, FocalPoint, Quota
from events.actions import lock_event, save_organisation
from events.choices import OrganisationKind
from events.models import Event, Organisation
from events.rules import NotAllowed

# Each column: what the reader calls it, and what else people write above it, in four languages.
COLUMNS = {
    "organisation": (
        gettext_lazy("Organisation"),
        "organisation, organization, organisation name, name of the organisation, service, name, nom de l'organisation, nom, "
        "organisatie, naam van de organisatie, naam, dienst, name der organisation, einrichtung, dienststelle",
    ),
    "abbreviation": (gettext_lazy("Abbreviation"), "abbreviation, acronym, abréviation, sigle, afkorting, abkürzung, kürzel"),
    "kind": (gettext_lazy("Kind"), "kind, type, nature, genre, soort, aard, art, typ"),
    "country": (gettext_lazy("Country"), "country, state, country code, pays, état, code pays, land, staat, landcode, ländercode"),
    "seats": (
        gettext_lazy("Seats"),
        "seats, places, number of seats, sièges, nombre de places, plaatsen, aantal plaatsen, zetels, plätze, sitze",
    ),
    "standing": (gettext_lazy("Standing"), "standing, status, role, statut, qualité, hoedanigheid, statuut, stellung"),
    "focal_name": (
        gettext_lazy("Name of the focal point"),
        "focal point, focal point name, name of the focal point, contact, point focal, point de contact, nom du point focal, "
        "nom du point de contact, contactpunt, contactpersoon, naam van het contactpunt, ansprechpartner, kontaktstelle, "
        "name der kontaktstelle, ansprechperson",
    ),
    "focal_email": (
        gettext_lazy("E-mail address of the focal point"),
        "e-mail, email, mail, e-mail address, focal point e-mail, courriel, adresse électronique, adresse e-mail, e-mailadres, "
        "mailadres, e-mail-adresse, email-adresse",
    ),
    "focal_language": (
        gettext_lazy("Language of the focal point"),
        "language, language of the focal point, langue, langue du point focal, taal, taal van het contactpunt, sprache",
    ),
}
REQUIRED = ("organisation", "seats")


@dataclasses.dataclass
class RowReport:
    """What became, or would become, of one row: what is done, or what is wrong, each in words."""

    number: int
    organisation: str
    done: list[str] = dataclasses.field(default_factory=list)
    problems: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Report:
    """What became, or would become, of a file. Nothing is changed unless `is_applied`."""

    rows: list[RowReport] = dataclasses.field(default_factory=list)
    problems: list[str] = dataclasses.field(default_factory=list)
    unread: list[str] = dataclasses.field(default_factory=list)  # headings of columns that were not read
    is_applied: bool = False

    @property
    def is_clean(self) -> bool:
        """Say whether the file can be imported as it is."""
        return not self.problems and not any(row.problems for row in self.rows)


def example() -> bytes:
    """Give a CSV file with the headings in the reader's language and nothing below them."""
    return spreadsheets.to_csv([[label for label, _others in COLUMNS.values()]])


def import_delegations(event: Event, data: bytes, *, by: Actor, apply: bool) -> Report:
    """Read organisations, delegations, seats and focal points from a CSV or XLSX file, row by row.

    Known organisations (by name or abbreviation, in any language) are used again; a delegation that exists gets the seats and the
    standing of the file. With `apply`, and only if no row has a problem, everything is kept; otherwise nothing is.
    """
    report = Report()
    try:
        heading, *rows = spreadsheets.read(data)
        places = _columns(heading.cells, report)
    except spreadsheets.Unreadable as error:
        report.problems.append(str(error))
        return report
    if not rows and not report.problems:
        report.problems.append(_("The file has headings and no rows."))
    if report.problems:
        return report
    with transaction.atomic():
        locked = lock_event(event.pk)
        _import_rows(locked, rows, places, report, by=by)
        report.is_applied = apply and report.is_clean
        if not report.is_applied:
            transaction.set_rollback(True)
    return report


def _columns(headings: list[str], report: Report) -> dict[str, int]:
    """Find which column holds what; note the missing, the doubled and those not read."""
    known: dict[str, str] = {}
    for column, (label, others) in COLUMNS.items():
        known |= {folded(word): column for word in [str(label), *others.split(", ")]}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = known.get(folded(heading).rstrip(" *:"), "")
        if not column:
            report.unread += [heading] if heading else []
        elif column in places:
            report.problems.append(_("Two columns hold the same: “%(heading)s”.") % {"heading": heading})
        else:
            places[column] = place
    for column in REQUIRED:
        if column not in places:
            report.problems.append(_("There is no column “%(heading)s” in the first row.") % {"heading": COLUMNS[column][0]})
    return places


def _import_rows(event: Event, rows: list[spreadsheets.Row], places: dict[str, int], report: Report, *, by: Actor) -> None:
    known = list(Organisation.objects.order_by("pk"))
    first_row_of: dict[int, int] = {}
    for row in rows:
        data = {column: row.cells[place] if place < len(row.cells) else "" for column, place in places.items()}
        outcome = RowReport(row.number, data["organisation"])
        report.rows.append(outcome)
        form = DelegationRowForm(data)
        if not form.is_valid():
            outcome.problems = _in_words(form)
            continue
        try:
            with transaction.atomic():
                organisation, is_new = _organisation(event, form.cleaned_data, known, outcome, by=by)
                if organisation.pk in first_row_of:
                    raise NotAllowed(_("This organisation stands in row %(row)d already.") % {"row": first_row_of[organisation.pk]})
                _delegation(event, organisation, form.cleaned_data, outcome, by=by)
        except NotAllowed as refusal:
            outcome.done, outcome.problems = [], [str(refusal)]
            continue
        first_row_of[organisation.pk] = row.number
        known += [organisation] if is_new else []


def _in_words(form: DelegationRowForm) -> list[str]:
    """The errors of a row, each with the heading of its column."""
    said = []
    for column, errors in form.errors.items():
        for error in errors:
            words = {"heading": COLUMNS[column][0], "error": error}
            said.append(_("%(heading)s: %(error)s") % words if column in COLUMNS else str(error))
    return said


def _organisation(event: Event, data: dict, known: list[Organisation], outcome: RowReport, *, by: Actor) -> tuple[Organisation, bool]:
    """Find the organisation a row means, or make it, and say whether it was made; raise `NotAllowed` when several fit or it cannot be."""
    fitting = [organisation for organisation in known if _fits(organisation, data)]
    if len(fitting) > 1:
        raise NotAllowed(_("Several organisations have this name. Give the country, or correct the name."))
    if fitting:
        return fitting[0], False
    if not data["kind"]:
        raise NotAllowed(_("This organisation is new. Give its country or its kind."))
    made = Organisation(abbreviation=data["abbreviation"], kind=data["kind"], country=data["country"])
    setattr(made, f"name_{event.working_language}", data["organisation"])
    outcome.done.append(_("New organisation"))
    return save_organisation(made, by=by), True


def _fits(organisation: Organisation, data: dict) -> bool:
    """Say whether a row names an organisation: in any language or by its abbreviation, and of the same kind and state if it gives them."""
    if data["kind"] not in ("", organisation.kind):
        return False
    if organisation.kind == OrganisationKind.STATE and data["country"] not in ("", organisation.country):
        return False
    names = [getattr(organisation, f"name_{code}") for code in languages()] + [organisation.abbreviation]
    return folded(data["organisation"]) in {folded(name) for name in names if name}


def _delegation(event: Event, organisation: Organisation, data: dict, outcome: RowReport, *, by: Actor) -> None:
    """Add the delegation of a row, or give it the seats, the standing and the focal point the row says."""
    delegation = Delegation.objects.filter(event=event, organisation=organisation).first()
    if delegation is None:
        if data["seats"] is None:
            raise NotAllowed(_("Give the number of seats of a new delegation."))
        standing = data["standing"] or Standing.MEMBER
        delegation = actions.add_delegation(event, organisation=organisation, seats=data["seats"], standing=standing, by=by)
        words = {"seats": data["seats"], "standing": Standing(standing).label}
        outcome.done.append(_("New delegation: seats %(seats)d, standing “%(standing)s”") % words)
    else:
        _change(delegation, data, outcome, by=by)
    if data["focal_email"]:
        _focal_point(delegation, data, outcome, by=by)
    if not outcome.done:
        outcome.done.append(_("Nothing changes"))


def _change(delegation: Delegation, data: dict, outcome: RowReport, *, by: Actor) -> None:
    quota = Quota.objects.get(delegation=delegation, category="", mode="")
    seats = quota.seats if data["seats"] is None else data["seats"]
    standing = data["standing"] or delegation.standing
    if (seats, standing) == (quota.seats, delegation.standing):
        return
    kept = {name: getattr(delegation, name) for name in ("responsible", "notes", "follow_up_date")}
    before = delegation.standing
    actions.change_delegation(delegation, seats=seats, standing=standing, **kept, by=by)
    if seats != quota.seats:
        outcome.done.append(_("Seats: %(before)d becomes %(after)d") % {"before": quota.seats, "after": seats})
    if standing != before:
        words = {"before": Standing(before).label, "after": Standing(standing).label}
        outcome.done.append(_("Standing: “%(before)s” becomes “%(after)s”") % words)


def _focal_point(delegation: Delegation, data: dict, outcome: RowReport, *, by: Actor) -> None:
    present = FocalPoint.objects.filter(delegation=delegation, until_at__isnull=True, email__iexact=data["focal_email"])
    if present.exists():
        return
    language = data["focal_language"] or settings.LANGUAGE_CODE
    actions.add_focal_point(delegation, name=data["focal_name"], email=data["focal_email"], language=language, by=by)
    outcome.done.append(_("New focal point: %(address)s") % {"address": data["focal_email"]})
