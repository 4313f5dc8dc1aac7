"""Spreadsheets of organisations, delegations and people: file -> rows -> forms -> actions, dry run first.

The dry run does the very acts in a transaction and takes it back, so that what it says is what the real run would do.
"""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import ngettext

from conference.lib.viewer import Actor
from delegates.choices import ImportKind
from delegates.importers.examples import example, own_columns
from delegates.importers.runs import KINDS, choose, give_up, keep_upload, read_sheet, tidy, work
from delegates.importers.steps import Changed
from delegates.models import Delegation, Import

__all__ = [
    "KINDS",
    "Changed",
    "choose",
    "example",
    "give_up",
    "keep_upload",
    "nominations",
    "own_columns",
    "progress",
    "read_sheet",
    "tidy",
    "work",
]


def nominations(delegation: Delegation, upload: UploadedFile, *, by: Actor) -> Import:
    """Keep and check a spreadsheet of people for one delegation; `choose` then names them. For its focal point, or on their behalf.

    `by.hat` decides what is allowed, as on the page of the delegation. Raise `NotAllowed` for a file too large.
    """
    return keep_upload(delegation.event, ImportKind.NOMINATIONS, upload, by=by, delegation=delegation)


def progress(kept: Import) -> dict[str, object]:
    """Say how far an import is, for the bar of its page."""
    said = ngettext("%(count)d row read", "%(count)d rows read", kept.done) % {"count": kept.done}
    return {"ended": not kept.is_waiting, "state": kept.state, "done": kept.done, "total": kept.total, "said": said}
