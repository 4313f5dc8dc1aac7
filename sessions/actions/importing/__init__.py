"""Taking sessions over from another tool: texts at once, places and people into the draft; a second time changes, and never doubles."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conference.lib.searching import folded
from conference.lib.viewer import Actor
from delegates.rules import check_editing
from events.actions import lock_event, record, reference_of, save_room, save_venue
from events.choices import Audience
from events.models import Event, Room, Venue
from events.rules import NotAllowed
from sessions import rules
from sessions.actions.agenda import put_texts
from sessions.actions.importing.incoming import Became, Imported, IncomingPerson, IncomingSession, Taken
from sessions.actions.importing.placing import place
from sessions.actions.releases import draft_of
from sessions.choices import Label, PublicIdentity, SessionKind, ShownAsClosed
from sessions.exports import known_as
from sessions.models import Release, Session, SessionMarking, Speaker, Track

__all__ = ["Became", "Imported", "IncomingPerson", "IncomingSession", "Taken", "import_sessions"]
# Words other tools use for what has another name here.
_KINDS = {"talk": "plenary", "lecture": "plenary", "keynote": "plenary", "discussion": "panel", "lunch": "break", "pause": "break"}


@dataclasses.dataclass
class _Import:
    """One run: the event, its draft, and what is there already, by the identities and names of the other tool."""

    event: Event
    draft: Release
    by: Actor
    language: str
    rooms: dict[str, Room]
    tracks: dict[str, Track]
    speakers: dict[str, Speaker]
    kinds: dict[str, str]


def import_sessions(
    event: Event,
    incoming: Sequence[IncomingSession],
    *,
    by: Actor,
    audience: str = Audience.ORGANISERS,
    label: str = Label.RED,
    language: str = "",
) -> Taken:
    """Take sessions over into the draft, all or none. New ones get this audience and label; those there keep their marking.

    Texts go into the column of `language` (the event's working language if empty). Rooms, tracks and outside persons that are
    not there are added; of a public import people are shown in full, of any other hidden. Raise `NotAllowed`.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        rules.check_marking(audience, label)
        run = _start(locked, by, language or locked.working_language)
        own = {session: known_as(session) for session in Session.objects.filter(event=locked).order_by("-pk")}
        for session in own:
            session.event = locked  # its texts ask for it
        there = {name: session for session, names in own.items() for name in names}
        _check_told_apart(incoming, there)
        rooms, tracks = _add_places(run, incoming)
        people = _add_people(run, incoming, PublicIdentity.FULL if audience == Audience.PUBLIC else PublicIdentity.HIDDEN)
        created = _create(run, [one for one in incoming if one.key not in there], audience, label)
        changes = _change(run, [(there[one.key], one) for one in incoming if one.key in there])
        meant = [(there.get(one.key) or created[one.key], one) for one in incoming]
        moves = place(run.draft, [(session, one, _room(run, one), _people(run, one)) for session, one in meant])
        became = [
            Became(one.place, session, one.key in created, changes.get(one.key, {}) | moves.get(one.key, {})) for session, one in meant
        ]
        named = {session.pk for session, _one in meant}
        left = [session for session in own if session.external_id and session.pk not in named]
        touched = sum(1 for one in became if one.changes and not one.is_new)
        counts = Imported(
            created=len(created),
            changed=touched,
            same=len(incoming) - len(created) - touched,
            unnamed=len(left),
            rooms=len(rooms),
            tracks=len(tracks),
            people=len(people),
        )
        record(by, "agenda.import", run.draft, event=locked, audience=audience, label=label, **dataclasses.asdict(counts))
    unknown = {one.place: one.kind for one in incoming if one.kind and folded(one.kind) not in run.kinds}
    names = {speaker.pk: speaker.full_name for speaker in run.speakers.values()}
    return Taken(counts, became, left, rooms, tracks, people, unknown, names)


def _check_told_apart(incoming: Iterable[IncomingSession], there: dict[str, Session]) -> None:
    """Refuse two sessions of a file that are one here: the same identity may be written as a number or in capitals."""
    first: dict[str, str] = {}
    for one in incoming:
        found = there.get(one.key)
        for name in [f"session {found.pk}"] if found else known_as(Session(external_id=one.key, public_id=one.key)):
            if first.setdefault(name, one.place) != one.place:
                words = {"place": one.place, "first": first[name]}
                raise NotAllowed(_("The session at %(place)s has the same identity as the one at %(first)s.") % words)


def _start(event: Event, by: Actor, language: str) -> _Import:
    speakers: dict[str, Speaker] = {}
    for speaker in Speaker.objects.filter(event=event).select_related("registration__delegate").order_by("pk"):
        for key in (*sorted(known_as(speaker)), folded(speaker.full_name)):
            speakers.setdefault(key, speaker)
    return _Import(
        event=event,
        draft=draft_of(event),
        by=by,
        language=language,
        rooms=_by_name(event.rooms.select_related("venue").order_by("pk"), language),
        tracks=_by_name(event.tracks.order_by("pk"), language),
        speakers=speakers,
        kinds=_kinds(),
    )


def _by_name(things: Iterable[Any], language: str) -> dict[str, Any]:
    """Every name of rooms or tracks: as the import's language writes it first, then any other, then whatever its capitals and accents."""
    things = list(things)
    found: dict[str, Any] = {}
    codes = [language, *(code for code, _name in settings.LANGUAGES if code != language)]
    for code in codes:
        for thing in things:
            found.setdefault(getattr(thing, f"name_{code}"), thing)
    for name, thing in list(found.items()):
        found.setdefault(folded(name), thing)
    found.pop("", None)
    return found


def _named(things: dict[str, Any], name: str) -> Any:
    return things.get(name) or things.get(folded(name))


def _kinds() -> dict[str, str]:
    """Every way to write a kind: its value, its name in each language, and what other tools call it."""
    known = {kind.value: kind.value for kind in SessionKind} | _KINDS
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            known |= {folded(str(kind.label)): kind.value for kind in SessionKind}
    return known


def _add_places(run: _Import, incoming: Iterable[IncomingSession]) -> tuple[list[str], list[str]]:
    """Add the rooms and tracks the event has not, and name them; rooms go into its first venue, made (for organisers) if there is none."""
    incoming = list(incoming)
    tracks = list(dict.fromkeys(one.track for one in incoming if one.track and not _named(run.tracks, one.track)))
    rooms = list(dict.fromkeys(one.room for one in incoming if one.room and not _named(run.rooms, one.room)))
    position = run.event.tracks.count()
    for number, name in enumerate(tracks, start=position + 1):
        run.tracks[name] = Track.objects.create(event=run.event, position=number, **{f"name_{run.language}": name})
    venue = _venue(run) if rooms else None
    for name in rooms:
        run.rooms[name] = save_room(run.event, Room(event=run.event, venue=venue, **{f"name_{run.language}": name}), by=run.by)
    return rooms, tracks


def _venue(run: _Import) -> Venue:
    found = run.event.venues.order_by("position", "pk").first()
    return found or save_venue(run.event, Venue(event=run.event, **{f"name_{run.language}": _("Venue")}), by=run.by)


def _room(run: _Import, one: IncomingSession) -> Room | None:
    return _named(run.rooms, one.room) if one.room else None


def _add_people(run: _Import, incoming: Iterable[IncomingSession], identity: str) -> list[str]:
    """Add the persons the agenda has not, and name them: known by their identity in the other tool, or without one by their name."""
    new: dict[str, Speaker] = {}
    for person in (person for one in incoming for person in one.people or ()):
        key = _person_key(run, person)
        if key not in run.speakers and key not in new:
            new[key] = Speaker(event=run.event, external_id=person.key, name=person.name, public_identity=identity)
    Speaker.objects.bulk_create(new.values(), batch_size=500)
    run.speakers |= new
    return [speaker.name for speaker in new.values()]


def _person_key(run: _Import, person: IncomingPerson) -> str:
    """Where somebody is found: by identity; by name when that person came without one or is of this site itself."""
    named = run.speakers.get(folded(person.name))
    is_known_by_name = named is not None and not named.external_id
    return person.key if person.key in run.speakers or (person.key and not is_known_by_name) else folded(person.name)


def _people(run: _Import, one: IncomingSession) -> list[tuple[Speaker, str]] | None:
    """Who does what in a session, each once in each role; an empty role is whatever they do there already."""
    if one.people is None:
        return None
    return list({(run.speakers[_person_key(run, person)], person.role): None for person in one.people})


def _texts(run: _Import, one: IncomingSession) -> dict[str, Any]:
    """What an import sets of a session; what the file does not speak of leaves what is there."""
    texts: dict[str, Any] = {f"title_{run.language}": one.title} | dict(one.texts)
    if kind := run.kinds.get(folded(one.kind or "")):
        texts["kind"] = kind
    if one.track is not None:
        texts["track"] = _named(run.tracks, one.track) if one.track else None
    if one.abstract is not None:
        texts[f"abstract_{run.language}"] = one.abstract
    if one.languages is not None or one.language:
        texts["languages"] = list(one.languages) if one.languages is not None else [one.language]
    if one.interpretation is not None:
        texts["interpretation"] = list(one.interpretation)
    return texts


def _create(run: _Import, incoming: Iterable[IncomingSession], audience: str, label: str) -> dict[str, Session]:
    sessions = {}
    for one in incoming:
        session = Session(event=run.event, external_id=one.key, audience=audience, label=label)
        put_texts(session, _texts(run, one))
        sessions[one.key] = session
    Session.objects.bulk_create(sessions.values(), batch_size=200)
    at, actor = timezone.now(), reference_of(run.by)
    marks = {"audience": audience, "label": label, "chatham_house": False, "shown_as_closed": ShownAsClosed.NOTHING}
    markings = [SessionMarking(event=run.event, session=session, from_at=at, actor=actor, **marks) for session in sessions.values()]
    SessionMarking.objects.bulk_create(markings, batch_size=500)
    return sessions


def _change(run: _Import, pairs: Iterable[tuple[Session, IncomingSession]]) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Write what the file says otherwise; give before and after of it, by the identities of the sessions it changed."""
    tracks = {track.pk: track for track in run.event.tracks.all()}
    changed, names, found = [], {"search_text"}, {}
    for session, one in pairs:
        texts = _texts(run, one)
        others = session.languages[1:] if one.languages is None and texts.get("languages") == session.languages[:1] else []
        texts |= {"languages": [*texts["languages"], *others]} if "languages" in texts else {}
        session.track = tracks[session.track_id] if session.track_id else None
        differing = {name: (getattr(session, name), value) for name, value in texts.items() if getattr(session, name) != value}
        if differing:
            put_texts(session, texts)
            names |= differing.keys()
            changed.append(session)
            found[one.key] = differing
    Session.objects.bulk_update(changed, sorted(names), batch_size=100)
    return found
