"""The organisers' pages of delegates."""

from django.contrib import admin
from django.urls import path

from delegates.admin.asking import asking, asking_preview, question, question_add, question_move, question_remove
from delegates.admin.changes import changes
from delegates.admin.circulars import (
    circular,
    circular_add,
    circular_drop,
    circular_recall,
    circular_review,
    circular_send,
    circulars,
)
from delegates.admin.deciding import clear, decide
from delegates.admin.delegation import delegation, delegation_desk, note_add, note_remove
from delegates.admin.delegations import delegation_add, delegations
from delegates.admin.duplicates import double_settle, doubles, duplicate, duplicates
from delegates.admin.exporting import export
from delegates.admin.files import personal_file
from delegates.admin.focal_points import focal_point, focal_point_add, focal_point_end, focal_point_resend, invite
from delegates.admin.importing import (
    import_choose,
    import_example,
    import_help,
    import_progress,
    import_remove,
    import_report,
    import_sheet,
    imports,
    one_import,
)
from delegates.admin.late import late, late_decide
from delegates.admin.letters import letter, letter_decide, letter_revoke
from delegates.admin.on_behalf import (
    delegation_answer,
    delegation_nominate,
    delegation_send,
    person_consent,
    person_enter,
    person_name,
    person_replace,
    person_withdraw,
)
from delegates.admin.people import people
from delegates.admin.person import (
    person,
    person_change,
    person_decide,
    person_late,
    person_mailbox,
    person_narrow,
    person_place,
    person_resend,
    person_reveal,
    person_security,
    person_weapon,
)
from delegates.admin.queue import queue, queue_decide, queue_keys, queue_one, queue_reveal, queue_security
from delegates.admin.quotas import delegation_quota_remove, delegation_quotas, quota_remove, quotas
from delegates.admin.reasons import ReasonAdmin, reason, reason_remove, reasons
from delegates.admin.reminders import delegation_remind, person_remind, reminders
from delegates.admin.requests import request_decide, requests
from delegates.admin.texts import mail_text
from delegates.admin.waiting import waiting
from delegates.models import ReasonTemplate

