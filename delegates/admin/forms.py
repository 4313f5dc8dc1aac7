"""The organisers' forms about people: they parse and clean, and change nothing."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conference.lib.collation import sort_key
from conference.lib.words import in_language
from delegates.choices import Answer, Category, Missing, Mode, Narrowing, RegistrationState, SecurityDecision, Standing, WeaponDecision
from delegates.models import Delegation
from events.forms import OrganisationForm
from events.models import Organisation

ANY = ("", pgettext_lazy("filter", "All"))
NOT_ENDED = ("", pgettext_lazy("filter by state", "All that have not ended"))
ENDED_TOO = ("any", pgettext_lazy("filter by state", "All, also those that have ended"))
MAX_SEATS = 1000


def organisation_label(organisation) -> str:
    """The name of an organisation with its state, as lists of choices show it."""
    return f"{organisation.name} ({organisation.country})" if organisation.country else str(organisation.name)


class SeatsField(forms.IntegerField):
    """A number of seats."""

    def __init__(self, **options):
        super().__init__(label=_("Seats"), min_value=0, max_value=MAX_SEATS, **options)


class DelegationFilter(forms.Form):
    """Which delegations a list shows; the address carries it."""

    q = forms.CharField(label=_("Name or country"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    answer = forms.ChoiceField(label=_("Answer"), choices=[ANY, *Answer.choices], required=False)
    standing = forms.ChoiceField(label=_("Standing"), choices=[ANY, *Standing.choices], required=False)
    mine = forms.BooleanField(label=_("Mine"), required=False)
    due = forms.BooleanField(label=_("To follow up by today"), required=False)
    # Views of the list ask these; the form itself does not show them.
    waiting = forms.BooleanField(required=False, widget=forms.HiddenInput)
    without = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def asked(self) -> dict:
        """What was asked for; what makes no sense is not asked."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    def narrow(self, delegations, *, user, at, day):
        """Keep what was asked for, the words left to `lists.named`."""
        asked = self.asked
        if asked.get("answer"):
            delegations = delegations.that_answered(asked["answer"])
        if asked.get("standing"):
            delegations = delegations.of_standing(asked["standing"])
        if asked.get("mine"):
            delegations = delegations.in_care_of(user)
        if asked.get("waiting"):
            delegations = delegations.with_a_waiting_list()
        if asked.get("without"):
            delegations = delegations.without_focal_point(at)
        return delegations.due(day) if asked.get("due") else delegations


class NewDelegationForm(forms.Form):
    """An organisation at the event: one that is known already, its seats and standing, and perhaps its first focal point."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, help_text=_("Leave empty to describe a new one below.")
    )
    seats = SeatsField(initial=3)
    standing = forms.ChoiceField(label=_("Standing"), choices=Standing.choices, initial=Standing.MEMBER)
    focal_email = forms.EmailField(
        label=_("E-mail address of the focal point"),
        required=False,
        max_length=254,
        help_text=_("Nobody is written to until you send the invitations."),
    )
    focal_name = forms.CharField(label=_("Name of the focal point"), required=False, max_length=200)
    focal_language = forms.ChoiceField(label=_("Language of the focal point"), choices=settings.LANGUAGES)

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self._event = event
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.all()
        field.label_from_instance = organisation_label
        language = get_language() or settings.LANGUAGE_CODE
        known = sorted(field.queryset, key=lambda row: sort_key(in_language(row, "name", language, row.working_language)))
        field.choices = [("", "—"), *((row.pk, organisation_label(row)) for row in known)]

    def clean_organisation(self):
        """Refuse an organisation that has a delegation already."""
        organisation = self.cleaned_data["organisation"]
        if organisation and self._event.delegations.filter(organisation=organisation).exists():
            raise forms.ValidationError(_("This organisation already has a delegation at the event."))
        return organisation

    def clean_standing(self):
        """Refuse a second host."""
        standing = self.cleaned_data["standing"]
        if standing == Standing.HOST and self._event.delegations.of_standing(Standing.HOST).exists():
            raise forms.ValidationError(_("Another delegation is the host already."))
        return standing


class NewOrganisationForm(OrganisationForm):
    """An organisation described beside a new delegation; left empty when one was chosen."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="new", **kwargs)
        for name in ("treaty_rank", "email"):
            del self.fields[name]
        self.fields["kind"].required = False
        self.fields["kind"].choices = [("", "—"), *self.fields["kind"].choices[-4:]]

    def clean(self):
        """Ask for the kind as well."""
        data = super().clean()
        if not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Choose what the organisation is of."))
        return data


