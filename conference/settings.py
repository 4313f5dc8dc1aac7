"""Settings, all from the environment; the table in the README lists each with its default."""

import pathlib

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from conference.lib.sealing import new_key

BASE_DIR = pathlib.Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # SECRET_KEY_FILE=/run/secrets/key works for every variable


def _demo_key(name: str) -> str:
    """Give the demonstration's own key file, made the first time."""
    path = DATA_DIR / name
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.write_text(new_key() + "\n", encoding="ascii")
    return str(path)


def _keys(path: str) -> list[str]:
    """Read a file of keys, one a line, the newest first."""
    if not path or not pathlib.Path(path).is_file():
        raise ImproperlyConfigured("Plenary does not start without DATA_KEYS_FILE: a file with one key a line")
    return pathlib.Path(path).read_text(encoding="ascii").split()


# Core
DEMO = env.bool("DEMO", default=False)  # the demonstration on this machine: plain http, keys and mail in DATA_DIR
DEBUG = False
DATA_DIR = pathlib.Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
SECRET_KEY = pathlib.Path(_demo_key("secret-key")).read_text() if DEMO else env.str("SECRET_KEY", default="")
DATA_KEYS = _keys(_demo_key("data-keys") if DEMO else env.str("DATA_KEYS_FILE", default=""))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEMO else [])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000" if DEMO else "").rstrip("/")
HTTPS = env.bool("HTTPS", default=not DEMO)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
INSTALLED_APPS = [
    "conference",
    "events",
    "delegates",
    "sessions",
    "conference.apps.OrganisersSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_countries",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "conference.middleware.headers",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "conference.middleware.kept_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "conference.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "conference.middleware.sign_in_ends",
    "conference.middleware.WhoActs",
    "conference.middleware.organisers_language",
    "conference.middleware.EventOfAddress",
]
ROOT_URLCONF = "conference.urls"
WSGI_APPLICATION = "conference.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "conference.context_processors.page",
            ],
            "builtins": ["conference.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "conference.lib.forms.Renderer"

# Cache: rate limits alone in the first (shared by all processes), rendered pages per process in the second
CACHES = {
    "default": env.cache_url("CACHE_URL", default="dbcache://cache") | {"KEY_PREFIX": "limits"},
    "pages": {
        "BACKEND": "conference.lib.memory.Memory",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},  # most are pages of sessions, of a few kilobytes
        "TIMEOUT": 3600,
    },
}
CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)

# Database
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'plenary.sqlite3'}")}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
if "sqlite" in _database["ENGINE"]:
    _database |= {"ENGINE": "conference.db.sqlite3", "CONN_MAX_AGE": None}
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
            "PRAGMA cache_size=-20000; PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=ON"
        ),
    }
    _database["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}  # a file: in memory, threads lock each other out
elif "postgresql" in _database["ENGINE"]:
    _database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
else:
    raise ImproperlyConfigured("DATABASE_URL must be sqlite:///… or postgres://…")
DATABASES["default"] = _database
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Mail: everything goes to the outbox; EMAIL_URL is the server the worker hands messages to
EMAIL_BACKEND = "events.outbox.OutboxBackend"
MAIL_SERVER = env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}" if DEMO else "consolemail://")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Plenary <plenary@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where reports of undelivered mail arrive: imaps://user:password@host/INBOX, maildir:///folder or mbox:///file; empty: nowhere
BOUNCE_MAILBOX = env.str("BOUNCE_MAILBOX", default="")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="plenary@example.org")  # shown on the contact page
OPERATOR = env.str("OPERATOR", default="")  # the body that runs this site, named in the legal and privacy notices

# Files
ERASURES_FILE = pathlib.Path(env.str("ERASURES_FILE", default=str(DATA_DIR / "erasures")))  # what was erased on request; outlives a restore
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = pathlib.Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "conference.lib.statics.StaticFiles"},
}
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=20 * 1024 * 1024)
FILE_UPLOAD_HANDLERS = ["conference.lib.uploads.InMemory"]  # never a file in the clear on the way
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("nl", _("Dutch")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "conference" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Accounts
AUTH_USER_MODEL = "conference.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "conference.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 1800
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 1800
ACCOUNT_LOGIN_TIMEOUT = 1800
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 1800
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # the adapter sends them nothing, and takes as long as for known ones
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {  # besides the library's own
    "request_place": "60/10m/ip,5/h/key",
    "letter_code": "20/10m/ip,120/10m/key",  # one key for everybody: 52 bits stay out of reach however many addresses try
}
ACCOUNT_FORMS = {
    "login": "conference.adapter.forms.Login",
    "request_login_code": "conference.adapter.forms.RequestLoginCode",
    "confirm_login_code": "conference.adapter.forms.ConfirmLoginCode",
    "confirm_email_verification_code": "conference.adapter.forms.ConfirmEmailCode",
    "confirm_password_reset_code": "conference.adapter.forms.ConfirmPasswordResetCode",
    "add_email": "conference.adapter.forms.AddEmail",
    "change_password": "conference.adapter.forms.ChangePassword",
    "set_password": "conference.adapter.forms.SetPassword",
    "reset_password": "conference.adapter.forms.ResetPassword",
    "reset_password_from_key": "conference.adapter.forms.ResetPasswordKey",
    "reauthenticate": "conference.adapter.forms.Reauthenticate",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_ADAPTER = "conference.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "conference.adapter.forms.Authenticate",
    "reauthenticate": "conference.adapter.forms.MFAReauthenticate",
    "activate_totp": "conference.adapter.forms.ActivateTOTP",
    "add_webauthn": "conference.adapter.forms.AddWebAuthn",
    "edit_webauthn": "conference.adapter.forms.EditWebAuthn",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_TOTP_ISSUER = "Plenary"
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=not DEMO)
SESSION_COOKIE_AGE = 8 * 3600
SIGN_IN_IDLE_SECONDS = 30 * 60  # without use for so long a sign-in ends
SIGN_IN_NOTED_SECONDS = 120  # its use is written down at most so often
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "conference.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What follows a registration that moved, in its transaction: the one sanctioned call upwards
AFTER_REGISTRATION_MOVED = ["sessions.actions.follow_registration"]

# Headers
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY = {
    name: [] for name in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
}

# Logs: one line an event, references and never names
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_secrets": {"()": "conference.lib.logs.WithoutSecrets"}},
    "formatters": {"json": {"()": "conference.lib.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["no_secrets"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

if not DEMO:
    _missing = [name for name, value in (("SECRET_KEY", SECRET_KEY), ("ALLOWED_HOSTS", ALLOWED_HOSTS), ("SITE_URL", SITE_URL)) if not value]
    if _missing:
        raise ImproperlyConfigured("Plenary does not start without " + ", ".join(_missing) + "; see the table of settings in the README")
    _unsafe = [name for name, bad in (("SECRET_KEY", len(SECRET_KEY) < 40), ("ALLOWED_HOSTS", "*" in ALLOWED_HOSTS)) if bad]
    if _unsafe:
        raise ImproperlyConfigured(
            "Plenary does not start with an unsafe " + ", ".join(_unsafe) + "; see the table of settings in the README"
        )
