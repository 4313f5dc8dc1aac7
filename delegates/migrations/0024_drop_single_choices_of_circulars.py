"""Drop the columns that held one value each; `asked` holds them (decision 0056 says why in the same release)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("delegates", "0023_copy_what_circulars_ask")]

    operations = [migrations.RemoveField("circular", name) for name in ("delegation", "answer", "standing", "state", "category")]
