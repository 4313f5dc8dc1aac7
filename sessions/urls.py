"""Addresses of the agenda, below the address of an event."""

from django.urls import path

from sessions import views

app_name = "sessions"
urlpatterns = [
    path("<slug:slug>/agenda/", views.agenda, name="agenda"),
    path("<slug:slug>/agenda.ics", views.calendar, name="calendar"),
    path("<slug:slug>/agenda/<str:public_id>/", views.session, name="session"),
    path("<slug:slug>/agenda/<str:public_id>.ics", views.session_calendar, name="session_calendar"),
    path("<slug:slug>/speakers/<str:public_id>/", views.speaker, name="speaker"),
    path("<slug:slug>/papers/<str:public_id>/", views.paper, name="paper"),
    path("<slug:slug>/my-calendar/", views.my_calendar, name="my_calendar"),
]
