"""The steps an event switches on: identity document, travel, hotel, vehicle, emergency contact, close-protection weapon."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.lib.uploads import PersonalFileField
from delegates.choices import FileKind, Group
from delegates.forms.fields import CountryField, OneLineField, PhoneField, country_names
from delegates.forms.person import Kept, StepForm, suggest_countries
from events.forms.fields import DateField, WallClockField

YES, NO = "yes", "no"
YES_NO = [(YES, _("Yes")), (NO, _("No"))]


class DocumentForm(StepForm):
    """The document somebody shows at the door."""

    GROUP = Group.IDENTITY_DOCUMENT
    CORE = ("document_type", "document_number", "document_issuer", "document_expires")

    document_type = forms.ChoiceField(
        label=_("Kind of document"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("passport", _("Passport")),
            ("card", _("Identity card")),
            ("diplomatic", _("Diplomatic passport")),
            ("service", _("Service passport")),
            ("residence", _("Residence permit")),
        ],
    )
    document_number = OneLineField(
        label=_("Number"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    document_issuer = CountryField(label=_("Issued by"), required=False, help_text=_("The state that issued it."))
    document_expires = DateField(label=_("Valid until"), required=False)
    document_copy = PersonalFileField(label=_("A copy of the document"), required=False)

    def prepare(self) -> None:
        """Suggest the countries; take a copy where the event asks for one."""
        super().prepare()
        suggest_countries(self, ["document_issuer"])
        asked, copy = self.kept.asked[self.GROUP], self.fields["document_copy"]
        if not asked.with_copy:
            del self.fields["document_copy"]
            return
        copy.required = asked.is_required
        why = _("The page with the photo, as a scan or a photograph. It is encrypted, and removed with the other data of the document.")
        kept = _("A copy is with us; a new one takes its place.") if self.kept.copy else ""
        copy.help_text = " ".join(str(words) for words in (kept, why, copy.help_text) if words)

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Give what is stored, the issuer by its name, the copy by the name of its file."""
        values = super().values_of(kept)
        if kept.copy:
            values = values | {"document_copy": kept.copy.file_name}
        return values | ({"document_issuer": country_names([values["document_issuer"]])[0]} if "document_issuer" in values else {})

    def values(self) -> dict:
        """Give what is stored of the group; the copy is a file of its own."""
        return {name: value for name, value in super().values().items() if name != "document_copy"}

    def uploads(self) -> dict:
        """Give the copy, if one was just sent."""
        copy = self.cleaned_data.get("document_copy")
        return {(FileKind.IDENTITY_DOCUMENT, ""): copy} if copy else {}

    def file_of(self, name: str):
        """Give the copy."""
        return self.kept.copy

    def warnings(self) -> list[tuple[str, str]]:
        """Point out a document that has expired, or will have before the event is over."""
        expires = self.cleaned_data.get("document_expires")
        if expires and expires < self.kept.day:
            return [("document_expires", _("This document has expired. Bring a valid one, and write its data here."))]
        if expires and expires < self.kept.registration.event.last_date:
            return [("document_expires", _("This document expires before the event is over. Bring one that is valid until its last day."))]
        return []


MEANS = [
    ("", "—"),
    ("plane", pgettext_lazy("means of travel", "Plane")),
    ("train", pgettext_lazy("means of travel", "Train")),
    ("car", pgettext_lazy("means of travel", "Car")),
    ("other", pgettext_lazy("means of travel", "Another way")),
]


class TravelForm(StepForm):
    """When and how somebody comes and leaves."""

    GROUP = Group.TRAVEL
    CORE = ("arrives_at", "arrives_by")

    arrives_at = WallClockField(label=_("Arrival"), required=False, help_text=_("Date and time, in local time at the venue."))
    arrives_by = forms.ChoiceField(label=_("You arrive by"), required=False, choices=MEANS)
    arrives_with = OneLineField(label=_("Flight or train"), required=False, max_length=60, help_text=_("For example SN 2593."))
    arrives_in = OneLineField(label=_("Airport or station"), required=False, max_length=120)
    departs_at = WallClockField(label=_("Departure"), required=False)
    departs_by = forms.ChoiceField(label=_("You leave by"), required=False, choices=MEANS)
    departs_with = OneLineField(label=_("Flight or train back"), required=False, max_length=60)
    departs_from = OneLineField(label=_("Airport or station of departure"), required=False, max_length=120)

    def clean(self):
        """Refuse to leave before arriving."""
        cleaned = super().clean()
        arrival, departure = cleaned.get("arrives_at"), cleaned.get("departs_at")
        if arrival and departure and departure <= arrival:
            self.add_error("departs_at", _("You would leave before you arrive."))
        return cleaned


