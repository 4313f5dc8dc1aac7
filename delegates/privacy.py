"""What is asked of a person: in groups, each with its purpose, its readers and how long it is kept, said in plain words.

This is the one inventory of personal data a form collects: whatever keeps such data stands in it.
"""

import dataclasses

from django.utils.translation import gettext_lazy as _

from delegates.choices import SEALED_GROUPS, Category, FormPhase, Group
from delegates.models import EventFieldGroup

REGISTRATIONS = frozenset({"registrations"})
OFFICERS = frozenset({"registrations", "security"})
DESK = frozenset({"people"})


@dataclasses.dataclass(frozen=True)
class FieldGroup:
    """Fields with one purpose. `days` counts from the last day of the event; after it the group is removed.

    `acts` are the organisers' acts of which one opens it. An event may change `is_on`, `phase`, `is_required` and `days`, and
    switches nothing off that is `is_always` asked. With `categories` it is asked of them alone.
    """

    name: str
    purpose: str
    readers: str
    days: int
    fields: tuple[str, ...]
    acts: frozenset[str] = REGISTRATIONS
    phase: str = FormPhase.FIRST
    is_on: bool = False
    is_required: bool = False
    is_always: bool = False
    categories: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What the group is called."""
        return Group(self.name).label

    @property
    def is_sealed(self) -> bool:
        """Say whether it is encrypted while it is kept, and shown only on a recorded demand."""
        return self.name in SEALED_GROUPS


FIELD_GROUPS = (
    FieldGroup(
        name=Group.IDENTITY,
        purpose=_("To decide on your registration, to write your badge and to know you at the door."),
        readers=_("The accreditation officers, the security officer and the reception desk of this event."),
        days=90,
        fields=(
            "given_name",
            "family_name",
            "native_name",
            "badge_name",
            "birth_date",
            "nationality_1",
            "nationality_2",
            "nationality_3",
            "function",
        ),
        acts=OFFICERS,
        is_on=True,
        is_required=True,
        is_always=True,
    ),
    FieldGroup(
        name=Group.IDENTITY_DOCUMENT,
        purpose=_("To check who you are before the meeting and at the door. It is encrypted as long as we keep it."),
        readers=_("The accreditation officers and the security officer; each time one of them opens it, that is recorded."),
        days=7,
        fields=("document_type", "document_number", "document_issuer", "document_expires"),
        acts=OFFICERS,
        is_required=True,
    ),
    FieldGroup(
        name=Group.PHOTO,
        purpose=_("To print it on your badge and to know you at the door."),
        readers=_("The accreditation officers, the security officer and the reception desk of this event."),
        days=30,
        fields=("photo",),
        acts=DESK,
        is_required=True,
    ),
    FieldGroup(
        name=Group.LANGUAGES,
        purpose=_("To plan interpretation, and to write to you in a language you read."),
        readers=_("The organisers of this event."),
        days=30,
        fields=("languages", "interpretation", "language"),
        acts=DESK,
        is_on=True,
    ),
    FieldGroup(
        name=Group.TRAVEL,
        purpose=_("To meet you when you arrive and to plan the transfers."),
        readers=_("The accreditation officers; the drivers learn place, time and name."),
        days=14,
        fields=("arrives_at", "arrives_by", "arrives_with", "arrives_in", "departs_at", "departs_by", "departs_with", "departs_from"),
        phase=FormPhase.SECOND,
    ),
    FieldGroup(
        name=Group.HOTEL,
        purpose=_("To keep a room for you, or to know where the transfers call."),
        readers=_("The accreditation officers; the hotel learns your name and your nights."),
        days=14,
        fields=("hotel", "hotel_name", "hotel_from", "hotel_until", "hotel_wishes"),
        phase=FormPhase.SECOND,
    ),
    FieldGroup(
        name=Group.VEHICLE,
        purpose=_("To let your vehicle in and to give it a place."),
        readers=_("The accreditation officers and the security officer; the guards at the gate learn the plate."),
        days=14,
        fields=("vehicle", "vehicle_plate", "vehicle_model"),
        acts=OFFICERS,
        phase=FormPhase.SECOND,
    ),
    FieldGroup(
        name=Group.NEEDS,
        purpose=_("To serve what you can eat and to make the rooms usable for you. Leave it empty if there is nothing."),
        readers=_("The accreditation officers; the caterer and the venue learn the need, never the name."),
        days=30,
        fields=("needs",),
        is_on=True,
    ),
    FieldGroup(
        name=Group.EMERGENCY,
        purpose=_("To reach somebody close to you if something happens to you. Tell that person that you name them here."),
        readers=_("The accreditation officers, and only when it is needed."),
        days=7,
        fields=("contact_name", "contact_relation", "contact_phone"),
    ),
    FieldGroup(
        name=Group.WEAPON,
        purpose=_("To ask the authorities of the host state to let you carry it. It is encrypted as long as we keep it."),
        readers=_("The accreditation officers and the security officer, each time recorded; the authorities that decide."),
        days=7,
        fields=("weapon", "weapon_model", "weapon_calibre", "weapon_serial", "weapon_permit", "weapon_rounds"),
        acts=OFFICERS,
        is_required=True,
        categories=(Category.PROTECTION,),
    ),
    FieldGroup(
        name=Group.QUESTIONS,
        purpose=_("The organisers of this event ask these themselves, to prepare it."),
        readers=_("The accreditation officers of this event."),
        days=30,
        fields=("questions",),
        is_on=True,
        is_always=True,
    ),
    FieldGroup(
        name=Group.LISTS,
        purpose=_("Your own choice: nobody else makes it for you, and you can change it at any time."),
        readers=_("Whoever you choose below."),
        days=30,
        fields=("consent", "may_be_invited_again"),
        acts=DESK,
        is_on=True,
        is_required=True,
        is_always=True,
    ),
)
BY_NAME = {group.name: group for group in FIELD_GROUPS}
# Groups whose terms an event may change, but which it always asks for in the place they have.
FIXED = tuple(group.name for group in FIELD_GROUPS if group.is_always)


@dataclasses.dataclass(frozen=True)
class AskedGroup:
    """A group as one event asks for it."""

    group: FieldGroup
    is_on: bool
    phase: str
    is_required: bool
    days: int
    with_copy: bool = False  # of the identity document alone: a scan of it too

    def is_asked_of(self, category: str, *, is_shared: bool = False) -> bool:
        """Say whether it is asked of a person of a category; what is sealed never of an account that several people use."""
        if not self.is_on or (is_shared and self.group.is_sealed):
            return False
        return not self.group.categories or category in self.group.categories


def asked_groups(event) -> dict[str, AskedGroup]:
    """Give every group as an event asks for it, switched off ones too, in the order of the form. One query."""
    rows = {row.group: row for row in EventFieldGroup.objects.filter(event=event)}
    return {
        group.name: AskedGroup(
            group=group,
            is_on=group.is_always or (row.is_on if row else group.is_on),
            phase=row.phase if row and not group.is_always else group.phase,
            is_required=group.is_required if group.is_always or not row else row.is_required,
            days=row.days if row else group.days,
            with_copy=bool(row and row.with_copy),
        )
        for group, row in ((group, rows.get(group.name)) for group in FIELD_GROUPS)
    }
