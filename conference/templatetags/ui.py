"""The handful of tags templates may use."""

from django import template

register = template.Library()
