"""The app's configuration, and the organisers' site in place of Django's."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConferenceConfig(AppConfig):
    """The app `conference`."""

    default = True
    name = "conference"
    default_auto_field = "django.db.models.BigAutoField"


class OrganisersSiteConfig(admin_apps.AdminConfig):
    """Django's admin with our own site: `admin.site` is the organisers' site everywhere."""

    default = False
    default_site = "conference.site.OrganisersSite"
