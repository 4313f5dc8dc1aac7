"""The organisers' pages of delegates."""

from django.contrib import admin
from django.urls import path

from delegates.admin.deciding import decide
from delegates.admin.delegations import delegation, delegation_add, delegation_answer, delegation_nominate, delegations
from delegates.admin.focal_points import focal_point_add, focal_point_end, focal_point_resend, invite
from delegates.admin.importing import delegations_import, delegations_import_example
from delegates.admin.people import people, people_export
from delegates.admin.person import person, person_change, person_decide, person_narrow, person_resend, person_security

admin.site.add_event_pages(
    path("delegations/", delegations, name="delegations"),
    path("delegations/add/", delegation_add, name="delegation_add"),
    path("delegations/import/", delegations_import, name="delegations_import"),
    path("delegations/import/example.csv", delegations_import_example, name="delegations_import_example"),
    path("delegations/invite/", invite, name="invite"),
    path("delegations/<str:public_id>/", delegation, name="delegation"),
    path("delegations/<str:public_id>/answer/", delegation_answer, name="delegation_answer"),
    path("delegations/<str:public_id>/nominate/", delegation_nominate, name="delegation_nominate"),
    path("delegations/<str:public_id>/focal-points/add/", focal_point_add, name="focal_point_add"),
    path("focal-points/<str:public_id>/end/", focal_point_end, name="focal_point_end"),
    path("focal-points/<str:public_id>/resend/", focal_point_resend, name="focal_point_resend"),
    path("people/", people, name="people"),
    path("people/export.csv", people_export, name="people_export"),
    path("people/decide/", decide, name="decide"),
    path("people/<str:public_id>/", person, name="person"),
    path("people/<str:public_id>/decide/", person_decide, name="person_decide"),
    path("people/<str:public_id>/narrow/", person_narrow, name="person_narrow"),
    path("people/<str:public_id>/security/", person_security, name="person_security"),
    path("people/<str:public_id>/change/", person_change, name="person_change"),
    path("people/<str:public_id>/resend/", person_resend, name="person_resend"),
)
