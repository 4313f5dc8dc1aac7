"""What a page shows of the sign-up for a session: seats, and where the viewer stands."""

import dataclasses
import datetime as dt
from collections.abc import Iterable

from conference.lib.viewer import Viewer
from sessions.choices import SignUpPhase
from sessions.exports.lines import Line, line_of
from sessions.models import SignUp, SignUpSheet, Slot, few_of
from sessions.rules import may_sign_up, sign_up_phase


@dataclasses.dataclass(frozen=True)
class Panel:
    """The sign-up for one session: its line of the agenda, its sheet, how many wait, and the viewer's own sign-up if any.

    `place` is the viewer's on the waiting list, from 1; counts name nobody.
    """

    line: Line
    sheet: SignUpSheet
    phase: SignUpPhase
    has_begun: bool
    waiting: int
    may_sign_up: bool
    mine: SignUp | None = None

    @property
    def place(self) -> int:
        """The viewer's place on the waiting list; 0 without one."""
        return self.mine.ahead + 1 if self.mine and not self.mine.is_seated else 0

    @property
    def is_full(self) -> bool:
        """Say whether whoever signs up now waits."""
        return self.sheet.free == 0 or self.waiting > 0


def panel_of(slot: Slot, viewer: Viewer, at: dt.datetime) -> Panel | None:
    """Give the sign-up for a slot read with `few_of`; None where there is none. One query, two for a participant."""
    sheet = getattr(slot.session, "sign_up_sheet", None)
    if sheet is None:
        return None
    mine = SignUp.objects.live().of(viewer).filter(session=slot.session_id).with_place().first() if viewer.registration_id else None
    return _panel(slot, sheet, viewer, at, waiting=SignUp.objects.waiting().filter(session=slot.session_id).count(), mine=mine)


def own_panels(event, viewer: Viewer, starred: Iterable[int], at: dt.datetime) -> list[Panel]:
    """Give the sign-ups of a participant, and those they starred and may still sign up for, in the order of the agenda. Four queries."""
    mine = {one.session_id: one for one in SignUp.objects.live().of(viewer).with_place()}
    slots = Slot.objects.visible_to(viewer).filter(session__in={*mine, *starred}, session__sign_up_sheet__isnull=False)
    read = few_of(event, slots)
    waiting = SignUp.objects.waiting_in([slot.session_id for slot in read])
    panels = [
        _panel(slot, slot.session.sign_up_sheet, viewer, at, waiting=waiting.get(slot.session_id, 0), mine=mine.get(slot.session_id))
        for slot in read
    ]
    return [panel for panel in panels if panel.mine or panel.phase == SignUpPhase.OPEN]


def _panel(slot: Slot, sheet: SignUpSheet, viewer: Viewer, at: dt.datetime, *, waiting: int, mine: SignUp | None) -> Panel:
    return Panel(
        line=line_of(slot),
        sheet=sheet,
        phase=sign_up_phase(sheet, slot.start_at, at),
        has_begun=slot.start_at <= at,
        waiting=waiting,
        may_sign_up=may_sign_up(viewer),
        mine=mine,
    )
