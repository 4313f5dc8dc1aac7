"""When a session takes sign-ups, who may sign up, and what a person who left may take back."""

import datetime as dt

from django.utils.translation import gettext as _

from conference.lib.viewer import Viewer
from events.choices import Audience
from events.rules import NotAllowed
from sessions.choices import SignUpEnd, SignUpPhase

# Whoever left a session and signs up again this soon takes up their old place in the line.
TAKE_BACK = dt.timedelta(minutes=10)


class SignedUpElsewhere(NotAllowed):
    """The person is signed up for another session at the same time; `session` is that one."""

    def __init__(self, session):
        super().__init__(_("You are signed up for another session at the same time. Leave that one first."))
        self.session = session


def sign_up_phase(sheet, start_at: dt.datetime, at: dt.datetime) -> SignUpPhase:
    """Say whether a sheet takes sign-ups at a moment; never once its session, which starts at `start_at`, has begun."""
    if at >= start_at or (sheet.closes_at is not None and at >= sheet.closes_at):
        return SignUpPhase.CLOSED
    if sheet.opens_at is not None and at < sheet.opens_at:
        return SignUpPhase.COMING
    return SignUpPhase.OPEN


def check_signing_up(sheet, start_at: dt.datetime, at: dt.datetime) -> None:
    """Refuse a person's sign-up before the sheet opens, after it has closed and once the session has begun; raise `NotAllowed`."""
    phase = sign_up_phase(sheet, start_at, at)
    if phase == SignUpPhase.COMING:
        raise NotAllowed(_("Sign-up for this session is not open yet."))
    if phase == SignUpPhase.CLOSED:
        raise NotAllowed(_("Sign-up for this session is closed."))


def may_sign_up(viewer: Viewer) -> bool:
    """Say whether a viewer is an approved participant; which sessions they may sign up for is those they see in full."""
    return viewer.state == "approved" and Audience.PARTICIPANTS in viewer.audiences


def place_in_line(last, at: dt.datetime, *, by_organiser: bool = False) -> dt.datetime:
    """Give the moment that orders a new sign-up: that of the `last` one when it ended a moment ago, so that leaving can be undone.

    Who was taken out by an organiser comes back to the old place only by an organiser.
    """
    undone = {SignUpEnd.LEFT, SignUpEnd.REMOVED} if by_organiser else {SignUpEnd.LEFT}
    if last is not None and last.ending in undone and at - last.ended_at <= TAKE_BACK:
        return last.joined_at
    return at
