"""From–to moments of audiences and organisations: every action that changes one calls these, in its own transaction."""

import datetime as dt
from typing import Any, Protocol

from django.utils import timezone

from conference.lib.viewer import Actor
from events.actions.records import reference_of
from events.models import AudienceSpan, Event, Organisation, OrganisationSpan

# What a span says besides its aspect, and what it says when the thing says nothing of it.
_FACTS: dict[str, Any] = {
    "audience": "",
    "label": "",
    "delegation_ids": [],
    "within": "",
    "shown": "",
    "opens_at": None,
    "minutes_before": None,
}


class HasAudience(Protocol):
    """A row that says who may see it: `audiences` gives, per aspect, the facts of `AudienceSpan` that hold now."""

    def audiences(self) -> dict[str, dict[str, Any]]:
        """Per aspect, the facts that hold now."""


def keep_audiences(thing: HasAudience, *, event: Event, by: Actor, at: dt.datetime | None = None) -> None:
    """Keep from now (or `at`) who may see each aspect of a thing; an aspect whose facts are the same goes on.

    Call with the event locked.
    """
    at = at or timezone.now()
    spans = {span.aspect: span for span in AudienceSpan.objects.open().filter(event=event, target=str(thing))}
    for aspect, given in thing.audiences().items():
        facts, span = _FACTS | given, spans.get(aspect)
        if span and all(getattr(span, name) == value for name, value in facts.items()):
            continue
        if span:
            _end(span, at)
        AudienceSpan.objects.create(event=event, target=str(thing), aspect=aspect, from_at=at, actor=reference_of(by), **facts)


def end_audiences(thing: HasAudience, *, event: Event) -> None:
    """End the spans of a thing that is removed; what they say of the past stays."""
    at = timezone.now()
    for span in AudienceSpan.objects.open().filter(event=event, target=str(thing)):
        _end(span, at)


def keep_organisation(organisation: Organisation, *, at: dt.datetime | None = None) -> None:
    """Keep from now (or `at`) of what an organisation is, where that changed."""
    at = at or timezone.now()
    span = OrganisationSpan.objects.open().filter(organisation=organisation).first()
    if span and (span.kind, span.country) == (organisation.kind, organisation.country):
        return
    if span:
        _end(span, at)
    OrganisationSpan.objects.create(organisation=organisation, kind=organisation.kind, country=organisation.country, from_at=at)


def _end(span: AudienceSpan | OrganisationSpan, at: dt.datetime) -> None:
    span.until_at = max(at, span.from_at)  # a clock set back must not end a span before it began
    span.save(update_fields=["until_at"])
