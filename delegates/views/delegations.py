"""The focal point's own page: the delegation, its answer, its paper, and sending the list of the people who come."""

import datetime as dt
from collections import Counter

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from delegates import actions, rules
from delegates.choices import Answer, Category, FileKind, RegistrationState
from delegates.forms import AnswerForm, CredentialForm, HatForm
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt, back_to, focal_page, form_for, nominating_refused, show

ORDER = {category.value: number for number, category in enumerate(Category)}


QUIET = (RegistrationState.SUBMITTED, RegistrationState.APPROVED)  # nobody of the delegation has anything to do


def _row(registration, *, is_open: bool) -> dict:
    """What the list shows of a person: themselves, the one next act, and what else can be done; nothing once the event takes no act."""
    is_seated = registration.state in rules.HOLDING
    possible = {
        "can_head": rules.may_head(registration),
        "can_order": is_seated,
        "can_withdraw": rules.may_move(registration, RegistrationState.WITHDRAWN, made_by=rules.FOCAL),
        "can_replace": rules.may_move(registration, RegistrationState.REPLACED, made_by=rules.FOCAL),
    }
    possible = {name: can and is_open for name, can in possible.items()}
    return possible | {
        "person": registration,
        "act": rules.focal_act(registration) if is_open else "",
        "is_quiet": registration.state in QUIET,
        "takes_seat": rules.takes_seat(registration.category),
        "has_more": any(possible.values()),
    }


def _rows(people, states, *, is_open: bool) -> list[dict]:
    return [_row(person, is_open=is_open) for person in people if person.state in states]


def _ended(delegation, people) -> list[dict]:
    """Who is no longer expected, and whether a withdrawal can still be undone: it is fresh, and a seat is free."""
    now = timezone.now()
    fresh = delegation.withdrawals_since(now - dt.timedelta(minutes=rules.UNDO_MINUTES))
    rows = _rows(people, rules.ENDED, is_open=False)
    for row in rows:
        row["person"].event = delegation.event
    undoable = [row["person"] for row in rows if not rules.why_not(rules.check_undo, row["person"], fresh.get(row["person"].pk), now)]
    with_seat = actions.with_a_seat_free(delegation.event, undoable)
    for row in rows:
        row["can_undo"] = row["person"].pk in with_seat
    return rows


def _held(people, *, with_seat: bool) -> list[tuple[str, int]]:
    """How many are counted in each category, in the order of the list: those who hold a seat, or those who need none."""
    counts = Counter(person.category for person in people if person.state in rules.HOLDING)
    return [(category.label, counts[category]) for category in Category if counts[category] and rules.takes_seat(category) is with_seat]


def _needs(delegation, rows, *, has_head: bool) -> list[dict]:
    """What waits for the focal point, the most pressing first, each with where it is done; sending the list has its button."""
    found = [(row["person"], row["act"]) for row in rows]
    asked = [person for person, act in found if act == "accept" and person.state == RegistrationState.REQUESTED]
    offered = [person for person, act in found if act == "accept" and person.state == RegistrationState.OFFERED]
    unnamed = [person for person, act in found if act == "name"]
    words = [
        (
            offered,
            ngettext("%(count)d seat is offered to you: take it", "%(count)d seats are offered to you: take them", len(offered)),
        ),
        (asked, ngettext("%(count)d person asks for a place", "%(count)d people ask for a place", len(asked))),
        (unnamed, ngettext("%(count)d seat has no name yet", "%(count)d seats have no name yet", len(unnamed))),
    ]
    needs = [{"words": said % {"count": len(people)}, "url": f"#{people[0].public_id}"} for people, said in words if people]
    if rows and not has_head and not nominating_refused(delegation.event):
        needs.append({"words": _("No head of delegation is named"), "url": "#people"})
    return needs


