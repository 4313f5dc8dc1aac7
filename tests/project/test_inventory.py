"""The inventory of personal data: every column that holds text stands in it, as personal or as nobody's."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import models

from conference.lib.words import languages
from conference.privacy.inventory import BY_KIND, FILE_GROUPS, FIRST_TO_END, IMPORTS, NOT_PERSONAL, PERSONAL, SEALED, days_of
from delegates.choices import FileKind
from delegates.privacy import FIELD_GROUPS
from tests.factories import EventFactory

TEXT = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
    models.DateField,
    models.UUIDField,
)
WITHOUT_TERM = {"account", "acts", "programme", "team", BY_KIND, FIRST_TO_END, IMPORTS}


def text_columns(model) -> set[str]:
    """The columns of a model that may hold words of a person; moments, numbers and choices of yes or no hold none."""
    found = {field.name for field in model._meta.concrete_fields if isinstance(field, TEXT) and not isinstance(field, models.DateTimeField)}
    translated = {name: name.removesuffix(f"_{code}") for name in found for code in languages() if name.endswith(f"_{code}")}
    return {translated.get(name, name) for name in found}


def unknown(found) -> list[str]:
    """The columns of models that stand in no list."""
    return sorted(
        f"{model._meta.label}.{name}"
        for model in found
        for name in text_columns(model) - set(PERSONAL.get(model._meta.label, ())) - NOT_PERSONAL.get(model._meta.label, frozenset())
    )


def test_every_column_stands_in_the_inventory():
    assert unknown(apps.get_models(include_auto_created=True)) == []


def test_a_column_that_stands_nowhere_is_found():
    class Delegate(models.Model):
        given_name = models.TextField()
        shoe_size = models.TextField()

        class Meta:
            app_label = "delegates"
            apps = Apps()

        def __str__(self):
            return "delegate"

    assert unknown([Delegate]) == ["delegates.Delegate.shoe_size"]


def test_no_column_is_both_and_none_has_gone():
    models_of = {model._meta.label: text_columns(model) for model in apps.get_models(include_auto_created=True)}
    for label, columns in {**PERSONAL, **NOT_PERSONAL}.items():
        assert set(columns) <= models_of[label], label
        assert not set(PERSONAL.get(label, ())) & NOT_PERSONAL.get(label, frozenset()), label


def test_every_sealed_column_is_sealed_anew():
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.startswith("sealed")
    }
    assert found <= {(label, name) for label, names in SEALED.items() for name in names}


@pytest.mark.django_db
def test_every_group_has_a_term_and_every_field_of_a_form_a_place():
    days = days_of(EventFactory())
    groups = {group for columns in PERSONAL.values() for group in columns.values()} | set(FILE_GROUPS.values())
    assert groups - WITHOUT_TERM <= set(days)
    assert {group.name for group in FIELD_GROUPS} <= set(days)
    assert set(FILE_GROUPS) == set(FileKind)
