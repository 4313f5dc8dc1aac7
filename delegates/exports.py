"""Lists of people as spreadsheets: data in, bytes out."""

from django.utils.translation import gettext as _

from conference.lib.spreadsheets import to_csv
from delegates.models import Registration


def people_csv(registrations: list[Registration], event) -> bytes:
    """Give people (with person and delegation loaded) as CSV, one a row, for organisers who may see their addresses."""
    header = [
        _("Family name"),
        _("Given name"),
        _("Name on the badge"),
        _("Function"),
        _("Organisation"),
        _("Country"),
        _("Standing"),
        _("Category"),
        _("State"),
        _("E-mail address"),
        _("Languages"),
        _("Dietary and accessibility needs"),
        _("List of participants"),
        _("Reference"),
    ]
    return to_csv([header, *(_row(registration) for registration in registrations)])


def _row(registration: Registration) -> list[str]:
    person, delegation = registration.delegate, registration.delegation
    return [
        person.family_name if person else "",
        person.given_name if person else "",
        person.badge_name if person else "",
        registration.function or (person.function if person else ""),
        str(delegation.organisation.name),
        delegation.organisation.country,
        delegation.get_standing_display(),
        registration.get_category_display(),
        registration.get_state_display(),
        person.email if person else "",
        " ".join(registration.languages),
        registration.needs,
        registration.get_consent_display(),
        registration.public_id,
    ]
