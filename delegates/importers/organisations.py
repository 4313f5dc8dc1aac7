"""Organisations from a spreadsheet: new ones are made, known ones get what they lack and keep what they have."""

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.words import languages
from delegates.choices import Outcome
from delegates.forms import OrganisationRowForm
from delegates.importers.columns import ORGANISATIONS
from delegates.importers.kinds import Became, Kind, Read, Run, refused
from events.actions import save_organisation
from events.choices import OrganisationKind
from events.models import Organisation
from events.rules import NotAllowed

_FILLED = ("abbreviation", "email", *(f"name_{code}" for code in languages()))


def known_organisations(run: Run) -> list[Organisation]:
    """Give the organisations there are, those of this file included."""
    if "organisations" not in run.memory:
        run.memory["organisations"] = list(Organisation.objects.order_by("pk"))
    return run.memory["organisations"]


def find_organisation(run: Run, data: dict) -> Organisation | None:
    """Find the organisation a row means; raise `NotAllowed` when several fit."""
    if data.get("id"):
        meant = [organisation for organisation in known_organisations(run) if organisation.public_id == data["id"]]
        if not meant:
            raise NotAllowed(_("No organisation has the reference “%(reference)s”.") % {"reference": data["id"]})
        return meant[0]
    fitting = [organisation for organisation in known_organisations(run) if _fits(organisation, data)]
    if len(fitting) > 1:
        raise NotAllowed(_("Several organisations have this name. Give the country, or correct the name."))
    return fitting[0] if fitting else None


def new_organisation(run: Run, data: dict) -> Organisation:
    """Make the organisation of a row; raise `NotAllowed` when its kind is not known."""
    if not data["kind"]:
        raise NotAllowed(_("This organisation is new. Give its country or its kind."))
    made = Organisation(abbreviation=data["abbreviation"], kind=data["kind"], country=data["country"], email=data.get("email", ""))
    for code in languages():
        setattr(made, f"name_{code}", data.get(f"name_{code}", ""))
    if data["organisation"] and not getattr(made, f"name_{run.event.working_language}"):
        setattr(made, f"name_{run.event.working_language}", data["organisation"])
    return save_organisation(made, by=run.by)


def _fits(organisation: Organisation, data: dict) -> bool:
    """Say whether a row names an organisation: in any language or by its abbreviation, and of the same kind and state if it gives them."""
    if data["kind"] not in ("", organisation.kind):
        return False
    if organisation.kind == OrganisationKind.STATE and data["country"] not in ("", organisation.country):
        return False
    names = [getattr(organisation, f"name_{code}") for code in languages()] + [organisation.abbreviation]
    wanted = [data["organisation"], *(data.get(f"name_{code}", "") for code in languages())]
    return bool({folded(name) for name in wanted if name} & {folded(name) for name in names if name})


def act(run: Run, rows: list[Read]) -> list[Became]:
    """Make or complete the organisation of each row."""
    met = run.memory.setdefault("rows", {})
    became = []
    for row in rows:
        try:
            with transaction.atomic():
                organisation = find_organisation(run, row.data)
                if organisation and organisation.pk in met:
                    raise NotAllowed(_("This organisation stands in row %(row)d already.") % {"row": met[organisation.pk]})
                is_new = organisation is None
                organisation = organisation or new_organisation(run, row.data)
                filled = [] if is_new else _fill(run, organisation, row.data)
        except NotAllowed as refusal:
            became.append(refused(refusal))
            continue
        met[organisation.pk] = row.number
        if is_new:
            known_organisations(run).append(organisation)
            became.append(Became(Outcome.NEW, [_("New organisation")]))
        elif filled:
            columns = ", ".join(str(ORGANISATIONS[name].label) for name in filled)
            became.append(Became(Outcome.CHANGED, [_("Filled in: %(columns)s") % {"columns": columns}]))
        else:
            became.append(Became(Outcome.UNCHANGED, [_("Nothing changes")]))
    return became


def _fill(run: Run, organisation: Organisation, data: dict) -> list[str]:
    """Fill in what is empty: other events share the organisation, and what they wrote stays."""
    empty = [name for name in _FILLED if data.get(name) and not getattr(organisation, name)]
    for name in empty:
        setattr(organisation, name, data[name])
    if empty:
        save_organisation(organisation, by=run.by)
    return empty


ORGANISATIONS_KIND = Kind(
    columns=ORGANISATIONS,
    required=("organisation|name_en|name_fr|name_nl|name_de|id",),
    form=OrganisationRowForm,
    name=lambda cells: next((cells[name] for name in ("organisation", *_FILLED) if cells.get(name)), ""),
    act=act,
    most=2000,
    example=(("organisation", "Coordination Unit"), ("abbreviation", "CU"), ("country", "BE"), ("email", "unit@example.org")),
)
