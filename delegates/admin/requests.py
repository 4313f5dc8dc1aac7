"""The organisers' pages of requests for a place: those that fit no delegation are matched or refused; the rest wait for focal
points. Codes of letters that were used wait beside them."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from delegates import actions
from delegates.admin.delegations import SECTION
from delegates.admin.forms import organisation_label
from delegates.admin.lists import in_protocol_order
from delegates.models import PlaceRequest
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed


class MatchForm(forms.Form):
    """The delegation a request belongs to."""

    delegation = forms.ChoiceField(label=gettext_lazy("Delegation"))

    def __init__(self, *args, delegations, **options):
        super().__init__(*args, **options)
        self._delegations = {row.public_id: row for row in delegations}
        self.fields["delegation"].choices = [
            ("", "—"),
            *((key, organisation_label(row.organisation)) for key, row in self._delegations.items()),
        ]

    def clean_delegation(self):
        """Give the delegation chosen."""
        return self._delegations[self.cleaned_data["delegation"]]


class RefusalForm(forms.Form):
    """Why a request is refused."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The person reads it."),
    )


@organisers_page("delegations")
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """List the requests that wait: for an organiser to match them, and for the word of a focal point."""
    asked = request.event.place_requests.for_page()
    context = {
        "unmatched": asked.unmatched().order_by("asked_at", "pk"),
        "letters": request.event.invitation_letters.undecided().for_page().order_by("used_at", "pk"),
        "with_delegations": asked.with_delegations().order_by("asked_at", "pk"),
    }
    return render_page(request, "admin/delegates/requests.html", context, section=SECTION)


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def request_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pass one request on to a delegation, or refuse it with a reason."""
    asked = get_object_or_404(request.event.place_requests.unmatched().for_page(), public_id=public_id)
    delegations = in_protocol_order(request.event, request.event.delegations.for_page())
    is_refusal = "refuse" in request.POST
    matching = MatchForm(None if is_refusal else request.POST or None, delegations=delegations)
    refusal = RefusalForm(request.POST if is_refusal else None)
    form = refusal if is_refusal else matching
    if request.method == "POST" and form.is_valid() and _decide(request, asked, form, is_refusal=is_refusal):
        return redirect("organise:requests", request.event.slug)
    context = {"asked": asked, "matching": matching, "refusal": refusal, "form": form}
    return render_page(request, "admin/delegates/request.html", context, section=SECTION)


def _decide(request: HttpRequest, asked: PlaceRequest, form, *, is_refusal: bool) -> bool:
    try:
        if is_refusal:
            actions.refuse_request(asked, reason=form.cleaned_data["reason"], by=request.actor)
        else:
            actions.match_request(asked, delegation=form.cleaned_data["delegation"], by=request.actor)
    except NotAllowed as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request,
        _("Refused; the person is told.") if is_refusal else _("Passed on. The focal points of the delegation are asked to decide."),
    )
    return True
