"""Puts the birth date people gave in their form where lists keep it, on the delegate; what they gave themselves is the later word."""

import json

from django.conf import settings
from django.db import migrations

from conference.lib.sealing import Sealer


def to_delegate(apps, schema_editor):
    given = apps.get_model("delegates", "GivenGroup").objects.filter(group="identity")
    delegates = apps.get_model("delegates", "Delegate").objects
    for row in given.select_related("registration").order_by("given_at", "pk"):
        born = (row.values or {}).get("birth_date")
        if born and row.registration.delegate_id:
            delegates.filter(pk=row.registration.delegate_id).update(birth_date=born)
    given.delete()
    for change in apps.get_model("delegates", "PendingChange").objects.filter(field="identity"):
        change.field, change.value = "birth_date", change.value.get("birth_date", "")
        change.save(update_fields=["field", "value"])
    sealer = Sealer(settings.DATA_KEYS)
    for draft in apps.get_model("delegates", "RegistrationDraft").objects.filter(late_at__isnull=False):
        content = json.loads(sealer.open(draft.sealed))
        groups = (content.get("answers") or {}).get("groups", {})
        if "identity" in groups:
            content["answers"] |= groups.pop("identity")
            draft.sealed = sealer.seal(json.dumps(content))
            draft.save(update_fields=["sealed"])


def to_form(apps, schema_editor):
    given = apps.get_model("delegates", "GivenGroup").objects
    sent = apps.get_model("delegates", "Registration").objects.filter(submitted_at__isnull=False, delegate__birth_date__isnull=False)
    for row in sent.select_related("delegate"):
        values = {"birth_date": row.delegate.birth_date.isoformat()}
        given.create(event_id=row.event_id, registration_id=row.pk, group="identity", values=values, given_at=row.submitted_at)
    for change in apps.get_model("delegates", "PendingChange").objects.filter(field="birth_date"):
        change.field, change.value = "identity", {"birth_date": change.value}
        change.save(update_fields=["field", "value"])


class Migration(migrations.Migration):
    dependencies = [("delegates", "0016_mark_late_imports")]
    operations = [migrations.RunPython(to_delegate, to_form)]
