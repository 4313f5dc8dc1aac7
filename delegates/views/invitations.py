"""The doorway of a mailed link: opening it changes nothing, its button sends a code, and the code takes up the invitation."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from conference.lib.mail import masked
from delegates import actions
from delegates.models import Invitation
from events.actions import open_account, owns_address
from events.rules import NotAllowed

PENDING_KEY = "invitation"  # in the sign-in session: the invitation whose button was pressed, and its address as strangers may see it


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Say what one is invited to, with one button; a link that is wrong, used, ended or revoked gives one and the same page."""
    found = actions.find_invitation(secret)
    if found is None:
        return _without_referrer(render(request, "delegates/invitation_unusable.html", status=404))
    if request.method == "POST":
        return _without_referrer(_enter(request, found))
    return _without_referrer(_show(request, found))


def _without_referrer(response: HttpResponse) -> HttpResponse:
    """Keep the secret out of the next request's Referer. Not `no-referrer`: then forms come with "Origin: null", which is refused."""
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _show(request: HttpRequest, found: Invitation, *, status: int = 200) -> HttpResponse:
    is_mine = owns_address(request.user, found.email)
    context = {
        "too_often": status == 429,
        "event": found.event,
        "registration": found.registration,
        "place_request": found.place_request,
        "address": masked(found.email),
        "is_mine": is_mine,
        "is_other": request.user.is_authenticated and not is_mine,
    }
    return render(request, "delegates/invitation.html", context, status=status)


def _enter(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        if not owns_address(request.user, found.email):
            return _show(request, found, status=403)
        request.session[PENDING_KEY] = _pending(found)
        return redirect(finish(request, request.user) or "my")
    if not ratelimit.consume(request, action="request_login_code", key=found.email.lower()):
        return _show(request, found, status=429)
    user = open_account(found.email, language=_language_of(found))
    request.session[PENDING_KEY] = _pending(found)
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=found.email.lower())
    return redirect("account_confirm_login_code")


def _pending(found: Invitation) -> dict:
    return {"public_id": found.public_id, "address": masked(found.email)}


def _language_of(found: Invitation) -> str:
    if found.place_request:
        return found.place_request.language
    return found.focal_point.language if found.focal_point else found.registration.delegate.language


def finish(request: HttpRequest, user) -> str:
    """Take up the invitation whose button was pressed before sign-in and give the address it leads to; empty when there is none."""
    pressed = request.session.pop(PENDING_KEY, None)
    pending = pressed and Invitation.objects.for_page().filter(public_id=pressed["public_id"]).first()
    if not pending:
        return ""
    try:
        accept = actions.accept_request if pending.place_request_id else actions.accept_invitation
        accepted = accept(pending, user=user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return ""
    if accepted.place_request:
        return reverse("delegates:place_request", args=[accepted.place_request.public_id])
    if accepted.focal_point:
        return reverse("delegates:delegation", args=[accepted.event.slug, accepted.focal_point.delegation.public_id])
    return reverse("delegates:register", args=[accepted.event.slug, accepted.registration.public_id])
