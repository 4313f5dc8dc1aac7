"""Writes the reasons most events need, for every event, in four languages; going back takes them away again."""

from django.db import migrations

REASONS = [
    (
        "returned",
        "The photo cannot be used for a badge: please send a recent one, of your face alone, against a plain background.",
        "La photo ne convient pas pour un badge : veuillez en envoyer une récente, de votre visage uniquement, sur fond uni.",
        "De foto is niet bruikbaar voor een badge: stuur een recente foto van enkel uw gezicht, tegen een effen achtergrond.",
        "Das Foto ist für ein Namensschild nicht geeignet: Bitte senden Sie ein aktuelles, nur von Ihrem Gesicht, vor einfarbigem Hintergrund.",
    ),
    (
        "returned",
        "The name is not written as on your identity document. Please write it exactly as there.",
        "Le nom n’est pas écrit comme sur votre document d’identité. Veuillez l’écrire exactement de la même manière.",
        "De naam is niet geschreven zoals op uw identiteitsdocument. Schrijf hem precies zoals daar.",
        "Der Name ist nicht so geschrieben wie in Ihrem Ausweisdokument. Bitte schreiben Sie ihn genau so.",
    ),
    (
        "returned",
        "Your function is missing. Please say what you do in your service.",
        "Votre fonction n’est pas indiquée. Veuillez préciser ce que vous faites dans votre service.",
        "Uw functie ontbreekt. Geef aan wat u in uw dienst doet.",
        "Ihre Funktion fehlt. Bitte geben Sie an, was Sie in Ihrer Dienststelle tun.",
    ),
    (
        "returned",
        "Your identity document expires before the end of the event. Please give one that is valid until then.",
        "Votre document d’identité expire avant la fin de l’événement. Veuillez en indiquer un qui soit valable jusque-là.",
        "Uw identiteitsdocument vervalt vóór het einde van het evenement. Geef er een op dat tot dan geldig is.",
        "Ihr Ausweisdokument läuft vor dem Ende der Veranstaltung ab. Bitte geben Sie eines an, das bis dahin gültig ist.",
    ),
    (
        "refused",
        "The places for this category are all taken.",
        "Toutes les places de cette catégorie sont occupées.",
        "Alle plaatsen voor deze categorie zijn ingenomen.",
        "Alle Plätze dieser Kategorie sind vergeben.",
    ),
    (
        "refused",
        "The registration could not be accepted. Your focal point can ask the organisers.",
        "L’inscription n’a pas pu être acceptée. Votre point de contact peut s’adresser aux organisateurs.",
        "De registratie kon niet worden aanvaard. Uw contactpunt kan zich tot de organisatoren wenden.",
        "Die Registrierung konnte nicht angenommen werden. Ihre Kontaktstelle kann sich an die Veranstalter wenden.",
    ),
    (
        "revoked",
        "Your assignment to this delegation has ended.",
        "Votre mission au sein de cette délégation a pris fin.",
        "Uw opdracht bij deze delegatie is beëindigd.",
        "Ihr Auftrag bei dieser Delegation ist beendet.",
    ),
]


def write(apps, schema_editor):
    """Write the reasons."""
    model = apps.get_model("delegates", "ReasonTemplate")
    for kind, en, fr, nl, de in REASONS:
        fr = fr.replace(" :", "\u00a0:")
        model.objects.create(kind=kind, text_en=en, text_fr=fr, text_nl=nl, text_de=de)


def take_away(apps, schema_editor):
    """Take away those that are still as they were written."""
    model = apps.get_model("delegates", "ReasonTemplate")
    model.objects.filter(event=None, text_en__in=[en for _kind, en, *_rest in REASONS]).delete()


class Migration(migrations.Migration):

    dependencies = [('delegates', '0013_add_reasons')]

    operations = [migrations.RunPython(write, take_away)]
