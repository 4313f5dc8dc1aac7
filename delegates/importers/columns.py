"""Columns of the spreadsheets of organisations, delegations and people."""

from django.utils.translation import gettext_lazy

from conference.lib.spreadsheets import Column

ID = Column(gettext_lazy("Reference"), "id, public id, reference, ref, référence, referentie, kenmerk, referenz, kennung")
ORGANISATION = Column(
    gettext_lazy("Organisation"),
    "organisation, organization, organisation name, name of the organisation, service, name, nom de l'organisation, nom, "
    "organisatie, naam van de organisatie, naam, dienst, name der organisation, einrichtung, dienststelle",
)
ABBREVIATION = Column(gettext_lazy("Abbreviation"), "abbreviation, acronym, abréviation, sigle, afkorting, abkürzung, kürzel")
KIND = Column(gettext_lazy("Kind"), "kind, type, nature, genre, soort, aard, art, typ")
COUNTRY = Column(gettext_lazy("Country"), "country, state, country code, pays, état, code pays, land, staat, landcode, ländercode")
FOCAL_LANGUAGE = Column(
    gettext_lazy("Language of the focal point"), "language, language of the focal point, langue, langue du point focal, taal, sprache"
)

ORGANISATIONS = {
    "id": ID,
    "organisation": ORGANISATION,
    "abbreviation": ABBREVIATION,
    "kind": KIND,
    "country": COUNTRY,
    "email": Column(
        gettext_lazy("Functional address"),
        "e-mail, email, mail, e-mail address, courriel, adresse électronique, adresse e-mail, e-mailadres, mailadres, e-mail-adresse",
    ),
    "name_en": Column(gettext_lazy("Name in English"), "english name, nom anglais, engelse naam, englischer name"),
    "name_fr": Column(gettext_lazy("Name in French"), "french name, nom français, franse naam, französischer name"),
    "name_nl": Column(gettext_lazy("Name in Dutch"), "dutch name, nom néerlandais, nederlandse naam, niederländischer name"),
    "name_de": Column(gettext_lazy("Name in German"), "german name, nom allemand, duitse naam, deutscher name"),
}
DELEGATIONS = {
    "organisation": ORGANISATION,
    "abbreviation": ABBREVIATION,
    "kind": KIND,
    "country": COUNTRY,
    "seats": Column(
        gettext_lazy("Seats"), "seats, places, number of seats, sièges, nombre de places, plaatsen, aantal plaatsen, zetels, plätze, sitze"
    ),
    "standing": Column(gettext_lazy("Standing"), "standing, status, role, statut, qualité, hoedanigheid, statuut, stellung"),
    "focal_name": Column(
        gettext_lazy("Name of the focal point"),
        "focal point, focal point name, name of the focal point, contact, point focal, point de contact, nom du point focal, "
        "nom du point de contact, contactpunt, contactpersoon, naam van het contactpunt, ansprechpartner, kontaktstelle, "
        "name der kontaktstelle, ansprechperson",
    ),
    "focal_email": Column(
        gettext_lazy("E-mail address of the focal point"),
        "e-mail, email, mail, e-mail address, focal point e-mail, courriel, adresse électronique, adresse e-mail, e-mailadres, "
        "mailadres, e-mail-adresse, email-adresse",
    ),
    "focal_language": FOCAL_LANGUAGE,
}
NOMINATIONS = {
    "id": ID,
    "delegation": Column(
        gettext_lazy("Delegation"),
        "delegation, organisation, organization, service, délégation, delegatie, organisatie, dienst, einrichtung, dienststelle, "
        "abbreviation, acronym, sigle, afkorting, abkürzung, kürzel",
    ),
    # Not "state": a list of people has a column of that name that is no country.
    "country": Column(COUNTRY.label, "country, country code, pays, code pays, land, landcode, ländercode"),
    "family_name": Column(
        gettext_lazy("Family name"),
        "family name, last name, surname, nom de famille, nom, familienaam, achternaam, familienname, nachname, zuname",
    ),
    "given_name": Column(gettext_lazy("Given name"), "given name, first name, forename, prénom, prénoms, voornaam, vorname, vornamen"),
    "name": Column(
        gettext_lazy("Name"), "name, full name, participant, nom complet, nom et prénom, naam, volledige naam, vollständiger name, person"
    ),
    "category": Column(gettext_lazy("Category"), "category, capacity, role, catégorie, qualité, categorie, hoedanigheid, kategorie, rolle"),
    "function": Column(
        gettext_lazy("Function"), "function, position, job title, title, fonction, poste, titre, functie, titel, funktion, amtsbezeichnung"
    ),
    "email": Column(
        gettext_lazy("E-mail address"),
        "e-mail, email, mail, e-mail address, courriel, adresse électronique, adresse e-mail, e-mailadres, mailadres, e-mail-adresse, "
        "email-adresse",
    ),
    "language": Column(
        gettext_lazy("Language for messages"), "language, langue, taal, sprache, language for messages, correspondence language"
    ),
    "nationality": Column(
        gettext_lazy("Nationality"),
        "nationality, nationalities, citizenship, nationalité, nationaliteit, staatsangehörigkeit, nationalität",
    ),
    "birth_date": Column(
        gettext_lazy("Date of birth"),
        "date of birth, birth date, birthdate, birthday, born, dob, date de naissance, né le, naissance, geboortedatum, geboren op, "
        "geburtsdatum, geboren am, geboren",
    ),
}
