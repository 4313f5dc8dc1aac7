"""An event's dashboard: what needs somebody today, and where delegations, people, agenda and mail stand."""

import datetime as dt

from django.core.cache import caches
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from conference.actions import capacity_of
from conference.lib.kept import KEPT_SECONDS
from delegates.choices import Answer
from delegates.choices import RegistrationState as State
from delegates.models import Delegate
from delegates.rules import HOLDING
from events.admin.pages import organisers_page, render_page
from events.choices import MailState
from events.forms.events import DEADLINES, EventForm
from events.models import MailStop
from events.rules import phase
from sessions.admin.loading import conflicts_of, draft_changes, draft_slots

BAR_WIDTH = 400  # of the drawing, in its own units
# Delegations in the order of the bar; people likewise, states that hold a seat first.
ANSWERS = [Answer.COMING, Answer.UNDECIDED, Answer.INVITED, Answer.DECLINED]
PEOPLE = [State.APPROVED, State.SUBMITTED, State.RETURNED, State.NOMINATED, State.OFFERED, State.PLACEHOLDER, State.WAITLISTED]


@organisers_page("read")
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show one event at a glance, each part to those whose role opens it."""
    event, at = request.event, timezone.now()
    context = {
        "needs": [],
        "deadlines": _deadlines(event, at),
        "phase": phase(event, at),
        "agenda": _agenda(request),
        "people": None,
        "delegations": None,
        "mail": None,
    }
    if "people" in request.acts:
        context |= {"delegations": _delegations(request), "people": _people(request)}
        context["needs"] += _needs_of_people(request, context["delegations"], context["people"], at)
    if (conflicts := context["agenda"]["conflicts"]) and "programme" in request.acts:
        words = ngettext("%(count)d conflict in the draft agenda", "%(count)d conflicts in the draft agenda", len(conflicts))
        context["needs"].append(_need(request, len(conflicts), words, "release"))
    if "mail" in request.acts:
        context["mail"] = _mail(event, at)
        if needing := event.mails.needing_somebody().count():
            words = ngettext("%(count)d message failed or came back", "%(count)d messages failed or came back", needing)
            context["needs"].append(_need(request, needing, words, "mails", "state=needs"))
        if context["mail"]["stopped"]:
            words = ngettext(
                "The mail is stopped: %(count)d message waits", "The mail is stopped: %(count)d messages wait", context["mail"]["queued"]
            )
            context["needs"].append(_need(request, context["mail"]["queued"], words, "mails", "state=queued"))
    return render_page(request, "admin/events/dashboard.html", context, section="dashboard")


def _need(request, count, words, name, query="") -> dict:
    address = reverse(f"organise:{name}", args=[request.event.slug])
    return {"count": count, "words": words % {"count": count}, "url": f"{address}?{query}" if query else address}


def _parts(counts: dict, order) -> list[dict]:
    """Parts of a bar: value, label, count, where each starts and how wide it is; empty ones are left out."""
    total = sum(counts.get(value, 0) for value in order)
    parts, start = [], 0.0
    for value in order:
        count = counts.get(value, 0)
        if not count:
            continue
        width = BAR_WIDTH * count / total
        parts.append({"value": value.value, "label": value.label, "count": count, "x": f"{start:.1f}", "width": f"{width:.1f}"})
        start += width
    return parts


def _delegations(request) -> dict:
    counts = dict(request.event.delegations.order_by().values_list("answer").annotate(number=Count("pk")))
    return {"total": sum(counts.values()), "counts": counts, "parts": _parts(counts, ANSWERS)}


def _people(request) -> dict:
    counts = dict(request.event.registrations.order_by().values_list("state").annotate(number=Count("pk")))
    held = sum(counts.get(state, 0) for state in HOLDING)
    return {"held": held, "capacity": capacity_of(request.event), "counts": counts, "parts": _parts(counts, PEOPLE)}


def _needs_of_people(request, delegations, people, at: dt.datetime) -> list[dict]:
    event, acts, needs = request.event, request.acts, []
    day = event.local(at).date()
    if "registrations" in acts:
        decide, changed = people["counts"].get(State.SUBMITTED, 0), event.registrations.changed_after_approval().count()
        words = ngettext("%(count)d registration to decide", "%(count)d registrations to decide", decide)
        needs.append((decide, words, "queue", ""))
        words = ngettext("%(count)d person changed after approval", "%(count)d people changed after approval", changed)
        needs.append((changed, words, "changes", ""))
        twice, alike = _likely(event)
        late = event.late_requests.open().count()
        words = ngettext("%(count)d late request", "%(count)d late requests", late)
        needs.append((late, words, "late", ""))
        forms = event.registrations.with_late_form().count()
        words = ngettext("%(count)d form sent late", "%(count)d forms sent late", forms)
        needs.append((forms, words, "late", ""))
        words = ngettext("%(count)d person named twice", "%(count)d people nominated twice", twice)
        needs.append((twice, words, "doubles", ""))
        words = ngettext("%(count)d person probably has two records", "%(count)d people probably have two records", alike)
        needs.append((alike, words, "duplicates", ""))
    if "security" in acts and event.security_decides:
        waiting = event.registrations.lacking("security", security_decides=True).count()
        words = ngettext("%(count)d security decision to take", "%(count)d security decisions to take", waiting)
        needs.append((waiting, words, "queue", "security=pending"))
    if "security" in acts:
        asked = event.registrations.with_weapon_to_decide().count()
        words = ngettext("%(count)d weapon to decide on", "%(count)d weapons to decide on", asked)
        needs.append((asked, words, "queue", ""))
    if "delegations" in acts:
        silent, due = delegations["counts"].get(Answer.INVITED, 0), event.delegations.in_care_of(request.user).due(day).count()
        words = ngettext("%(count)d delegation has not answered", "%(count)d delegations have not answered", silent)
        needs.append((silent, words, "delegations", "answer=invited"))
        words = ngettext("%(count)d delegation for you to follow up", "%(count)d delegations for you to follow up", due)
        needs.append((due, words, "delegations", "mine=on&due=on"))
        wrong = len(event.quotas.wrong_at(event))
        words = ngettext("%(count)d quota with a wrong count", "%(count)d quotas with a wrong count", wrong)
        needs.append((wrong, words, "quotas", ""))
        asked = event.place_requests.unmatched().count()
        words = ngettext("%(count)d request for a place to match", "%(count)d requests for a place to match", asked)
        needs.append((asked, words, "requests", ""))
        used = event.invitation_letters.undecided().count()
        words = ngettext("%(count)d code of a letter used: to decide", "%(count)d codes of letters used: to decide", used)
        needs.append((used, words, "requests", ""))
        uninvited = event.focal_points.live(at).not_invited().count()
        words = ngettext("%(count)d invitation to send", "%(count)d invitations to send", uninvited)
        needs.append((uninvited, words, "invite", ""))
    return [_need(request, count, words, name, query) for count, words, name, query in needs if count]


def _likely(event) -> tuple[int, int]:
    """How many people are named twice, and how many are likely in two records.

    For that all names are compared, which with ten thousand takes half of the page: once until something is done at the event, or a
    minute, for a name may change elsewhere.
    """
    key, pages = f"likely:{event.pk}:{event.stamp}", caches["pages"]
    if (found := pages.get(key)) is None:
        found = (event.registrations.count_doubled(), Delegate.objects.count_alike(event) + len(event.registrations.born_alike()))
        pages.set(key, found, KEPT_SECONDS)
    return found


def _agenda(request) -> dict:
    slots = draft_slots(request.event)
    changes, number = draft_changes(request.event)
    return {
        "sessions": len(slots),
        "version": number,
        "changes": len(changes),
        "conflicts": conflicts_of(request, slots),
    }


def _mail(event, at: dt.datetime) -> dict:
    oldest = event.mails.in_state(MailState.QUEUED).order_by("queued_at").values_list("queued_at", flat=True).first()
    counts = dict(event.mails.order_by().values_list("state").annotate(number=Count("pk")))
    return {
        "failed": counts.get(MailState.FAILED, 0) + counts.get(MailState.BOUNCED, 0),
        "stopped": MailStop.objects.filter(Q(event=None) | Q(event=event)).exists(),
        "sent": counts.get(MailState.SENT, 0),
        "queued": counts.get(MailState.QUEUED, 0),
        "waits": _age(at - oldest) if oldest else "",
    }


def _age(age: dt.timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}


def _deadlines(event, at: dt.datetime) -> list[dict]:
    """The deadlines that are set, in order of time, with the days left."""
    labels = {name: EventForm.base_fields[name].label for name in DEADLINES}
    found = [(getattr(event, name), labels[name]) for name in DEADLINES if getattr(event, name)]
    return [{"at": moment, "label": label, "is_past": moment <= at, "days": (moment - at).days} for moment, label in sorted(found)]
