"""Columns of the spreadsheets of sessions, in the order in which they are written; an import finds them by the same words, in any order."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from conference.lib.spreadsheets import Column
from conference.lib.words import languages
from sessions.choices import Role

_TITLES = {
    "en": Column(gettext_lazy("Title in English"), "english title, titre anglais, engelse titel, englischer titel, title (en)"),
    "fr": Column(gettext_lazy("Title in French"), "french title, titre français, franse titel, französischer titel, title (fr)"),
    "nl": Column(gettext_lazy("Title in Dutch"), "dutch title, titre néerlandais, nederlandse titel, niederländischer titel, title (nl)"),
    "de": Column(gettext_lazy("Title in German"), "german title, titre allemand, duitse titel, deutscher titel, title (de)"),
}
_ABSTRACTS = {
    "en": Column(gettext_lazy("Abstract in English"), "english abstract, abstract (en)"),
    "fr": Column(gettext_lazy("Abstract in French"), "french abstract, abstract (fr)"),
    "nl": Column(gettext_lazy("Abstract in Dutch"), "dutch abstract, abstract (nl)"),
    "de": Column(gettext_lazy("Abstract in German"), "german abstract, abstract (de)"),
}


def _by_language(name: str, known: dict[str, Column]) -> dict[str, Column]:
    """A column for each language of the site: those we have words for, and any other by its code, as `title (es)`."""
    return {f"{name}_{code}": known.get(code) or Column(f"{name} ({code})", f"{name} ({code})") for code in languages()}


# Who does what: names separated by semicolons. Interpreters are no part of it; their shifts are planned elsewhere.
PEOPLE = {
    Role.CHAIR: Column(
        pgettext_lazy("column of people", "Chairs"),
        "chair, chairs, chairperson, chaired by, président, présidente, président de session, présidence, présidents, voorzitter, "
        "voorzitters, vorsitz, vorsitzende, vorsitzender, leitung",
    ),
    Role.MODERATOR: Column(
        pgettext_lazy("column of people", "Moderators"),
        "moderator, moderators, moderated by, modérateur, modératrice, modérateurs, moderatoren, moderation",
    ),
    Role.SPEAKER: Column(
        pgettext_lazy("column of people", "Speakers"),
        "speaker, speakers, person, persons, people, presenter, presenters, orateur, oratrice, orateurs, intervenant, intervenants, "
        "personnes, spreker, sprekers, personen, redner, rednerin, rednerinnen, referent, referenten, referentin, vortragende, mitwirkende",
    ),
    Role.PANELLIST: Column(
        pgettext_lazy("column of people", "Panellists"),
        "panellist, panellists, panelist, panelists, panel, panéliste, panélistes, panellid, panelleden, podiumsgast, podiumsgäste, podium",
    ),
    Role.RAPPORTEUR: Column(
        pgettext_lazy("column of people", "Rapporteurs"),
        "rapporteur, rapporteurs, rapportrice, verslaggever, verslaggevers, berichterstatter, berichterstattung",
    ),
}
SESSIONS: dict[str, Column] = {
    "id": Column(
        gettext_lazy("Reference"),
        "id, guid, uid, uuid, public id, reference, ref, référence, referentie, kenmerk, referenz, kennung",
    ),
    # The day of the programme: 01:00 belongs to the evening before, in both directions.
    "day": Column(gettext_lazy("Day"), "day, date, jour, dag, datum, tag"),
    "start": Column(
        gettext_lazy("Starts"),
        "starts, start, start time, begin, begins, from, time, hour, début, heure, heure de début, horaire, begint, begin, "
        "aanvang, beginuur, tijd, uur, van, beginn, anfang, startzeit, uhrzeit, zeit, von",
    ),
    "end": Column(
        gettext_lazy("Ends"),
        "ends, end, end time, until, to, fin, heure de fin, jusqu'à, eindigt, einde, einduur, tot, ende, endzeit, bis",
    ),
    "length": Column(
        pgettext_lazy("column of sessions", "Length"),
        "length, duration, minutes, duration (min), durée, duur, lengte, minuten, dauer, länge",
    ),
    "room": Column(gettext_lazy("Room"), "room, hall, location, place, where, salle, lieu, zaal, lokaal, plaats, raum, saal, ort"),
    "title": Column(
        gettext_lazy("Title"),
        "title, session, item, subject, topic, titre, sujet, intitulé, point, titel, onderwerp, sessie, thema, sitzung, programmpunkt",
    ),
    **_by_language("title", _TITLES),
    "kind": Column(gettext_lazy("Kind"), "kind, type, format, session type, nature, genre, soort, aard, art, typ"),
    "track": Column(
        gettext_lazy("Track"), "track, strand, stream, theme, axe, axe thématique, fil, thème, themalijn, lijn, themenstrang, strang, reihe"
    ),
    "languages": Column(
        gettext_lazy("Languages spoken"),
        "languages spoken, language, languages, langue, langues, langues parlées, taal, talen, gesproken talen, sprache, sprachen",
    ),
    "interpretation": Column(
        gettext_lazy("Interpreted into"),
        "interpreted into, interpretation, interprétation, interprétation vers, vertolking, vertolkt naar, verdolmetscht in, "
        "verdolmetschung",
    ),
    **{role.value: column for role, column in PEOPLE.items()},
    "abstract": Column(
        gettext_lazy("Abstract"),
        "abstract, description, summary, text, details, résumé, texte, samenvatting, beschrijving, omschrijving, tekst, zusammenfassung, "
        "beschreibung",
    ),
    **_by_language("abstract", _ABSTRACTS),
}
# What an export may say of a session besides, and an import never takes from a file: a marking is set by whoever imports.
MARKS: dict[str, Column] = {
    "audience": Column(gettext_lazy("Audience"), "audience, public visé, doelgroep, empfängerkreis"),
    "label": Column(gettext_lazy("TLP label"), "label, tlp, tlp label, marquage tlp, tlp-label, tlp-kennzeichen"),
    "chatham_house": Column(gettext_lazy("Chatham House Rule"), "chatham house"),
}
SEPARATOR = "; "  # between names or languages in one cell
