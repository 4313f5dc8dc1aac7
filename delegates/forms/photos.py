"""The forms of a person's photo: the picture, and what to cut out of it."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from conference.lib.pictures import MAX_ZOOM, Frame
from conference.lib.uploads import PersonalFileField
from delegates.choices import FileKind, Group
from delegates.forms.base import HatForm
from delegates.forms.person import Kept, StepForm

DRAFT_LONGEST = 1600  # pixels; a photo is cut out of it at 600 × 800


class PictureForm(HatForm):
    """A picture to cut a photo out of."""

    picture = PersonalFileField(label=_("Picture"), pictures_only=True, longest=DRAFT_LONGEST)


class FrameForm(HatForm):
    """What to cut out: the middle as parts of width and height, and how near."""

    x = forms.FloatField(min_value=0, max_value=1, widget=forms.HiddenInput)
    y = forms.FloatField(min_value=0, max_value=1, widget=forms.HiddenInput)
    zoom = forms.FloatField(min_value=1, max_value=MAX_ZOOM, widget=forms.HiddenInput)

    def frame(self) -> Frame:
        """Give what was asked; what is not a number inside its limits is as at the start."""
        given = {name: self.cleaned_data[name] for name in ("x", "y", "zoom") if self.cleaned_data.get(name) is not None}
        return Frame(**given)


class PhotoForm(StepForm):
    """The step of the photo: it is given on the page of the photo, so that here is only whether there is one."""

    GROUP = Group.PHOTO
    CORE = ("photo",)

    photo = forms.CharField(label=FileKind.PHOTO.label, required=False, disabled=True, error_messages={"required": _("Give a photo.")})

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Say in words that a photo is there."""
        return {"photo": pgettext("photo", "Given") if kept.photo else ""}

    def answers(self) -> dict:
        """Give nothing more: the photo is kept already."""
        return {}


class BehalfPhotoForm(PhotoForm):
    """The step of the photo as organisers enter it: a picture, of which the middle is taken."""

    photo = PersonalFileField(
        label=_("Picture"),
        required=False,
        pictures_only=True,
        longest=DRAFT_LONGEST,
    )

    @classmethod
    def values_of(cls, kept: Kept) -> dict:
        """Show nothing of what is kept."""
        return {}

    def uploads(self) -> dict:
        """Give the picture, if one was sent."""
        picture = self.cleaned_data.get("photo")
        return {(FileKind.PHOTO, ""): picture} if picture else {}
