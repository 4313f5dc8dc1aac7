"""Addresses of focal points and delegates; below the language."""

from django.urls import include, path

from delegates.views import delegations, invitations, registrations

app_name = "delegates"

delegation = [
    path("", delegations.delegation, name="delegation"),
    path("answer/", delegations.answer, name="answer"),
    path("nominate/", delegations.nominate, name="nominate"),
    path("keep/", delegations.keep_seat, name="keep_seat"),
    path("send/", delegations.send, name="send"),
    path("registrations/<str:registration_id>/name/", delegations.name_seat, name="name_seat"),
    path("registrations/<str:registration_id>/accept/", delegations.accept, name="accept"),
    path("registrations/<str:registration_id>/withdraw/", delegations.withdraw, name="withdraw_person"),
]
registration = [
    path("", registrations.registration, name="registration"),
    path("form/", registrations.register, name="register"),
    path("withdraw/", registrations.withdraw, name="withdraw"),
]
urlpatterns = [
    path("invitation/<str:secret>/", invitations.invitation, name="invitation"),
    path("events/<slug:slug>/delegations/<str:public_id>/", include(delegation)),
    path("events/<slug:slug>/registrations/<str:public_id>/", include(registration)),
]
