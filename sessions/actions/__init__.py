"""Acts on the agenda."""

from sessions.actions.agenda import (
    TEXT_FIELDS,
    change_session,
    create_session,
    edit_session,
    mark_session,
    marking_values,
    session_values,
)
from sessions.actions.board import Step, put_session, swap_sessions, take_back, take_out_session
from sessions.actions.clock import steer_clock
from sessions.actions.feeds import end_calendar_feeds, make_calendar_feed, revoke_calendar_feed
from sessions.actions.importing import Became, Imported, IncomingPerson, IncomingSession, Taken, import_sessions
from sessions.actions.joining import joining_values, set_joining
from sessions.actions.papers import add_paper, change_paper, paper_values, remove_paper
from sessions.actions.people import change_speaker, edit_people, make_speaker, people_values, set_contributions, speaker_values
from sessions.actions.releases import (
    AgendaConflicts,
    move_slots_to_zone,
    place_session,
    place_values,
    release_agenda,
    shift_agenda,
    unplace_session,
)
from sessions.actions.returns import changes_of_return, draft_values, return_to_release
from sessions.actions.signups import (
    SeatsOutOfStep,
    follow_registration,
    forget_sign_ups,
    free_lost_seats,
    keep_sheet,
    leave,
    remove_sheet,
    sheet_values,
    sign_up,
    tidy_sign_ups,
)
from sessions.actions.stars import star_session, unstar_session
from sessions.actions.tours import add_intervention, build_interventions, delegations_called, edit_interventions, tour_values
from sessions.actions.tracks import change_track, make_track, remove_track, track_values

__all__ = [
    "TEXT_FIELDS",
    "AgendaConflicts",
    "Became",
    "Imported",
    "IncomingPerson",
    "IncomingSession",
    "SeatsOutOfStep",
    "Step",
    "Taken",
    "add_intervention",
    "add_paper",
    "build_interventions",
    "change_paper",
    "change_session",
    "change_speaker",
    "change_track",
    "changes_of_return",
    "create_session",
    "delegations_called",
    "draft_values",
    "edit_interventions",
    "edit_people",
    "edit_session",
    "end_calendar_feeds",
    "follow_registration",
    "forget_sign_ups",
    "free_lost_seats",
    "import_sessions",
    "joining_values",
    "keep_sheet",
    "leave",
    "make_calendar_feed",
    "make_speaker",
    "make_track",
    "mark_session",
    "marking_values",
    "move_slots_to_zone",
    "paper_values",
    "people_values",
    "place_session",
    "place_values",
    "put_session",
    "release_agenda",
    "remove_paper",
    "remove_sheet",
    "remove_track",
    "return_to_release",
    "revoke_calendar_feed",
    "session_values",
    "set_contributions",
    "set_joining",
    "sheet_values",
    "shift_agenda",
    "sign_up",
    "speaker_values",
    "star_session",
    "steer_clock",
    "swap_sessions",
    "take_back",
    "take_out_session",
    "tidy_sign_ups",
    "tour_values",
    "track_values",
    "unplace_session",
    "unstar_session",
]
