"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

import events.urls
from conference import views
from delegates.views.hats import choose_hat
from delegates.views.who_acts import shared_mailbox, who_acts
from sessions.api import open_urls
from sessions.views import private_calendar, private_schedule

event_pages = [path("<slug:slug>/", views.event, name="event"), *events.urls.urlpatterns]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("language/", views.choose_language, name="choose_language"),
    path("admin/at/<slug:slug>/", include((admin.site.event_pages, "organise"))),
    path("admin/", admin.site.urls),
    path("calendar/<str:secret>.ics", private_calendar, name="private_calendar"),
    path("calendar/<str:secret>.xml", private_schedule, {"form": "xml"}, name="private_schedule_xml"),
    path("calendar/<str:secret>.json", private_schedule, {"form": "json"}, name="private_schedule_json"),
    path("api/v1/", open_urls()),
    *i18n_patterns(
        path("events/", include("sessions.urls")),  # first: what most visitors open
        path("", views.home, name="home"),
        path("my/", views.my, name="my"),
        path("my/settings/", views.my_settings, name="my_settings"),
        path("my/data/", views.my_data, name="my_data"),
        path("my/data/download/", views.my_data_download, name="my_data_download"),
        path("my/hat/", choose_hat, name="choose_hat"),
        path("my/who/", who_acts, name="who_acts"),
        path("my/shared/", shared_mailbox, name="shared_mailbox"),
        path("accessibility/", views.information, {"page": "accessibility"}, name="accessibility"),
        path("privacy/", views.information, {"page": "privacy"}, name="privacy"),
        path("legal/", views.information, {"page": "legal"}, name="legal"),
        path("contact/", views.information, {"page": "contact"}, name="contact"),
        path("api/", views.api_description, name="api_description"),
        path("accounts/login/code/another/", views.another_code, name="another_code"),
        path("accounts/", include("allauth.urls")),
        path("", include("delegates.urls")),
        path("events/", include((event_pages, "events"))),
    ),
]

handler500 = "conference.views.server_error"
