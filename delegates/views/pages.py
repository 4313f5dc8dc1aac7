"""The doors of a delegation's and a person's own pages, and what their forms have in common."""

import functools

from django.shortcuts import get_object_or_404

from conference.lib import drafts
from delegates import actions
from delegates.forms import refilled
from delegates.models import Delegation, Registration
from events.rules import NotAllowed

METHODS = ["GET", "HEAD", "POST"]


def focal_page(view):
    """Open a page to the focal points of the delegation in its address; for everybody else it does not exist.

    The address itself names the hat. The view is called with the request and the delegation.
    """

    @functools.wraps(view)
    def page(request, slug, public_id, **kwargs):
        delegation = get_object_or_404(Delegation.objects.of_focal_point(request.viewer).for_page(), public_id=public_id)
        delegation.event = request.event
        return view(request, delegation, **kwargs)

    page.hat, page.keeps_typed = "focal", True
    return page


def own_page(view):
    """Open a page to the person of the registration in its address; for everybody else it does not exist.

    The address itself names the hat. The view is called with the request and the registration.
    """

    @functools.wraps(view)
    def page(request, slug, public_id, **kwargs):
        registration = get_object_or_404(Registration.objects.own_of(request.viewer).for_list(), public_id=public_id)
        registration.event = request.event
        return view(request, registration, **kwargs)

    page.hat, page.keeps_typed = "registration", True
    return page


def form_for(request, form_class, **options):
    """Make the form of a page: with what was posted, else with what was kept of an earlier try, else fresh."""
    if request.method == "POST":
        return form_class(request.POST, **options)
    return refilled(form_class, drafts.kept(request), **options)


def attempt(request, form, act):
    """Act, and give what came of it; a refusal becomes the form's error, in its own words, and gives None."""
    try:
        done = act()
    except actions.SentBefore as refusal:
        form.renew_key(str(refusal))
        return None
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None
    drafts.drop(request)
    return done


def attempt_once(request, form, act, *, by):
    """As `attempt`, for a form that acts once however often it is sent; give the public id of what it made."""
    return attempt(request, form, lambda: actions.once(act, by=by, key=form.cleaned_data["key"], digest=form.digest()))
