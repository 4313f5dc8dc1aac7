"""The organisers' pages that mix apps: an event's dashboard, its facts, and a new event."""

from django.contrib import admin
from django.urls import path

from conference.admin.acts import event_act
from conference.admin.dashboard import dashboard
from conference.admin.event import event, new_event
from conference.admin.mail import site_mail
from conference.admin.privacy import erasure_decide, privacy, processing_record

admin.site.add_event_pages(
    path("", dashboard, name="dashboard"),
    path("event/", event, name="event"),
    path("event/<slug:act>/", event_act, name="event_act"),
    path("privacy/", privacy, name="privacy"),
    path("privacy/record.csv", processing_record, name="processing_record"),
    path("privacy/<str:public_id>/decide/", erasure_decide, name="erasure_decide"),
)
admin.site.add_site_pages(path("mail/", admin.site.admin_view(site_mail), name="site_mail"))
admin.site.add_site_pages(path("new-event/", new_event, name="new_event"))
