"""The organisers' pages of the ground floor."""

from django.contrib import admin
from django.urls import path

from events.admin.audit import audit
from events.admin.mails import mail_drop, mail_release, mail_retry, mail_returned, mail_settle, mail_stop, mails
from events.admin.model_lists import OrganisationAdmin, SeriesAdmin
from events.admin.places import place_delete, place_move, places, room, room_add, venue, venue_add
from events.admin.press import press, press_add, press_correct, press_publish, press_release
from events.admin.staff import staff, staff_duty, staff_end
from events.admin.state import event_state
from events.admin.texts import mail_texts
from events.models import Organisation, Series

admin.site.register(Series, SeriesAdmin)
admin.site.register(Organisation, OrganisationAdmin)
admin.site.add_event_pages(
    path("event/state/", event_state, name="event_state"),
    path("places/", places, name="places"),
    path("places/venues/add/", venue_add, name="venue_add"),
    path("places/venues/<str:public_id>/", venue, name="venue"),
    path("places/venues/<str:public_id>/rooms/add/", room_add, name="room_add"),
    path("places/rooms/<str:public_id>/", room, name="room"),
    path("places/<str:kind>/<str:public_id>/move/", place_move, name="place_move"),
    path("places/<str:kind>/<str:public_id>/delete/", place_delete, name="place_delete"),
    path("staff/", staff, name="staff"),
    path("staff/<str:public_id>/end/", staff_end, name="staff_end"),
    path("staff/<str:public_id>/duty/", staff_duty, name="staff_duty"),
    path("mails/", mails, name="mails"),
    path("mails/texts/", mail_texts, name="mail_texts"),
    path("mails/stop/", mail_stop, name="mail_stop"),
    path("mails/release/", mail_release, name="mail_release"),
    path("mails/waiting/<str:kind>/drop/", mail_drop, name="mail_drop"),
    path("mails/<str:public_id>/returned/", mail_returned, name="mail_returned"),
    path("mails/<str:public_id>/settle/", mail_settle, name="mail_settle"),
    path("mails/<str:public_id>/retry/", mail_retry, name="mail_retry"),
    path("press/", press, name="press"),
    path("press/add/", press_add, name="press_add"),
    path("press/<str:public_id>/", press_release, name="press_release"),
    path("press/<str:public_id>/publish/", press_publish, name="press_publish"),
    path("press/<str:public_id>/correct/", press_correct, name="press_correct"),
    path("audit/", audit, name="audit"),
)
