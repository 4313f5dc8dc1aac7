"""Acts on what outlives an event: organisations and series. They stand in the chain of the instance."""

from django.db import transaction

from conference.lib.viewer import Actor
from events.actions.records import record
from events.actions.spans import keep_organisation
from events.models import Organisation, Series


def save_organisation(organisation: Organisation, *, by: Actor) -> Organisation:
    """Keep a new or changed organisation, as a form cleaned it."""
    with transaction.atomic():
        verb = "organisation.edit" if organisation.pk else "organisation.create"
        organisation.save()
        keep_organisation(organisation)
        record(by, verb, organisation)
    return organisation


def save_series(series: Series, *, by: Actor) -> Series:
    """Keep a new or changed series, as a form cleaned it."""
    with transaction.atomic():
        verb = "series.edit" if series.pk else "series.create"
        series.save()
        record(by, verb, series)
    return series
