"""Addresses of focal points and delegates; below the language."""

from django.urls import include, path

from delegates.views import (
    delegations,
    files,
    form,
    invitations,
    letters,
    naming,
    photos,
    registrations,
    requests,
    seats,
    several,
    sharing,
    sheets,
)

app_name = "delegates"

delegation = [
    path("", delegations.delegation, name="delegation"),
    path("answer/", delegations.answer, name="answer"),
    path("nominate/", naming.nominate, name="nominate"),
    path("several/", several.several, name="several"),
    path("former/", several.former, name="former"),
    path("lists/", sheets.sheets, name="sheets"),
    path("lists/example.<slug:ending>", sheets.example, name="sheet_example"),
    path("lists/<str:import_id>/", sheets.sheet, name="sheet"),
    path("lists/<str:import_id>/progress/", sheets.progress, name="sheet_progress"),
    path("keep/", naming.keep_seat, name="keep_seat"),
    path("decline/", delegations.decline, name="decline"),
    path("credential/", delegations.credential, name="credential"),
    path("share/", sharing.share, name="share"),
    path("share/<str:focal_id>/", sharing.leave, name="leave"),
    path("send/", delegations.send, name="send"),
    path("files/<str:file_id>/", files.delegation_file, name="delegation_file"),
    path("registrations/<str:registration_id>/name/", naming.name_seat, name="name_seat"),
    path("registrations/<str:registration_id>/replace/", naming.replace, name="replace_person"),
    path("registrations/<str:registration_id>/accept/", seats.accept, name="accept"),
    path("registrations/<str:registration_id>/refuse/", seats.refuse, name="refuse_person"),
    path("registrations/<str:registration_id>/withdraw/", seats.withdraw, name="withdraw_person"),
    path("registrations/<str:registration_id>/undo/", seats.undo, name="undo_withdrawal"),
    path("registrations/<str:registration_id>/remind/", seats.remind, name="remind_person"),
    path("registrations/<str:registration_id>/head/", seats.head, name="name_head"),
    path("registrations/<str:registration_id>/order/", seats.order, name="order"),
    path("late/<str:request_id>/", naming.take_back_late, name="take_back_late"),
]
registration = [
    path("", registrations.registration, name="registration"),
    path("form/", form.register, name="register"),
    path("form/review/", form.form_review, name="register_review"),
    path("form/<slug:step>/", form.form_step, name="register_step"),
    path("details/", form.register, {"phase": form.SECOND}, name="details"),
    path("details/review/", form.form_review, {"phase": form.SECOND}, name="details_review"),
    path("details/<slug:step>/", form.form_step, {"phase": form.SECOND}, name="details_step"),
    path("withdraw/", registrations.withdraw, name="withdraw"),
    path("category/", registrations.category, name="category"),
    path("photo/", photos.photo, name="photo"),
    path("photo/cut/", photos.photo_cut, name="photo_cut"),
    path("photo/preview.jpg", photos.photo_preview, name="photo_preview"),
    path("files/<str:file_id>/", files.file, name="file"),
]
urlpatterns = [
    path("invitation/<str:secret>/", invitations.invitation, name="invitation"),
    path("code/", letters.letter_code, name="letter_code"),
    path("code/sent/", letters.letter_code_sent, name="letter_code_sent"),
    path("requests/<str:public_id>/", requests.place_request, name="place_request"),
    path("events/<slug:slug>/request/", requests.request_place, name="request_place"),
    path("events/<slug:slug>/request/sent/", requests.request_sent, name="request_sent"),
    path("events/<slug:slug>/delegations/<str:public_id>/", include(delegation)),
    path("events/<slug:slug>/registrations/<str:public_id>/", include(registration)),
]
