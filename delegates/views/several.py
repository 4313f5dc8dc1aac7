"""The focal point's pages that name several people at once: in a table, and from those of earlier events."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from conference.lib import drafts
from delegates import actions, rules
from delegates.choices import RegistrationState
from delegates.forms import FormerForm, SeveralForm, typed_rows
from delegates.forms.tables import MORE
from delegates.models import Delegate
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt_once, back_to, focal_page, show
from events.models import Event


@focal_page
@require_http_methods(METHODS)
def several(request, delegation):
    """Name several people in a table: all of them or nobody; "more rows" keeps what is typed."""
    if request.method == "POST" and "more" in request.POST:
        people = typed_rows(request.POST)
        form = SeveralForm(viewer=request.viewer, people=people, size=len(people) + MORE)
        return _show_table(request, delegation, form)
    if request.method == "POST":
        form = SeveralForm(request.POST, viewer=request.viewer)
        if form.is_valid() and _named(request, delegation, form):
            return back_to(delegation)
    else:
        draft = drafts.kept(request)
        form = SeveralForm(viewer=request.viewer, people=typed_rows(draft) if draft else None)
        form.is_draft = draft is not None
    return _show_table(request, delegation, form)


def _show_table(request, delegation, form) -> HttpResponse:
    return show(request, "several", delegation, form=form, quotas=list(delegation.quotas.order_by("category", "mode")))


def _named(request, delegation, form) -> bool:
    """Put the people of the form on the list, or ask for them where it is too late and the form says so; say whether it was done."""
    by, people, made = actor_for(request, request.viewer), form.people(), []
    is_late = "late" in request.POST and rules.may_ask_late(request.event, timezone.now())

    def act():
        if is_late:
            made.extend(actions.ask_late_many(delegation, people, by=by))
        else:
            made.extend(actions.nominate_many(delegation, people, by=by, made_by=rules.FOCAL))
        return made[0]

    def watched():
        try:
            return act()
        except actions.RowsRefused as refusal:
            form.show_problems(refusal.problems)
            raise

    if not attempt_once(request, form, watched, by=by):
        return False
    _say(request, made, is_late=is_late)
    return True


def _say(request, made: list, *, is_late: bool) -> None:
    if is_late:
        messages.success(request, _("Your requests are with the organisers. Nothing has changed yet; they write to you once they decide."))
        return
    if not made:  # the same form, sent twice
        messages.info(request, _("This form has been sent before. The people are on your list."))
        return
    waiting = sum(registration.state == RegistrationState.WAITLISTED for registration in made)
    seated = len(made) - waiting
    if seated:
        said = ngettext("%(count)d person is on your list.", "%(count)d people are on your list.", seated) % {"count": seated}
        messages.success(request, said + " " + _("Nobody is written to until you send the list."))
    if waiting:
        said = ngettext(
            "No seat was free for %(count)d person, who is on the waiting list.",
            "No seat was free for %(count)d people, who are on the waiting list.",
            waiting,
        )
        messages.warning(request, said % {"count": waiting})


@focal_page
@require_http_methods(METHODS)
def former(request, delegation):
    """Name people of earlier events again, those who agreed to be found; only their names and function come over."""
    delegates = list(Delegate.objects.former_of(delegation))
    events = Event.objects.in_bulk({delegate.last_event_id for delegate in delegates})
    for delegate in delegates:
        delegate.last_event = events[delegate.last_event_id]
    if request.method == "POST":
        form = FormerForm(request.POST, viewer=request.viewer, delegates=delegates)
        if form.is_valid() and _named(request, delegation, form):
            return back_to(delegation)
    else:
        draft = drafts.kept(request)
        form = FormerForm(viewer=request.viewer, delegates=delegates, typed=draft)
        form.is_draft = draft is not None
    return show(request, "former", delegation, form=form, quotas=list(delegation.quotas.order_by("category", "mode")))