admin.site.register(ReasonTemplate, ReasonAdmin)
admin.site.add_event_pages(
    path("mails/circulars/", circulars, name="circulars"),
    path("mails/circulars/add/", circular_add, name="circular_add"),
    path("mails/circulars/<str:public_id>/", circular, name="circular"),
    path("mails/circulars/<str:public_id>/review/", circular_review, name="circular_review"),
    path("mails/circulars/<str:public_id>/send/", circular_send, name="circular_send"),
    path("mails/circulars/<str:public_id>/recall/", circular_recall, name="circular_recall"),
    path("mails/circulars/<str:public_id>/drop/", circular_drop, name="circular_drop"),
    path("mails/reminders/", reminders, name="reminders"),
    path("delegations/<str:public_id>/remind/", delegation_remind, name="delegation_remind"),
    path("people/<str:public_id>/remind/", person_remind, name="person_remind"),
    path("mails/texts/<str:kind>/<str:language>/", mail_text, name="mail_text"),
    path("delegations/", delegations, name="delegations"),
    path("delegations/add/", delegation_add, name="delegation_add"),
    path("delegations/invite/", invite, name="invite"),
    path("delegations/<str:public_id>/", delegation, name="delegation"),
    path("delegations/<str:public_id>/answer/", delegation_answer, name="delegation_answer"),
    path("delegations/<str:public_id>/nominate/", delegation_nominate, name="delegation_nominate"),
    path("delegations/<str:public_id>/send/", delegation_send, name="delegation_send"),
    path("delegations/<str:public_id>/desk/", delegation_desk, name="delegation_desk"),
    path("delegations/<str:public_id>/notes/add/", note_add, name="note_add"),
    path("notes/<str:public_id>/remove/", note_remove, name="note_remove"),
    path("delegations/<str:public_id>/focal-points/add/", focal_point_add, name="focal_point_add"),
    path("delegations/<str:public_id>/letter/", letter, name="letter"),
    path("letters/<str:public_id>/revoke/", letter_revoke, name="letter_revoke"),
    path("letters/<str:public_id>/decide/", letter_decide, name="letter_decide"),
    path("delegations/<str:public_id>/quotas/", delegation_quotas, name="delegation_quotas"),
    path("delegations/<str:public_id>/quotas/remove/", delegation_quota_remove, name="delegation_quota_remove"),
    path("queue/", queue, name="queue"),
    path("queue/clear/", clear, name="clear"),
    path("queue/changes/", changes, name="changes"),
    path("queue/doubles/", doubles, name="doubles"),
    path("queue/doubles/<str:public_id>/", double_settle, name="double_settle"),
    path("queue/duplicates/", duplicates, name="duplicates"),
    path("queue/duplicates/<str:public_id>/<str:other_id>/", duplicate, name="duplicate"),
    path("queue/late/", late, name="late"),
    path("queue/late/<str:public_id>/", late_decide, name="late_decide"),
    path("queue/reasons/", reasons, name="reasons"),
    path("queue/reasons/<str:public_id>/", reason, name="reason"),
    path("queue/reasons/<str:public_id>/remove/", reason_remove, name="reason_remove"),
    path("queue/of/<str:public_id>/", queue_one, name="queue_one"),
    path("queue/of/<str:public_id>/keys/", queue_keys, name="queue_keys"),
    path("queue/of/<str:public_id>/decide/", queue_decide, name="queue_decide"),
    path("queue/of/<str:public_id>/reveal/", queue_reveal, name="queue_reveal"),
    path("queue/of/<str:public_id>/security/", queue_security, name="queue_security"),
    path("quotas/", quotas, name="quotas"),
    path("quotas/remove/", quota_remove, name="quota_remove"),
    path("focal-points/<str:public_id>/", focal_point, name="focal_point"),
    path("focal-points/<str:public_id>/end/", focal_point_end, name="focal_point_end"),
    path("focal-points/<str:public_id>/resend/", focal_point_resend, name="focal_point_resend"),
    path("files/<str:public_id>/", personal_file, name="personal_file"),
    path("form/", asking, name="asking"),
    path("form/preview/", asking_preview, name="asking_preview"),
    path("form/questions/add/", question_add, name="question_add"),
    path("form/questions/<str:public_id>/", question, name="question"),
    path("form/questions/<str:public_id>/move/", question_move, name="question_move"),
    path("form/questions/<str:public_id>/remove/", question_remove, name="question_remove"),
    path("requests/", requests, name="requests"),
    path("requests/<str:public_id>/", request_decide, name="request_decide"),
    path("waiting/", waiting, name="waiting"),
    path("people/", people, name="people"),
    path("people/decide/", decide, name="decide"),
    path("people/<str:public_id>/", person, name="person"),
    path("people/<str:public_id>/decide/", person_decide, name="person_decide"),
    path("people/<str:public_id>/name/", person_name, name="person_name"),
    path("people/<str:public_id>/enter/", person_enter, name="person_enter"),
    path("people/<str:public_id>/consent/", person_consent, name="person_consent"),
    path("people/<str:public_id>/withdraw/", person_withdraw, name="person_withdraw"),
    path("people/<str:public_id>/replace/", person_replace, name="person_replace"),
    path("people/<str:public_id>/mailbox/", person_mailbox, name="person_mailbox"),
    path("people/<str:public_id>/narrow/", person_narrow, name="person_narrow"),
    path("people/<str:public_id>/place/", person_place, name="person_place"),
    path("people/<str:public_id>/security/", person_security, name="person_security"),
    path("people/<str:public_id>/weapon/", person_weapon, name="person_weapon"),
    path("people/<str:public_id>/change/", person_change, name="person_change"),
    path("people/<str:public_id>/late/", person_late, name="person_late"),
    path("people/<str:public_id>/reveal/", person_reveal, name="person_reveal"),
    path("people/<str:public_id>/resend/", person_resend, name="person_resend"),
    path("export/<slug:name>/", export, name="export"),
    path("imports/", imports, name="imports"),
    path("imports/help/", import_help, name="import_help"),
    path("imports/examples/<slug:kind>.<slug:ending>", import_example, name="import_example"),
    path("imports/<str:public_id>/", one_import, name="import"),
    path("imports/<str:public_id>/progress/", import_progress, name="import_progress"),
    path("imports/<str:public_id>/report.csv", import_report, name="import_report"),
    path("imports/<str:public_id>/sheet/", import_sheet, name="import_sheet"),
    path("imports/<str:public_id>/choose/", import_choose, name="import_choose"),
    path("imports/<str:public_id>/remove/", import_remove, name="import_remove"),
)
