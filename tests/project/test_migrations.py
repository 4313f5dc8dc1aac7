"""Migrations say all of the models, and can be applied."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OURS = ("conference", "events", "delegates", "agenda")


@pytest.mark.django_db
def test_migrations_are_complete():
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)  # exits 1 when something is missing
    assert "No changes detected" in out.getvalue()


@pytest.mark.django_db
def test_migrations_are_applied_with_one_leaf_each():
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    assert executor.migration_plan(leaves) == []
    assert sorted(app for app, _name in leaves if app in OURS) == sorted(OURS)