class DelegationForm(forms.ModelForm):
    """The seats and the standing of a delegation."""

    seats = SeatsField()

    class Meta:
        model = Delegation
        fields = ["standing"]

    field_order = ["seats", "standing"]

    def clean_standing(self):
        """Refuse a second host."""
        standing, delegation = self.cleaned_data["standing"], self.instance
        others = Delegation.objects.filter(event_id=delegation.event_id).exclude(pk=delegation.pk)
        if standing == Standing.HOST and others.of_standing(Standing.HOST).exists():
            raise forms.ValidationError(_("Another delegation is the host already."))
        return standing

    def facts(self) -> dict:
        """Give what `change_delegation` takes."""
        return {name: self.cleaned_data[name] for name in self.field_order}


class FocalPointForm(forms.Form):
    """A person who may nominate for the delegation."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PeopleFilter(forms.Form):
    """Which people a list shows, in which order; the address carries it."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(label=_("State"), choices=[NOT_ENDED, ENDED_TOO, *RegistrationState.choices], required=False)
    category = forms.ChoiceField(label=_("Category"), choices=[ANY, *Category.choices], required=False)
    delegation = forms.ChoiceField(label=_("Delegation"), required=False)
    missing = forms.ChoiceField(label=_("Missing"), choices=[ANY, *Missing.choices], required=False)
    changed = forms.BooleanField(label=_("Changed after approval"), required=False)

    def __init__(self, *args, event, delegations, **kwargs):
        super().__init__(*args, **kwargs)
        self._event = event
        self.fields["delegation"].choices = [ANY, *((row.public_id, organisation_label(row.organisation)) for row in delegations)]

    @property
    def asked(self) -> dict:
        """What was asked for; a value that makes no sense is not asked."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    def narrow(self, registrations):
        """Keep what was asked for, the name left to `lists.matching`."""
        asked = self.asked
        if not asked.get("state"):
            registrations = registrations.active()
        elif asked["state"] != ENDED_TOO[0]:
            registrations = registrations.in_state(asked["state"])
        if asked.get("category"):
            registrations = registrations.of_category(asked["category"])
        if asked.get("delegation"):
            registrations = registrations.of_delegation(self._event.delegations.get(public_id=asked["delegation"]))
        if asked.get("missing"):
            registrations = registrations.lacking(asked["missing"], security_decides=self._event.security_decides)
        return registrations.changed_after_approval() if asked.get("changed") else registrations


class NarrowingForm(forms.Form):
    """How far a person's access is narrowed below that of their delegation."""

    narrowing = forms.ChoiceField(label=_("Access"), choices=Narrowing.choices)


class SecurityForm(forms.Form):
    """The decision of the security officer."""

    decision = forms.ChoiceField(label=_("Security decision"), choices=SecurityDecision.choices, widget=forms.RadioSelect)


class WeaponForm(forms.Form):
    """The decision on the weapon a person asks to carry."""

    decision = forms.ChoiceField(label=_("Decision on the weapon"), choices=WeaponDecision.choices[1:], widget=forms.RadioSelect)


class PlaceForm(forms.Form):
    """In what capacity a person comes, and how; each has its places."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    mode = forms.ChoiceField(label=_("Attendance"), choices=Mode.choices)


class QuotaForm(forms.Form):
    """A limit for one category, one way of attending, or both."""

    category = forms.ChoiceField(
        label=_("Category"), choices=[("", pgettext_lazy("quota", "All categories that take a place")), *Category.choices], required=False
    )
    mode = forms.ChoiceField(
        label=_("Attendance"), choices=[("", pgettext_lazy("quota", "In person or remote")), *Mode.choices], required=False
    )
    seats = SeatsField()

    def clean(self):
        """Ask for one of the two: the limit for all has its own place."""
        data = super().clean()
        if not self.errors and not data.get("category") and not data.get("mode"):
            self.add_error("category", _("Choose a category or a way of attending."))
        return data
