"""Taking sessions over from another tool: texts at once, places and people into the draft; a second time changes, and never doubles."""

import dataclasses
import datetime as dt
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
from sessions import rules
from sessions.actions.agenda import put_texts
from sessions.actions.releases import draft_of
from sessions.choices import Label, PublicIdentity, Role, SessionKind, ShownAsClosed
from sessions.exports import known_as
from sessions.models import Contribution, Release, Session, SessionMarking, Slot, Speaker, Track

# Words other tools use for what has another name here.
_KINDS = {"talk": "plenary", "lecture": "plenary", "keynote": "plenary", "discussion": "panel", "lunch": "break", "pause": "break"}


@dataclasses.dataclass(frozen=True)
class IncomingPerson:
    """Somebody named by another tool. `key` is their identity there, or empty: then the name is all there is."""

    name: str
    key: str = ""


@dataclasses.dataclass(frozen=True)
class IncomingSession:
    """A session of another tool, checked; moments are aware, `abstract` is Markdown, `key` its identity there."""

    place: str  # in the file
    key: str
    title: str
    start_at: dt.datetime
    end_at: dt.datetime
    abstract: str = ""
    room: str = ""
    track: str = ""
    kind: str = ""
    language: str = ""
    people: tuple[IncomingPerson, ...] = ()


