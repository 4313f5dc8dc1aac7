"""Forms of the project itself."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conference.lib import clock
from events.forms.fields import DateField


class SettingsForm(forms.Form):
    """What a signed-in person chooses for themselves."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("As the organisers and this site call you. It changes no registration."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For mail about your account, and for pages whose address names no language."),
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        required=False,
        help_text=_("Deadlines are shown in it too, beside the time at the place of the event."),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["time_zone"].choices = [("", _("No second time")), *((name, name.replace("_", " ")) for name in clock.zone_names())]


class ActForm(forms.Form):
    """An act on the whole event, as the page showed it (`seen`)."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, event, **options):
        super().__init__(*args, **options)
        self.event = event

    def chosen(self) -> dict:
        """What was chosen, as the action takes it."""
        return dict(self.cleaned_data)


class ReasonForm(ActForm):
    """An act that people are told the reason of."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason appears in the message to each person exactly as you write it. Leave this field empty to give none."),
    )


class PostponeForm(ReasonForm):
    """The later days of an event."""

    first_date = DateField(label=_("First day"))
    last_date = DateField(label=_("Last day"))

    field_order = ("first_date", "last_date", "reason", "seen")

    def __init__(self, *args, event, **options):
        dates = {"first_date": event.first_date, "last_date": event.last_date}
        super().__init__(*args, event=event, **(options | {"initial": dates | options.get("initial", {})}))

    def clean(self):
        """Check the days against each other."""
        data = super().clean()
        if data.get("first_date") and data.get("last_date") and data["first_date"] > data["last_date"]:
            self.add_error("last_date", _("The last day is before the first one."))
        return data


class MoveForm(PostponeForm):
    """Other days, another venue of the event, or on-line."""

    venue = forms.ChoiceField(
        label=_("Venue"),
        required=False,
        help_text=_("Add the new venue and its rooms under “Venue and rooms” first; they stay hidden until then."),
    )
    is_online = forms.BooleanField(label=_("Held on-line"), required=False)

    field_order = ("first_date", "last_date", "venue", "is_online", "reason", "seen")

    def __init__(self, *args, event, **options):
        venues = list(event.venues.order_by("position", "pk"))
        here = {"is_online": event.is_online, "venue": venues[0].public_id if venues else ""}
        super().__init__(*args, event=event, **(options | {"initial": here | options.get("initial", {})}))
        self._venues = {venue.public_id: venue for venue in venues}
        self.fields["venue"].choices = [(venue.public_id, str(venue.name) or venue.public_id) for venue in venues] or [("", "—")]

    def chosen(self) -> dict:
        """What was chosen, the venue as its row."""
        return self.cleaned_data | {"venue": self._venues.get(self.cleaned_data["venue"])}
