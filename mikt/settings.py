"""One settings file, read from the environment; with nothing set the portal runs embedded on SQLite under var/."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

env = environ.Env()


def own_key(variable: str, name: str) -> str:
    """Return the variable, or the key stored in a file under var/, made at the first start of an embedded portal."""
    if key := env.str(variable, default=""):
        return key
    path = VAR / name
    path.parent.mkdir(exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        key = get_random_secret_key()
        file.write(key)
    return key


# --- where it runs -----------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = own_key("SECRET_KEY", "secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier ones, still read
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")  # mails link to it
PORTAL_NAME = env.str("PORTAL_NAME", default="Scoreboard portal")  # at the head of pages and in mails
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")  # mailto: or https: address for reports of weaknesses
# What only the operator can say; the privacy notice and the accessibility statement print it, or that it is missing.
PRIVACY_CONTROLLER = env.str("PRIVACY_CONTROLLER", default="")  # who is responsible for the data, with the address
PRIVACY_CONTACT = env.str("PRIVACY_CONTACT", default="")  # e-mail address for questions about one's data
PRIVACY_BASIS = env.str("PRIVACY_BASIS", default="")  # the law or mandate by which it is processed
PRIVACY_HOSTING = env.str("PRIVACY_HOSTING", default="")  # where, and who processes it on the operator's behalf
PRIVACY_AUTHORITY = env.str("PRIVACY_AUTHORITY", default="")  # to whom one can complain
ACCESSIBILITY_CONTACT = env.str("ACCESSIBILITY_CONTACT", default="")  # e-mail address for reports of barriers
ACCESSIBILITY_REVIEW = env.str("ACCESSIBILITY_REVIEW", default="")  # when and by whom it was last reviewed
DATA_LICENCE = env.str("DATA_LICENCE", default="")  # under which what is published may be used; nothing: nobody said
DATA_LICENCE_URL = env.str("DATA_LICENCE_URL", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DEMO = env.bool("DEMO", default=False)  # allows `manage.py demo`, whose accounts share a published password

READ_ONLY = env.bool("READ_ONLY", default=False)  # during an update or a restore: pages open, nothing is saved

HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [
    r"^health/$",  # the container's health check speaks plain HTTP
    r"^(rehearsal/)?api/(?!v1/docs/)",  # for programs, which mikt.middleware.encrypted_middleware refuses
]
# For how long browsers refuse the portal without https: begin with minutes, since it cannot be taken back sooner.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_SUBDOMAINS", default=True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# A browser takes a cookie of such a name from this host and over https alone, never from a neighbour's subdomain.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
MESSAGE_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
MESSAGE_STORAGE = "mikt.messages.Storage"
# The number of proxies in front, each of which adds to X-Forwarded-For: limits count by the client's own address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if HTTPS else 0)
SESSION_COOKIE_AGE = 60 * 60 * 12
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}

# What no page uses, and so no page may: not even a script that got in.
unused = (
    "accelerometer browsing-topics camera display-capture geolocation gyroscope magnetometer microphone midi payment"
)
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in f"{unused} usb".split()}

# --- what it is made of ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "mikt",
    "scoreboard",
    "reporting",
    "mikt.admin_site.Administration",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",  # so that limits count by account, not by account and claimed host
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "corsheaders",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "i18nfield",
    "js_lib_bootstrap5",
    "rest_framework",
]

MIDDLEWARE = [
    "mikt.logs.LogMiddleware",  # around everything
    "django.middleware.security.SecurityMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "scoreboard.middleware.rehearsal_middleware",  # before anything reads the address
    "mikt.middleware.encrypted_middleware",  # before anything answers a program
    "corsheaders.middleware.CorsMiddleware",  # before anything answers
    "mikt.middleware.RequestLimitsMiddleware",  # before anything reads the body or a cookie
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mikt.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "mikt.middleware.ReadOnlyMiddleware",  # in the reader's language, and before anything is written
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every door is locked; a public page opens itself with @login_not_required.
    "scoreboard.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mikt.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "scoreboard.middleware.DomainErrorMiddleware",
]

ROOT_URLCONF = "mikt.urls"
WSGI_APPLICATION = "mikt.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mikt.context.portal",
            ],
        },
    },
]

# --- where data is stored ---------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'portal.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 600  # opening one takes longer than a stored page, on SQLite too
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # SQLite ignores select_for_update: take the write lock at the start
        "timeout": 20,
        # What a page calls saved must survive a power cut: synchronous=FULL.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A pooler that hands out connections by the transaction loses a cursor that outlives one.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DISABLE_SERVER_SIDE_CURSORS", default=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {  # rate limits; at 300 entries, Django's default, others' attempts would push out what is counted
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "template_fragments": {  # cards of answering pages (templates/scoreboard/area/area.html), about 8 kB each
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "template_fragments",
        "OPTIONS": {"MAX_ENTRIES": 2_000},
    },
    "rates": {  # how often each address asked the API, counted by each process: reading writes no database
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rates",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    "pages": {  # whole public pages, in the memory of each process, of some 50 kB each: see reporting.http
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 600},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR / "files"))  # private: no URL serves it
# With several machines: a bucket that all of them reach, in place of the folder. Its keys are those that Amazon's own
# programs read: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_ENDPOINT = env.str("S3_ENDPOINT", default="")  # of a store other than Amazon's
S3_REGION = env.str("S3_REGION", default="")
BACKUP_FOLDER = env.path("BACKUP_FOLDER", default=str(VAR / "backups"))  # where `manage.py backup` writes its archives
BACKUP_KEY = env.str("BACKUP_KEY", default="")  # file with the GnuPG public key that they are encrypted for
SPECIES_FILE = env.path("SPECIES_FILE", default=str(BASE_DIR / "fixtures" / "species.yaml"))  # names to choose from
CLAMD = env.str("CLAMD", default="")  # socket (or HOST:PORT) of the virus scanner that looks through each file
CLAMD_FAILS_OPEN = env.bool("CLAMD_FAILS_OPEN", default=False)  # accept files while it does not answer
# Another scanner: the dotted path of a function that takes the file and raises scoreboard.errors.Invalid.
EVIDENCE_SCANNER = env.str("EVIDENCE_SCANNER", default="scoreboard.evidence.clamav.scan" if CLAMD else "")
CHECK_LINKS = env.bool("CHECK_LINKS", default=False)  # whether the worker tries the links of resources
# Seals the activity log; after a comma, older ones that verify what they sealed.
ACTIVITY_KEY = own_key("ACTIVITY_KEY", "activity-key").split(",")
ACTIVITY_DAYS = env.int("ACTIVITY_DAYS", default=5 * 365)  # for which its entries are stored
EVIDENCE_QUOTA = env.int("EVIDENCE_QUOTA_MB", default=500) * 2**20  # bytes of all files of one submission
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # the longest area, every text at its limit and in any script
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the longest table of figures
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
bucket = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": S3_ENDPOINT or None,
    "region_name": S3_REGION or None,
}
STORAGES = {
    "default": {"BACKEND": "mikt.s3.Bucket", "OPTIONS": bucket}
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # For the health check, which somebody waits for.
    "health": {"BACKEND": "mikt.s3.Bucket", "OPTIONS": bucket | {"seconds": 1, "tries": 1}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- who comes in ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "scoreboard.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the address is unique whatever its case, by a constraint
AUTHENTICATION_BACKENDS = ["mikt.authentication.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "mikt.accounts.passwords.HardToGuess"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "mikt.accounts.adapter.Adapter"
SITE_ID = 1
ACCOUNT_FORMS = {
    "login": "mikt.accounts.forms.SignIn",
    "change_password": "mikt.accounts.forms.ChangePassword",
    "set_password": "mikt.accounts.forms.SetPassword",
    "reset_password": "mikt.accounts.forms.ForgottenPassword",
    "reset_password_from_key": "mikt.accounts.forms.NewPassword",
    "reauthenticate": "mikt.accounts.forms.SignInAgain",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proven by the link that sets the password
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 15  # before what matters, whoever signed in longer ago proves it again
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # whoever is locked out by others' attempts gets in by a mailed link
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    # By the client's address, too slow to lock more than a few accounts; by account, too slow to guess.
    "login_failed": "10/m/ip,40/h/ip,10/10m/key",
    "reset_password": "20/m/ip,5/h/key",
    "request_access": "10/h/ip",
    "subscribe": "10/h/ip",
    **env.json("ACCOUNT_RATE_LIMITS", default={}),
}
# Officers, analysts and administrators must have a second factor, from the day after the grace period.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)
SECOND_FACTOR_GRACE_DAYS = env.int("SECOND_FACTOR_GRACE_DAYS", default=14)
MFA_ADAPTER = "mikt.accounts.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half minutes: who types slowly, or has a phone whose clock differs (RFC 6238, 5.2)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the library's own list of addresses is not used (see people.addresses)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers let only localhost use passkeys without https
MFA_FORMS = {
    "authenticate": "mikt.accounts.forms.Code",
    "reauthenticate": "mikt.accounts.forms.CodeAgain",
    "activate_totp": "mikt.accounts.forms.FirstCode",
    "add_webauthn": "mikt.accounts.forms.NewPasskey",
    "edit_webauthn": "mikt.accounts.forms.RenamePasskey",
}
PASSWORD_RESET_TIMEOUT = 60 * 60 * 3  # an invitation has a link of its own, which waits longer

# --- languages and time ------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    (code, name)
    for code, name in [
        ("en", _("English")),
        ("fr", _("French")),
        ("ar", _("Arabic")),
        ("el", _("Greek")),
    ]
    if code in env.list("LANGUAGES", default=["en"])
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "mikt.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# --- mail and logs -----------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR / 'mail'}"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{PORTAL_NAME} <portal@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds for each step of talking to the mail server

ACCESS_LOG = env.bool("ACCESS_LOG", default=HTTPS)  # a line a request, without addresses and names
LOG_FORMAT = env.str("LOG_FORMAT", default="text")  # or json: a line each, for programs
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "mikt.logs.OfRequest"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} [{request_id}]: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{request_id}{message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "mikt.logs.Console", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"portal.access": {"level": "INFO"}},
}

# --- forms and API -----------------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "mikt.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["mikt.api.throttling.OfAddress", "mikt.api.throttling.OfToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],  # scoping is in the querysets
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["scoreboard.api.parsers.StorableJSON"],
    "DEFAULT_METADATA_CLASS": "mikt.api.manners.Description",
    "DEFAULT_PAGINATION_CLASS": "mikt.api.manners.Pages",
    "PAGE_SIZE": 100,
    "DEFAULT_FILTER_BACKENDS": ["mikt.api.manners.KnownFilters"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "mikt.api.refusals.refusal",
}
# How many requests a visitor's address, and a token, may make to the API; None: as many as they like.
API_RATES = {
    "address": env.str("API_RATE_OF_ADDRESS", default="120/min"),
    "token": env.str("API_RATE_OF_TOKEN", default="300/min"),
}
# Scripts on any site read what everybody reads, without cookies and without tokens; people's own part is left out.
CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/api/v1/(?!submissions/)"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "accept-language"]
CORS_EXPOSE_HEADERS = ["Retry-After"]
SPECTACULAR_SETTINGS = {
    "TITLE": f"{PORTAL_NAME} API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "scoreboard.api.schema.whole_schema",
    ],
    "COMPONENT_SPLIT_REQUEST": True,  # what is sent has members that can be left out, what is answered has none
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AnswerKind": "scoreboard.models.Answer.Kind",
        "ProductKind": "reporting.models.Product.Kind",
        "SubmissionState": "scoreboard.models.State",
        "AssessmentStatus": "reporting.models.Assessment.Status",
        "Audience": "reporting.models.Assessment.Audience",
        "Basis": "scoreboard.models.Cycle.Basis",
        "Side": "scoreboard.models.Side",
        "PlanKind": "scoreboard.models.ActionPlan.Kind",
        "PlanStatus": "scoreboard.models.ActionPlan.Status",
        "PlanActionStatus": "scoreboard.models.PlanAction.Status",
    },
}
