"""Addresses of the agenda, below the address of an event."""

from django.contrib import admin
from django.urls import path

from sessions import views

app_name = "sessions"
# Of the organisers' site, and made of the readers' own page, which their pages may not import.
admin.site.add_event_pages(path("release/preview/", views.preview, name="agenda_preview"))
urlpatterns = [
    path("<slug:slug>/agenda/", views.agenda, name="agenda"),
    path("<slug:slug>/programme.pdf", views.programme, {"form": "days"}, name="programme"),
    path("<slug:slug>/booklet.pdf", views.programme, {"form": "booklet"}, name="booklet"),
    path("<slug:slug>/booklet-sheets.pdf", views.programme, {"form": "sheets"}, name="booklet_sheets"),
    path("<slug:slug>/agenda.ics", views.calendar, name="calendar"),
    path("<slug:slug>/schedule.xml", views.schedule_xml, name="schedule_xml"),
    path("<slug:slug>/schedule.json", views.schedule_json, name="schedule_json"),
    path("<slug:slug>/event.jsonld", views.structured, name="structured"),
    path("<slug:slug>/versions.atom", views.version_feed, name="version_feed"),
    path("<slug:slug>/tracks/<str:public_id>.ics", views.track_calendar, name="track_calendar"),
    path("<slug:slug>/agenda/versions/", views.versions, name="versions"),
    path("<slug:slug>/agenda/<str:public_id>/", views.session, name="session"),
    path("<slug:slug>/agenda/<str:public_id>/chair/", views.chair, name="chair"),
    path("<slug:slug>/agenda/<str:public_id>/screen/", views.turn_screen, name="turn_screen"),
    path("<slug:slug>/agenda/<str:public_id>/clock/", views.turn_state, name="turn_state"),
    path("<slug:slug>/agenda/<str:public_id>/star/", views.star, name="star"),
    path("<slug:slug>/agenda/<str:public_id>/sign-up/", views.sign_up, name="sign_up"),
    path("<slug:slug>/agenda/<str:public_id>.ics", views.session_calendar, name="session_calendar"),
    path("<slug:slug>/rooms/<str:public_id>/screen/", views.door, name="door"),
    path("<slug:slug>/speakers/", views.speakers, name="speakers"),
    path("<slug:slug>/speakers/<str:public_id>/", views.speaker, name="speaker"),
    path("<slug:slug>/papers/<str:public_id>/", views.paper, name="paper"),
    path("<slug:slug>/delegation/<str:public_id>/sign-ups/", views.delegation_sign_ups, name="delegation_sign_ups"),
    path("<slug:slug>/my-calendar/", views.my_calendar, name="my_calendar"),
]
