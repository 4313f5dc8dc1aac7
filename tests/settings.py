"""The project's settings as tests use them: keys of the day, plain http, no static manifest."""

import os
import pathlib
import tempfile

from conference.lib.sealing import new_key

_folder = pathlib.Path(tempfile.mkdtemp(prefix="plenary-tests-"))
(_folder / "data-keys").write_text(new_key())
os.environ |= {
    "DEMO": "false",
    "HTTPS": "false",
    "DATA_DIR": str(_folder),
    "SECRET_KEY": "a key for tests only, and long enough to be accepted",
    "DATA_KEYS_FILE": str(_folder / "data-keys"),
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://testserver",
    "STAFF_MFA_REQUIRED": "false",
}
if database := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = database
else:
    os.environ.pop("DATABASE_URL", None)

from conference.settings import *  # noqa: E402, F403 -- the environment above comes first
from conference.settings import STORAGES  # noqa: E402

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
