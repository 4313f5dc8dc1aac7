"""What is asked of a person: in groups, each with its purpose, its readers and how long it is kept, said in plain words."""

import dataclasses

from django.utils.translation import gettext_lazy as _


@dataclasses.dataclass(frozen=True)
class FieldGroup:
    """Fields with one purpose. `days` counts from the last day of the event; after it the group is removed."""

    name: str
    title: str
    purpose: str
    readers: str
    days: int
    fields: tuple[str, ...]


FIELD_GROUPS = (
    FieldGroup(
        name="identity",
        title=_("Who you are"),
        purpose=_("To decide on your registration, to write your badge and to know you at the door."),
        readers=_("The accreditation officers, the security officer and the reception desk of this event."),
        days=90,
        fields=(
            "given_name",
            "family_name",
            "native_name",
            "badge_name",
            "nationality_1",
            "nationality_2",
            "nationality_3",
            "function",
        ),
    ),
    FieldGroup(
        name="languages",
        title=_("Languages"),
        purpose=_("To plan interpretation, and to write to you in a language you read."),
        readers=_("The organisers of this event."),
        days=30,
        fields=("languages", "language"),
    ),
    FieldGroup(
        name="needs",
        title=_("Meals and access"),
        purpose=_("To serve what you can eat and to make the rooms usable for you. Leave it empty if there is nothing."),
        readers=_("The accreditation officers; the caterer and the venue learn the need, never the name."),
        days=30,
        fields=("needs",),
    ),
    FieldGroup(
        name="lists",
        title=_("Where your name may appear"),
        purpose=_("Your own choice: nobody else makes it for you, and you can change it at any time."),
        readers=_("Whoever you choose below."),
        days=30,
        fields=("consent", "may_be_invited_again"),
    ),
)
