"""The form of an organisation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.choices import OrganisationKind
from events.forms.fields import TextInLanguages, country_choices, in_every_language
from events.models import Organisation


class OrganisationForm(TextInLanguages, forms.ModelForm):
    """A service, ministry, agency or body. A state's organisation names its state; membership of the Union follows from it."""

    TRANSLATED = ("name",)

    country = forms.ChoiceField(label=_("State"), choices=country_choices, required=False, help_text=_("Needed for the kind “State”."))

    class Meta:
        model = Organisation
        fields = [*in_every_language("name"), "abbreviation", "kind", "country", "treaty_rank", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mark_languages()

    def clean(self):
        """Ask for a name in some language, and for the state of a state's organisation."""
        data = super().clean()
        names = in_every_language("name")
        if not any(data.get(name) for name in names):
            self.add_error(names[0], _("Give the name in at least one language."))
        if data.get("kind") == OrganisationKind.STATE and not data.get("country"):
            self.add_error("country", _("Choose the state this organisation belongs to."))
        return data
