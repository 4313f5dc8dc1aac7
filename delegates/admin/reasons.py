"""The organisers' page of reasons written once."""

from django.contrib import messages
from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from conference.lib.viewer import Actor
from delegates import actions
from delegates.admin.queue_forms import ReasonForm
from delegates.models import ReasonTemplate
from events.admin.model_lists import ByRole, in_every_language
from events.admin.pages import organisers_page, render_page

SECTION = "queue"


class ReasonAdmin(ByRole):
    """The reasons for every event: superusers write them."""

    list_display = ["kind", "words"]
    list_filter = ["kind"]
    fields = ["kind", *in_every_language("text")]
    ordering = ["kind", "pk"]

    def may_change(self, request) -> bool:
        """Superusers only."""
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request) -> bool:
        """Nobody else needs to see them here: each event's page lists them."""
        return self.may_change(request)

    def has_view_permission(self, request, obj=None) -> bool:
        """As for changing."""
        return self.may_change(request)

    def get_queryset(self, request):
        """Only those of no event: an event's own stand on its page."""
        return super().get_queryset(request).filter(event=None)

    @display(description=_lazy("reason"))
    def words(self, reason) -> str:
        """The words in the reader's language."""
        return str(reason.text)

    def save_model(self, request, obj, form, change):
        """Keep it through the action, which records it."""
        actions.keep_reason(None, obj, by=Actor(user=request.user, hat="organiser:manager"))


@organisers_page("registrations")
@require_http_methods(["GET", "HEAD", "POST"])
def reasons(request: HttpRequest) -> HttpResponse:
    """List the reasons of the event and those for every event; POST adds one to the event."""
    return _keep(request, None)


@organisers_page("registrations")
@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change the words of a reason of the event."""
    return _keep(request, get_object_or_404(request.event.reasons, public_id=public_id))


@organisers_page("registrations")
@require_POST
def reason_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a reason of the event away."""
    actions.remove_reason(get_object_or_404(request.event.reasons, public_id=public_id), by=request.actor)
    messages.success(request, _("The reason is removed. What was decided with it keeps its words."))
    return redirect("organise:reasons", request.event.slug)


def _keep(request, one: ReasonTemplate | None) -> HttpResponse:
    form = ReasonForm(request.POST or None, instance=one, event=request.event)
    if request.method == "POST" and form.is_valid():
        actions.keep_reason(request.event, form.save(commit=False), by=request.actor)
        messages.success(request, _("Saved."))
        return redirect("organise:reasons", request.event.slug)
    rows = [] if one else list(ReasonTemplate.objects.for_event(request.event).select_related("event"))
    return render_page(request, "admin/delegates/reasons.html", {"form": form, "one": one, "rows": rows, "tab": "reasons"}, section=SECTION)
