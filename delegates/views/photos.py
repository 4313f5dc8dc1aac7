"""A person's photo: they give a picture and cut the photo out of it, by pointer, by keyboard, or without script by buttons."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib import pictures
from delegates import actions, rules
from delegates.choices import FileKind, FormPhase, Group, PhotoKey, RegistrationState
from delegates.forms.photos import FrameForm, PictureForm
from delegates.privacy import asked_groups
from delegates.viewers import actor_for
from delegates.views.form import ADDRESSES, is_open, is_owed
from delegates.views.pages import METHODS, attempt, own_page

PREVIEW_SIZE = (300, 400)
NUDGES = [
    ("left", gettext_lazy("Left")),
    ("right", gettext_lazy("Right")),
    ("up", gettext_lazy("Up")),
    ("down", gettext_lazy("Down")),
    ("nearer", gettext_lazy("Nearer")),
    ("wider", gettext_lazy("Wider")),
]
WORDS = {
    "kept": gettext_lazy("Your photo is kept."),
    "waits": gettext_lazy("Your new photo waits until an officer has looked at it."),
}


def _photos(registration) -> dict:
    return {photo.key: photo for photo in registration.files.filter(kind=FileKind.PHOTO)}


def _back(request, registration) -> str:
    """Where one goes on: at the step of the photo in the form that asks for it, as long as that is owed, else at the registration."""
    args = [request.event.slug, registration.public_id]
    asked = asked_groups(request.event)[Group.PHOTO]
    if asked.is_asked_of(registration.category) and is_open(registration, asked.phase) and is_owed(registration, asked.phase):
        return reverse(f"delegates:{ADDRESSES[FormPhase(asked.phase)]}_step", args=[*args, "photo"])
    return reverse("delegates:registration", args=args)


def _page(request, registration, *, picture=None, frame=None) -> HttpResponse:
    held, is_asked = _photos(registration), actions.asks_photo(registration)
    if not held and not is_asked:
        raise Http404  # this event asks for none, and there is none to show
    for photo in held.values():
        photo.event, photo.registration = request.event, registration
    where = frame or pictures.Frame()
    numbers = {"x": where.x, "y": where.y, "zoom": where.zoom}
    args = [request.event.slug, registration.public_id]
    context = {
        "event": request.event,
        "registration": registration,
        "form": picture or PictureForm(viewer=request.viewer),
        "frame": FrameForm(viewer=request.viewer, initial=numbers, auto_id=False),
        "draft": held.get(PhotoKey.DRAFT),
        "photo": held.get(PhotoKey.CURRENT),
        "waiting": held.get(PhotoKey.WAITING),
        "preview": reverse("delegates:photo_preview", args=args) + "?" + urlencode(numbers),
        "nudges": NUDGES,
        "back": _back(request, registration),
        "waits": registration.state == RegistrationState.APPROVED,
        "is_open": is_asked and rules.fills_in_form(registration) and not rules.why_not(rules.check_editing, request.event),
    }
    return render(request, "delegates/photo.html", context)


@own_page
@require_http_methods(METHODS)
def photo(request, registration):
    """Show the photo and take a picture for a new one; with a picture at hand, cut the photo out of it."""
    if request.method != "POST":
        return _page(request, registration)
    form = PictureForm(request.POST, request.FILES, viewer=request.viewer)
    if form.is_valid():
        by = actor_for(request, request.viewer)
        if attempt(request, form, lambda: actions.start_photo(registration, form.cleaned_data["picture"], by=by)):
            return redirect("delegates:photo", request.event.slug, registration.public_id)
    return _page(request, registration, picture=form)


@own_page
@require_POST
def photo_cut(request, registration):
    """Move the cut one step and show it again; or take it as the photo; or forget the picture."""
    form = FrameForm(request.POST, viewer=request.viewer)
    is_valid = form.is_valid()
    if "nudge" in request.POST:
        return _page(request, registration, frame=form.frame().nudged(request.POST["nudge"]))
    by = actor_for(request, request.viewer)
    if "forget" in request.POST:
        actions.drop_draft(registration, by=by)
        return redirect("delegates:photo", request.event.slug, registration.public_id)
    done = attempt(request, form, lambda: actions.take_photo(registration, form.frame(), by=by)) if is_valid else None
    if not done:
        for problem in form.non_field_errors() or [_("Choose what of the picture is used once more.")]:
            messages.error(request, problem)
        return _page(request, registration, frame=form.frame())
    messages.success(request, WORDS[done])
    return redirect(_back(request, registration))


@own_page
@require_safe
def photo_preview(request, registration):
    """Show what would be cut out of the picture at hand."""
    draft = _photos(registration).get(PhotoKey.DRAFT)
    if draft is None:
        raise Http404
    form = FrameForm(request.GET, viewer=request.viewer)
    form.is_valid()
    return HttpResponse(pictures.cut(draft.content(), form.frame(), PREVIEW_SIZE), content_type="image/jpeg")
