"""The organisers' pages of sessions."""

from django.contrib import admin
from django.urls import path

from sessions.admin.board import board, board_act, board_session
from sessions.admin.chair import chair, turn_screen, turn_state
from sessions.admin.changes import changes
from sessions.admin.exporting import agenda_export
from sessions.admin.importing import (
    agenda_import,
    agenda_import_progress,
    agenda_import_remove,
    agenda_import_report,
    agenda_import_take,
    agenda_imports,
    agenda_imports_example,
)
from sessions.admin.joining import joining
from sessions.admin.papers import paper, paper_file, paper_remove, papers
from sessions.admin.placing import place, placing, unplace
from sessions.admin.release import release
from sessions.admin.returns import agenda_return
from sessions.admin.screens import screens
from sessions.admin.sessions import session, session_add, session_people, sessions
from sessions.admin.sight import sight
from sessions.admin.signups import session_sign_ups, sign_up_person, sign_ups
from sessions.admin.speakers import speaker, speaker_add, speakers
from sessions.admin.tour import tour, tour_add, tour_build
from sessions.admin.tracks import track, track_remove, tracks

admin.site.add_event_pages(
    path("sessions/", sessions, name="sessions"),
    path("sessions/add/", session_add, name="session_add"),
    path("sessions/<str:public_id>/", session, name="session"),
    path("sessions/<str:public_id>/people/", session_people, name="session_people"),
    path("sessions/<str:public_id>/sign-up/", session_sign_ups, name="session_sign_ups"),
    path("sessions/<str:public_id>/sign-up/person/", sign_up_person, name="sign_up_person"),
    path("sessions/<str:public_id>/joining/", joining, name="joining"),
    path("sessions/<str:public_id>/turns/", tour, name="tour"),
    path("sessions/<str:public_id>/turns/build/", tour_build, name="tour_build"),
    path("sessions/<str:public_id>/turns/add/", tour_add, name="tour_add"),
    path("sessions/<str:public_id>/chair/", chair, name="chair"),
    path("sessions/<str:public_id>/screen/", turn_screen, name="turn_screen"),
    path("sessions/<str:public_id>/clock/", turn_state, name="turn_state"),
    path("speakers/", speakers, name="speakers"),
    path("speakers/add/", speaker_add, name="speaker_add"),
    path("speakers/<str:public_id>/", speaker, name="speaker"),
    path("screens/", screens, name="screens"),
    path("sign-ups/", sign_ups, name="sign_ups"),
    path("tracks/", tracks, name="tracks"),
    path("tracks/<str:public_id>/", track, name="track"),
    path("tracks/<str:public_id>/remove/", track_remove, name="track_remove"),
    path("agenda-imports/", agenda_imports, name="agenda_imports"),
    path("agenda-imports/example.<slug:ending>", agenda_imports_example, name="agenda_imports_example"),
    path("agenda-imports/<str:public_id>/", agenda_import, name="agenda_import"),
    path("agenda-imports/<str:public_id>/progress/", agenda_import_progress, name="agenda_import_progress"),
    path("agenda-imports/<str:public_id>/report.csv", agenda_import_report, name="agenda_import_report"),
    path("agenda-imports/<str:public_id>/take/", agenda_import_take, name="agenda_import_take"),
    path("agenda-imports/<str:public_id>/remove/", agenda_import_remove, name="agenda_import_remove"),
    path("board/", board, name="board"),
    path("board/act/", board_act, name="board_act"),
    path("board/<str:public_id>/", board_session, name="board_session"),
    path("placing/", placing, name="placing"),
    path("placing/<str:public_id>/", place, name="place"),
    path("placing/<str:public_id>/out/", unplace, name="unplace"),
    path("release/", release, name="release"),
    path("release/back/<int:number>/", agenda_return, name="agenda_return"),
    path("release/changes/", changes, name="agenda_changes"),
    path("papers/", papers, name="papers"),
    path("papers/<str:public_id>/", paper, name="paper"),
    path("papers/<str:public_id>/remove/", paper_remove, name="paper_remove"),
    path("papers/<str:public_id>/file/", paper_file, name="paper_file"),
    path("agenda/export/<slug:name>/", agenda_export, name="agenda_export"),
    path("sight/", sight, name="sight"),
)
