"""The organisers' pages of printed invitation letters: make one and print it, revoke it, decide on whoever used its code."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.lib.viewer import ANYONE
from delegates import actions, rules
from delegates.admin.delegations import SECTION, load, to_delegation
from delegates.admin.letter_forms import LetterForm
from delegates.models import Delegation, InvitationLetter
from events.admin.pages import organisers_page, render_page
from events.emails import link
from events.rules import NotAllowed, seen_of_venue

METHODS = ["GET", "HEAD", "POST"]


def letters_of(delegation: Delegation, at: dt.datetime) -> list[dict]:
    """List the letters of a delegation, the latest first, each with where it stands."""
    made = delegation.invitation_letters.select_related("made_by").order_by("-made_at", "-pk")
    return [{"letter": letter, "stage": letter.stage(at)} for letter in made]


@organisers_page("delegations")
@require_http_methods(METHODS)
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask what stands in the letter; POST makes it and shows it, this once, as a page to print."""
    delegation, at = load(request, public_id), timezone.now()
    form = LetterForm(request.POST or None, initial=_usual(request, delegation, at))
    refused = rules.why_not(rules.check_letter, request.event, at)
    if request.method == "POST" and form.is_valid():
        try:
            made, code = actions.make_letter(delegation, key=form.cleaned_data["key"], by=request.actor)
        except actions.LetterMadeBefore as before:
            messages.error(request, str(before))
            return to_delegation(delegation, "letters")
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return _print(request, delegation, made, code, form.cleaned_data)
    context = {
        "delegation": delegation,
        "form": form,
        "refused": refused,
        "expires_at": rules.letter_expires_at(request.event, at),
        "earlier": delegation.invitation_letters.usable(at).first(),
    }
    return render_page(request, "admin/delegates/letter.html", context, section=SECTION)


def _usual(request, delegation, at: dt.datetime) -> dict[str, str]:
    focal = delegation.focal_points.live(at).order_by("pk").first()
    return {
        "language": focal.language if focal else request.event.working_language,
        "call_name": (delegation.responsible or request.user).display_name,
        "signed_by": request.user.name,
    }


def _print(request, delegation, made, code: str, said: dict) -> HttpResponse:
    event, today = request.event, request.event.local(made.made_at).date()
    venues = [seen_of_venue(venue, ANYONE) for venue in event.venues.order_by("position", "pk")]
    context = {
        "delegation": delegation,
        "letter": made,
        "code": code,
        "said": said,
        "today": today,
        "venue": next((venue for venue in venues if venue.is_anything), None),
        "address": link("delegates:letter_code", language=said["language"]),
    }
    return render_page(request, "admin/delegates/letter_print.html", context, section=SECTION)


def _load(request: HttpRequest, public_id: str, letters) -> InvitationLetter:
    return get_object_or_404(letters.for_page().filter(event=request.event), public_id=public_id)


@organisers_page("delegations")
@require_http_methods(METHODS)
def letter_revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask, then end the code of a letter; one that was used or revoked does not exist here."""
    found = _load(request, public_id, InvitationLetter.objects.unspent())
    if request.method == "POST":
        try:
            actions.revoke_letter(found, by=request.actor)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Revoked. The code of this letter opens nothing any more."))
        return to_delegation(found.delegation, "letters")
    context = {"letter": found, "delegation": found.delegation}
    return render_page(request, "admin/delegates/letter_revoke.html", context, section=SECTION)


@organisers_page("delegations")
@require_http_methods(METHODS)
def letter_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show who used a letter's code; POST confirms and invites them as a focal point, or refuses and forgets them."""
    found = _load(request, public_id, InvitationLetter.objects.undecided())
    if request.method == "POST":
        is_refusal, error = "refuse" in request.POST, ""
        try:
            if is_refusal:
                actions.refuse_letter(found, by=request.actor)
            else:
                actions.confirm_letter(found, by=request.actor)
        except NotAllowed as refusal:
            error = str(refusal)
        if error:
            messages.error(request, error)
        else:
            refused, confirmed = (
                _("Refused. What this person entered has been deleted."),
                _("Confirmed. The invitation is on its way to this address."),
            )
            messages.success(request, refused if is_refusal else confirmed)
        return to_delegation(found.delegation, "letters")
    context = {"letter": found, "delegation": found.delegation}
    return render_page(request, "admin/delegates/letter_decide.html", context, section=SECTION)