@dataclasses.dataclass(frozen=True)
class Imported:
    """What an import did: sessions made, changed and found as they are, those of earlier imports it does not name, and what it added."""

    created: int
    changed: int
    same: int
    unnamed: int
    rooms: int
    tracks: int
    people: int


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
) -> Imported:
    """Take sessions over into the draft, all or none. New ones get this audience and label; those there keep their marking.

    Texts go into the column of `language` (the event's working language if empty). Rooms, tracks and outside persons that are
    not there are added; of a public import people are shown in full, of any other hidden. Raise `NotAllowed`.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        rules.check_marking(audience, label)
        run = _start(locked, by, language or locked.working_language)
        before = (len(run.rooms), len(run.tracks), len(set(run.speakers.values())))
        _add_places(run, incoming)
        _add_people(run, incoming, PublicIdentity.FULL if audience == Audience.PUBLIC else PublicIdentity.HIDDEN)
        own = {session: known_as(session) for session in Session.objects.filter(event=locked).order_by("-pk")}
        there = {name: session for session, names in own.items() for name in names}
        created = _create(run, [one for one in incoming if one.key not in there], audience, label)
        changed = _change(run, [(there[one.key], one) for one in incoming if one.key in there])
        placed = _place(run, [(there.get(one.key) or created[one.key], one) for one in incoming])
        touched = changed | {key for key in placed if key in there}
        named = {there[one.key].pk for one in incoming if one.key in there}
        counts = Imported(
            created=len(created),
            changed=len(touched),
            same=len(incoming) - len(created) - len(touched),
            unnamed=sum(1 for session in own if session.external_id and session.pk not in named),
            rooms=len(run.rooms) - before[0],
            tracks=len(run.tracks) - before[1],
            people=len(set(run.speakers.values())) - before[2],
        )
        record(by, "agenda.import", run.draft, event=locked, audience=audience, label=label, **dataclasses.asdict(counts))
    return counts


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
        rooms={getattr(room, f"name_{language}") or str(room.name): room for room in event.rooms.select_related("venue")},
        tracks={getattr(track, f"name_{language}") or str(track.name): track for track in event.tracks.all()},
        speakers=speakers,
        kinds=_kinds(),
    )


def _kinds() -> dict[str, str]:
    """Every way to write a kind: its value, its name in each language, and what other tools call it."""
    known = {kind.value: kind.value for kind in SessionKind} | _KINDS
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            known |= {folded(str(kind.label)): kind.value for kind in SessionKind}
    return known


def _add_places(run: _Import, incoming: Iterable[IncomingSession]) -> None:
    """Add the tracks and rooms the event has not; rooms go into its first venue, made (for organisers alone) when there is none."""
    incoming = list(incoming)
    for name in dict.fromkeys(one.track for one in incoming if one.track and one.track not in run.tracks):
        run.tracks[name] = Track.objects.create(event=run.event, position=len(run.tracks) + 1, **{f"name_{run.language}": name})
    for name in dict.fromkeys(one.room for one in incoming if one.room and one.room not in run.rooms):
        run.rooms[name] = save_room(run.event, Room(event=run.event, venue=_venue(run), **{f"name_{run.language}": name}), by=run.by)


def _venue(run: _Import) -> Venue:
    found = run.event.venues.order_by("position", "pk").first()
    return found or save_venue(run.event, Venue(event=run.event, **{f"name_{run.language}": _("Venue")}), by=run.by)


def _add_people(run: _Import, incoming: Iterable[IncomingSession], identity: str) -> None:
    """Add the persons the agenda has not: known by their identity in the other tool, or without one by their name."""
    new: dict[str, Speaker] = {}
    for person in (person for one in incoming for person in one.people):
        key = _person_key(run, person)
        if key not in run.speakers and key not in new:
            new[key] = Speaker(event=run.event, external_id=person.key, name=person.name, public_identity=identity)
    Speaker.objects.bulk_create(new.values(), batch_size=500)
    run.speakers |= new


def _person_key(run: _Import, person: IncomingPerson) -> str:
    """Where somebody is found: by identity; by name when that person came without one or is of this site itself."""
    named = run.speakers.get(folded(person.name))
    is_known_by_name = named is not None and not named.external_id
    return person.key if person.key in run.speakers or (person.key and not is_known_by_name) else folded(person.name)


def _texts(run: _Import, one: IncomingSession) -> dict[str, Any]:
    """What an import sets of a session; a language the file does not give leaves what is there."""
    texts: dict[str, Any] = {
        "kind": run.kinds.get(folded(one.kind), SessionKind.PLENARY),
        "track": run.tracks.get(one.track),
        f"title_{run.language}": one.title,
        f"abstract_{run.language}": one.abstract,
    }
    return texts | ({"languages": [one.language]} if one.language else {})


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


def _change(run: _Import, pairs: Iterable[tuple[Session, IncomingSession]]) -> set[str]:
    """Write what the file says otherwise; give the identities of the sessions it changed."""
    tracks = {track.pk: track for track in run.tracks.values()}
    changed, names, touched = [], {"search_text"}, set()
    for session, one in pairs:
        texts = _texts(run, one)
        others = session.languages[1:] if texts.get("languages") == session.languages[:1] else []
        texts |= {"languages": [*texts["languages"], *others]} if "languages" in texts else {}
        session.track = tracks[session.track_id] if session.track_id else None
        differing = {name for name, value in texts.items() if getattr(session, name) != value}
        if differing:
            put_texts(session, texts)
            names |= differing
            changed.append(session)
            touched.add(one.key)
    Session.objects.bulk_update(changed, sorted(names), batch_size=100)
    return touched


def _place(run: _Import, pairs: Iterable[tuple[Session, IncomingSession]]) -> set[str]:
    """Put sessions where the file has them, with their people; give the identities of those that stood otherwise."""
    there = {slot.session_id: slot for slot in Slot.objects.filter(release=run.draft).prefetch_related("contributions__speaker")}
    new: list[Slot] = []
    moved: list[Slot] = []
    peopled: list[tuple[Slot, list[int], dict[int, str]]] = []
    touched: set[str] = set()
    for session, one in pairs:
        room = run.rooms.get(one.room)
        slot = there.get(session.pk) or Slot(event=run.event, release=run.draft, session=session)
        people = [run.speakers[_person_key(run, person)].pk for person in one.people]
        if (slot.room_id, slot.start_at, slot.end_at) != (room and room.pk, one.start_at, one.end_at):
            slot.room, slot.start_at, slot.end_at = room, one.start_at, one.end_at
            (moved if slot.pk else new).append(slot)
            touched.add(one.key)
        if slot.pk is None or _speaking(slot) != people:
            peopled.append((slot, people, _roles(slot) if slot.pk else {}))
            touched.add(one.key)
    Slot.objects.bulk_create(new, batch_size=500)
    Slot.objects.bulk_update(moved, ["room", "start_at", "end_at"], batch_size=200)
    _set_people(run, peopled)
    return touched


def _speaking(slot: Slot) -> list[int]:
    """The keys of those a file can name of a slot, in their order: all but the interpreters."""
    shown = [one for one in slot.contributions.all() if one.role != Role.INTERPRETER]
    return list(dict.fromkeys(one.speaker_id for one in sorted(shown, key=lambda one: (one.position, one.pk))))


def _roles(slot: Slot) -> dict[int, str]:
    return {one.speaker_id: one.role for one in slot.contributions.all() if one.role != Role.INTERPRETER}


def _set_people(run: _Import, peopled: Iterable[tuple[Slot, list[int], dict[int, str]]]) -> None:
    """Write who speaks in each slot, with the roles they had there; interpreters stay."""
    rows, slots = [], []
    for slot, people, roles in peopled:
        slots.append(slot)
        rows += [
            Contribution(event=run.event, slot=slot, speaker_id=key, role=roles.get(key, Role.SPEAKER), position=position)
            for position, key in enumerate(dict.fromkeys(people), start=1)
        ]
    Contribution.objects.filter(slot__in=slots).exclude(role=Role.INTERPRETER).delete()
    Contribution.objects.bulk_create(rows, batch_size=500)
