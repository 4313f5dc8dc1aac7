"""What every list of the organisers' site shares: pages of a list, as addresses one can share, and names behind references."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from events.actions import names_behind
from events.choices import MailState, StaffRoleName
from events.emails.table import label_of

PER_PAGE = 50


def page_of(request: HttpRequest, rows, *, per_page: int = PER_PAGE) -> Page:
    """Give the page of a list the address asks for; a number that is none gives the first, one too high the last."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


# Where the page of what a message is about stands; its reference begins with the name of the thing.
PAGES_OF = {"registration": "organise:person", "focal point": "organise:focal_point", "request": "organise:request_decide"}


def with_fates(mails, event, acts) -> list:
    """Give messages of an event with their kind in words, the page of whom they concern, and what may be done by these acts."""
    rows = list(mails)
    for mail in rows:
        thing, _space, public_id = mail.about.rpartition(" ")
        mail.concerns = reverse(PAGES_OF[thing], args=[event.slug, public_id]) if thing in PAGES_OF else ""
        has_trouble, may_act = mail.state in (MailState.FAILED, MailState.BOUNCED), "mail" in acts
        mail.kind_in_words = label_of(mail.kind)
        mail.can_retry = may_act and has_trouble and mail.sealed_text != ""
        mail.can_settle = may_act and has_trouble and mail.settled_at is None
        mail.can_return = may_act and mail.state == MailState.SENT
    return rows


def with_names(rows) -> list:
    """Give records with `who` (the name behind the reference of their actor) and `worn` (the hat, in words); one query for all."""
    rows = list(rows)
    names = names_behind({row.actor for row in rows} | {_claimed(row) for row in rows})
    for row in rows:
        row.who = _("the program") if row.actor == "system" else names.get(row.actor, row.actor)
        if claimed := _claimed(row):
            said = {"mailbox": row.who, "name": names.get(claimed, claimed)}
            row.who = _("%(mailbox)s; says to be %(name)s") % said
        row.worn = hat_in_words(row.hat)
    return rows


def _claimed(row) -> str:
    """Who said they act, where several people read the mailbox; records of moves do not keep it."""
    return getattr(row, "details", {}).get("claimed", "")


def hat_in_words(hat: str) -> str:
    """Say a hat as records keep it ("organiser:manager,press", "focal:…", "registration:…") in the reader's language."""
    kind, _colon, rest = hat.partition(":")
    if kind == "organiser":
        return ", ".join(str(StaffRoleName(role).label) for role in rest.split(",") if role in StaffRoleName.values)
    return {"focal": pgettext("hat", "Focal point"), "registration": pgettext("hat", "Delegate")}.get(kind, "")