@focal_page
@require_safe
def delegation(request, delegation):
    """The delegation: seats, answer, deadline, and everyone with their state, what is missing, and the next act."""
    people = list(delegation.registrations.for_list().with_wanted_head().order_by("queued_at", "pk"))
    waiting = (RegistrationState.WAITLISTED,)
    ended = _ended(delegation, people)
    listed = sorted(people, key=lambda person: (ORDER[person.category], person.position))
    is_open = not rules.why_not(rules.check_editing, request.event)
    rows = _rows(listed, set(rules.ACTIVE) - set(waiting), is_open=is_open)
    head = next((person for person in people if person.category == Category.HEAD and person.state in rules.ACTIVE), None)
    return show(
        request,
        "delegation",
        delegation,
        people=rows,
        needs=_needs(delegation, rows, has_head=head is not None),
        waiting=_rows(people, waiting, is_open=is_open),
        is_open=is_open,
        ended=ended,
        any_undo=any(row["can_undo"] for row in ended),
        hat=request.viewer.hat,
        head=head,
        to_invite=sum(rules.waits_for_list(person) for person in people),
        quotas=list(delegation.quotas.order_by("category", "mode")),
        credential=delegation.files.for_focal_point().order_by("-uploaded_at").first(),
        held=_held(people, with_seat=True),
        no_seat=_held(people, with_seat=False),
        late_requests=list(delegation.late_requests.for_list().order_by("-asked_at", "-pk")),
        answer_form=AnswerForm(viewer=request.viewer, initial={"answer": delegation.answer}),
    )


@focal_page
@require_http_methods(METHODS)
def answer(request, delegation):
    """Say whether the delegation comes."""
    form = form_for(request, AnswerForm, viewer=request.viewer, initial={"answer": delegation.answer})
    if request.method == "POST" and form.is_valid():
        by, said = actor_for(request, request.viewer), form.cleaned_data["answer"]
        if said == Answer.DECLINED and delegation.registrations.active().exists():
            return redirect("delegates:decline", request.event.slug, delegation.public_id)
        if attempt(request, form, lambda: actions.answer_invitation(delegation, answer=said, by=by)):
            messages.success(request, _("Your answer is with the organisers. You can change it on this page."))
            return back_to(delegation)
    return show(request, "answer", delegation, form=form)


@focal_page
@require_http_methods(METHODS)
def decline(request, delegation):
    """Say whom it concerns when nobody comes; then withdraw everybody and answer so, in one act."""
    form = form_for(request, HatForm, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if attempt(request, form, lambda: (actions.decline_with_people(delegation, by=by),)):
            messages.success(request, _("The organisers know that nobody comes from your delegation."))
            return back_to(delegation)
    people = list(delegation.registrations.active().for_list().order_by("position", "pk"))
    refused = rules.why_not(rules.check_editing, request.event)
    return show(request, "decline", delegation, form=form, people=people, refused=refused)


@focal_page
@require_http_methods(METHODS)
def credential(request, delegation):
    """Give the credential paper of the delegation, in place of the one before, or take it back."""
    present = delegation.files.for_focal_point().order_by("-uploaded_at").first()
    form_class = HatForm if "remove" in request.POST else CredentialForm
    form = form_class(request.POST or None, request.FILES or None, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        if "remove" in request.POST:
            done = attempt(request, form, lambda: (present and actions.remove_file(present, by=by),))
        else:
            paper = form.cleaned_data["paper"]
            kind = FileKind.CREDENTIAL
            done = attempt(request, form, lambda: actions.keep_file(paper, event=request.event, kind=kind, delegation=delegation, by=by))
        if done:
            messages.success(request, _("The paper is removed.") if "remove" in request.POST else _("The paper is with the organisers."))
            return back_to(delegation)
    if not isinstance(form, CredentialForm):
        for error in form.non_field_errors():
            messages.error(request, error)
        form = CredentialForm(viewer=request.viewer)
    return show(request, "credential", delegation, form=form, credential=present, hat=request.viewer.hat)


@focal_page
@require_http_methods(METHODS)
def send(request, delegation):
    """Say who will be written to; then write to them."""
    form = form_for(request, HatForm, viewer=request.viewer)
    people = list(delegation.registrations.waiting_for_list().for_list().order_by("queued_at", "pk"))
    if request.method == "POST" and form.is_valid():
        by = actor_for(request, request.viewer)
        sent = attempt(request, form, lambda: (actions.send_list(delegation, by=by),))
        if sent:
            _say_sent(request, *sent)
            return back_to(delegation)
    may_send = bool(people) and not nominating_refused(request.event)
    return show(request, "send", delegation, form=form, people=people, may_send=may_send)


def _say_sent(request, count: int) -> None:
    if count:
        said = ngettext("One invitation is on its way.", "%(count)d invitations are on their way.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Everybody on the list has been written to already."))
