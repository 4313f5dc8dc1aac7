"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from conference import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("my/", views.my, name="my"),
        path("accounts/", include("allauth.urls")),
    ),
]