class HotelForm(StepForm):
    """Where somebody stays."""

    GROUP = Group.HOTEL
    CORE = ("hotel",)
    FOLLOWS = {
        "hotel_name": ("hotel", ("own",)),
        "hotel_from": ("hotel", ("own", "please")),
        "hotel_until": ("hotel", ("own", "please")),
        "hotel_wishes": ("hotel", ("please",)),
    }
    NEEDED = ("hotel_from", "hotel_until")

    hotel = forms.ChoiceField(
        label=_("Do you need a room?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("please", _("Please reserve a room for me")),
            ("own", _("I have a room of my own")),
            ("none", _("I need no room")),
        ],
    )
    hotel_name = OneLineField(label=_("Name of the hotel"), required=False, max_length=120)
    hotel_from = DateField(label=_("First night"), required=False)
    hotel_until = DateField(label=_("Day of leaving"), required=False)
    hotel_wishes = OneLineField(
        label=_("Wishes about the room"), required=False, max_length=300, help_text=_("For example a room usable with a wheelchair.")
    )

    def clean(self):
        """Refuse to leave before the first night is over."""
        cleaned = super().clean()
        first, last = cleaned.get("hotel_from"), cleaned.get("hotel_until")
        if first and last and last <= first:
            self.add_error("hotel_until", _("This is not after the first night."))
        return cleaned


class VehicleForm(StepForm):
    """The vehicle somebody comes in."""

    GROUP = Group.VEHICLE
    CORE = ("vehicle",)
    FOLLOWS = {"vehicle_plate": ("vehicle", (YES,)), "vehicle_model": ("vehicle", (YES,))}
    NEEDED = ("vehicle_plate",)

    vehicle = forms.ChoiceField(
        label=_("Do you come to the venue in a vehicle of your own?"), required=False, widget=forms.RadioSelect, choices=YES_NO
    )
    vehicle_plate = OneLineField(
        label=_("Registration plate"), required=False, max_length=20, help_text=_("With the country, for example B 1-ABC-234.")
    )
    vehicle_model = OneLineField(label=_("Make and colour"), required=False, max_length=80)


class EmergencyForm(StepForm):
    """Whom to call."""

    GROUP = Group.EMERGENCY
    CORE = ("contact_name", "contact_phone")

    contact_name = OneLineField(label=_("Name of this person"), required=False, max_length=200)
    contact_relation = OneLineField(label=_("Relationship to you"), required=False, max_length=80)
    contact_phone = PhoneField(label=_("Telephone"), required=False, help_text=_("With the country code, for example +32 2 123 45 67."))

    def prepare(self) -> None:
        """Read a number without country code as one of the person's state."""
        super().prepare()
        self.fields["contact_phone"].region = self.kept.registration.delegation.organisation.country


class WeaponForm(StepForm):
    """The weapon a close-protection officer asks to carry."""

    GROUP = Group.WEAPON
    CORE = ("weapon",)
    NEEDED = ("weapon_model", "weapon_calibre", "weapon_serial", "weapon_permit")
    FOLLOWS = dict.fromkeys((*NEEDED, "weapon_rounds"), ("weapon", (YES,)))

    weapon = forms.ChoiceField(label=_("Do you ask to carry a weapon?"), required=False, widget=forms.RadioSelect, choices=YES_NO)
    weapon_model = OneLineField(label=_("Make and model"), required=False, max_length=120)
    weapon_calibre = OneLineField(label=_("Calibre"), required=False, max_length=40)
    weapon_serial = OneLineField(label=_("Serial number"), required=False, max_length=60)
    weapon_permit = OneLineField(label=_("Number of the permit"), required=False, max_length=60)
    weapon_rounds = forms.IntegerField(label=_("Rounds"), required=False, min_value=0, max_value=1000)
