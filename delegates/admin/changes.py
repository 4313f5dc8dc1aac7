"""Changes that wait beside approved values: before and after side by side, accepted or refused one by one."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from delegates.admin.shown import may_read, shown
from delegates.choices import Category, FileKind, Group
from delegates.models import PendingChange, Registration
from delegates.privacy import BY_NAME
from delegates.rules import FILE_ACTS
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page

SECTION = "queue"
PER_PAGE = 20


@organisers_page("registrations")
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """List the people whose changes wait, the longest waiting first."""
    waiting = Prefetch("pending_changes", queryset=PendingChange.objects.open().order_by("asked_at", "pk"), to_attr="waiting")
    heads = Registration.objects.active().of_category(Category.HEAD).select_related("delegate")
    found = (
        request.event.registrations.changed_after_approval()
        .with_first_change()
        .for_list()
        .prefetch_related(waiting, "files", "given_groups", Prefetch("delegation__registrations", queryset=heads, to_attr="heads"))
    )
    page = page_of(request, found.order_by("first_change_at", "pk"), per_page=PER_PAGE)
    for row in page:
        row.changes = [shown(change, row, row.files.all()) for change in row.waiting]
    context = {
        "page": page,
        "photo_is_seen": FILE_ACTS[FileKind.PHOTO] in request.acts,
        "copy_is_seen": FILE_ACTS[FileKind.IDENTITY_DOCUMENT] in request.acts,
        "sees_documents": may_read(request, BY_NAME[Group.IDENTITY_DOCUMENT]),
        "tab": "changes",
    }
    return render_page(request, "admin/delegates/changes.html", context, section=SECTION)
