"""The organisers' pages that mix apps: an event's dashboard, its facts, and a new event."""

from django.contrib import admin
from django.urls import path

from conference.admin.dashboard import dashboard
from conference.admin.event import event, new_event

admin.site.add_event_pages(
    path("", dashboard, name="dashboard"),
    path("event/", event, name="event"),
)
admin.site.add_site_pages(path("new-event/", new_event, name="new_event"))
