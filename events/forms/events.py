"""The forms of an event: a new one, and everything about one."""

import copy

from django import forms
from django.utils.translation import gettext_lazy as _

from conference.lib import countries
from events.choices import EventState, ProtocolOrder
from events.forms.fields import (
    DateField,
    TextInLanguages,
    WallClockField,
    ZoneField,
    in_every_language,
    language_choices,
    moment_in,
    wall_in,
)
from events.models import Event, Series
from events.rules import MAX_OFFER_DAYS, MAX_WALK_MINUTES

DEADLINES = ["answer_by_at", "nominate_by_at", "confirm_by_at", "travel_by_at", "freeze_at"]
# Each of these deadlines comes before the other.
ORDERED = [("answer_by_at", "nominate_by_at"), ("nominate_by_at", "freeze_at"), ("confirm_by_at", "freeze_at")]
DAYS = ("first_date", "last_date")
_SEEN = ["audience", "host_audience", "delegations_audience", "delegations_shown"]
_WALKS = ["room_minutes", "venue_minutes"]
_ORDER = ["protocol_order", "host_first", "eu_style_codes"]


class EventForm(TextInLanguages, forms.ModelForm):
    """Everything about an event but its address and its state. Deadlines are typed on the wall clock of the zone typed beside them."""

    TRANSLATED = ("title", "summary", "practical", "notice")

    zone = ZoneField(label=_("Time zone"), help_text=_("Changing it keeps every wall-clock time of deadlines and sessions."))
    first_date = DateField(label=_("First day"))
    last_date = DateField(label=_("Last day"))
    answer_by_at = WallClockField(label=_("Delegations answer by"), required=False)
    nominate_by_at = WallClockField(label=_("Focal points nominate by"), required=False)
    confirm_by_at = WallClockField(label=_("Persons confirm by"), required=False)
    travel_by_at = WallClockField(label=_("Travel details by"), required=False)
    freeze_at = WallClockField(label=_("Freeze"), required=False, help_text=_("From then on changes are late requests."))
    languages = forms.MultipleChoiceField(
        label=_("Languages of the meeting"), choices=language_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=_("Places at the event"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("For everyone together, besides the seats of each delegation. Leave empty for no limit."),
    )

    offer_days = forms.IntegerField(
        label=_("Days an offered seat is held"),
        min_value=1,
        max_value=MAX_OFFER_DAYS,
        help_text=_("When a seat becomes free it is offered to the first on the waiting list for so many days, never beyond the freeze."),
    )

    room_minutes = forms.IntegerField(
        label=_("Minutes needed between two rooms of a venue"),
        min_value=0,
        max_value=MAX_WALK_MINUTES,
        help_text=_("When a person has less time between two sessions, the agenda says so."),
    )
    venue_minutes = forms.IntegerField(label=_("Minutes needed between two venues"), min_value=0, max_value=MAX_WALK_MINUTES)

    class Meta:
        model = Event
        fields = [
            *(field for text in ("title", "summary", "practical", "notice") for field in in_every_language(text)),
            *("working_language", "languages", "zone", "first_date", "last_date", "day_starts_at"),
            *DEADLINES,
            *_SEEN,
            *_ORDER,
            *("security_decides", "takes_requests", "offer_days", "mailbox"),
            *_WALKS,
        ]
        widgets = {"day_starts_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    def __init__(self, *args, event: Event, capacity: int | None = None, can_edit: bool = True, **kwargs):
        clocks = {name: wall_in(getattr(event, name), event.zone) for name in DEADLINES}
        # A copy: what is typed must not show in the page around the form before it is kept.
        super().__init__(*args, instance=copy.copy(event), initial=clocks | {"capacity": capacity}, **kwargs)
        self.mark_languages()
        self.fields["working_language"].widget.attrs["autocomplete"] = "off"
        for field in self.fields.values():
            field.disabled = not can_edit
        if event.state != EventState.DRAFT:
            for name in DAYS:  # people know of them: an act tells everybody, and takes deadlines and sessions along
                self.fields[name].disabled = True
            self.fields["first_date"].help_text = _("Announced days change by postponing or moving the event, above; everybody is told.")

    @property
    def groups(self) -> list[tuple[str, list]]:
        """The fields that are not translated text, by topic: (heading, bound fields)."""
        topics = [
            (_("Dates and deadlines"), ["zone", "first_date", "last_date", "day_starts_at", *DEADLINES]),
            (_("Languages"), ["working_language", "languages"]),
            (_("Who may see what"), _SEEN),
            (_("Order of delegations"), _ORDER),
            (_("Registration"), ["capacity", "security_decides", "takes_requests", "offer_days", "mailbox"]),
            (_("Agenda"), _WALKS),
        ]
        return [(heading, [self[name] for name in names]) for heading, names in topics]

    def clean(self):
        """Check dates against each other and read the deadlines in the zone typed with them."""
        data = super().clean()
        self.require_in("title", data.get("working_language") or self.instance.working_language)
        first, last = data.get("first_date"), data.get("last_date")
        if first and last and first > last:
            self.add_error("last_date", _("The last day is before the first one."))
        for earlier, later in ORDERED:
            if data.get(earlier) and data.get(later) and data[earlier] > data[later]:
                self.add_error(earlier, _("This is after “%(other)s”.") % {"other": self.fields[later].label})
        for name in DEADLINES:
            if last and data.get(name) and data[name].date() > last:
                self.add_error(name, _("This is after the last day of the event."))
        self._check_presidency(data, first)
        zone = data.get("zone")
        for name in DEADLINES:
            if zone and data.get(name):
                data[name] = moment_in(data[name], zone)
            elif data.get(name):
                del data[name]  # no moment without a zone; what was typed stays in the form
        return data

    def _check_presidency(self, data, first) -> None:
        if data.get("protocol_order") != ProtocolOrder.PRESIDENCY or not first:
            return
        try:
            countries.presidency(first)
        except countries.UnknownPresidency:
            years = {"first": countries.PRESIDENCY_FIRST_YEAR, "last": countries.PRESIDENCY_LAST_YEAR}
            self.add_error("protocol_order", _("The presidencies are known from %(first)s to %(last)s only.") % years)

    def facts(self) -> dict:
        """Give the cleaned columns of the event, capacity left out."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class NewEventForm(forms.Form):
    """The least an event starts with; it starts as a draft."""

    series = forms.ModelChoiceField(Series.objects.none(), label=_("Series"))
    title = forms.CharField(label=_("Title, in the working language"), max_length=200)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens, such as “brussels-2024”. It cannot be changed later."),
    )
    first_date = DateField(label=_("First day"))
    last_date = DateField(label=_("Last day"))
    zone = ZoneField(label=_("Time zone"), initial="Europe/Brussels")
    working_language = forms.ChoiceField(label=_("Working language"), choices=Event._meta.get_field("working_language").choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = Series.objects.order_by("slug")
        self.fields["series"].label_from_instance = lambda series: series.name

    def clean(self):
        """Check the dates, and the address against those of other events."""
        data = super().clean()
        if data.get("first_date") and data.get("last_date") and data["first_date"] > data["last_date"]:
            self.add_error("last_date", _("The last day is before the first one."))
        if data.get("slug") and Event.objects.filter(slug=data["slug"]).exists():
            self.add_error("slug", _("Another event already has this address."))
        return data

    def facts(self) -> dict:
        """Give the columns of the new event, series and address left out."""
        names = ["first_date", "last_date", "zone", "working_language"]
        data = self.cleaned_data
        return {name: data[name] for name in names} | {f"title_{data['working_language']}": data["title"]}
