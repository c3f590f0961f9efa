"""Every setting, read from the environment, top to bottom.

docs/operations.md documents each; a test compares the two.
"""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from regency_map.env import (
    env,
    env_address,
    env_bool,
    env_choice,
    env_database_url,
    env_int,
    env_list,
    env_mail,
)
from regency_map.native import gdal_library, geos_library

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / env("VAR_DIR", "var")

# --- the regency -----------------------------------------------------------

REGENCY_CODE = env("REGENCY_CODE", "16.07")
BOUNDARY_MIRROR = env("BOUNDARY_MIRROR", "")
DATA_DIR = BASE_DIR / "data"
AREA_SRID = 4326  # storage: lon, lat in degrees

# --- safety ----------------------------------------------------------------

SECRET_KEY = env("SECRET_KEY")
DEBUG = env_bool("DEBUG", default=False)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
HTTPS = env_bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "geo.accounts.views.signing_in.form_is_stale"
# A browser takes __Host- only over HTTPS, for this host alone and from nobody else.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day, in seconds
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- signing in ------------------------------------------------------------

AUTH_USER_MODEL = "geo.User"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "regency_map.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds that the link of a forgotten password holds
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Tries are counted by name and address together: nobody can lock out somebody else.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password"]
AXES_CLIENT_IP_CALLABLE = "regency_map.proxies.client_address"
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # the sign-in page says itself that it waits
# How many proxies of our own stand in front and write X-Forwarded-For.
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", default=1 if HTTPS else 0)
MFA_ADAPTER = "regency_map.second_factor.SecretsAdapter"
# A telephone half a minute off, or a code typed late: RFC 6238 5.2 advises one step.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- parts -----------------------------------------------------------------

INSTALLED_APPS = [
    "regency_map.admin.GuardedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "csp",
    "axes",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "pghistory",
    "django_q",
    "leaflet",
    "ninja",
    "geo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "regency_map.compression.CompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "geo.accounts.middleware.PrivatePagesMiddleware",
    "geo.pages.middleware.InlineHashMiddleware",
    "geo.pages.middleware.ErrorPageMiddleware",
    # Nearest to the views: what those above answer with errors has no transaction any more.
    "geo.indicators.middleware.OneStateMiddleware",
]
ROOT_URLCONF = "regency_map.urls"
WSGI_APPLICATION = "regency_map.wsgi.application"
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
                "geo.pages.context.regency",
                "geo.accounts.context.person",
            ],
            "builtins": ["geo.templatetags.geo"],
        },
    }
]

# --- database and jobs -----------------------------------------------------

GDAL_LIBRARY_PATH = gdal_library()
GEOS_LIBRARY_PATH = geos_library()
DATABASES = {
    "default": dj_database_url.parse(
        env_database_url("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
    )
}
# A page rather waits for a busy database than fail; /health is less patient. A
# ?connect_timeout=… in DATABASE_URL says otherwise.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 10)
# PostgreSQL would compile the longer questions of a page: 65 ms for an answer that takes 5.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # The worker's sign of life, seen by the web process and by `cek`: files, for
    # memory is not shared between processes.
    "worker": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "worker",
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# History is written by triggers, beyond the reach of a forgotten save(), and only grows.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
Q_CLUSTER = {
    "name": "peta",
    "orm": "default",
    "cache": "worker",
    "workers": env_int("JOB_WORKERS", default=1),
    "timeout": 600,
    "retry": 660,
    "max_attempts": 3,
    "ack_failures": False,
    "catch_up": False,
    "poll": 1,  # seconds that an upload waits at most before a worker sees it
}

# --- mail ------------------------------------------------------------------

locals().update(env_mail("EMAIL_URL"))
SENDS_MAIL = bool(env("EMAIL_URL", ""))
# What a mail leads to must not come from a request, which anybody can write.
SITE_ADDRESS = env_address("SITE_ADDRESS", is_needed=SENDS_MAIL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", "peta@localhost")

# --- questions -------------------------------------------------------------

# For how many days the name and address of who asked an office are kept.
INQUIRY_RETENTION_DAYS = env_int("INQUIRY_RETENTION_DAYS", default=180)

# --- languages -------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "regency_map.formats"
USE_THOUSAND_SEPARATOR = False  # numbers for people go through the filter ``number``
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

# --- files -----------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
# Leaflet 1.9.4 from npm stands before the 1.9.3 that django-leaflet brings.
STATICFILES_DIRS = [
    ("leaflet", BASE_DIR / "node_modules" / "leaflet" / "dist"),
    ("topojson", BASE_DIR / "node_modules" / "topojson-client" / "src"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "regency_map.static.HashedStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"  # never served; files of submissions, named by us
# The cells of a table that is mended on a page: 400 rows of 50.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
UPLOAD_LARGEST_MB = env_int("UPLOAD_LARGEST_MB", default=25)
FILE_UPLOAD_HANDLERS = [
    "regency_map.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
LEAFLET_CONFIG = {
    "TILES": [],
    "ATTRIBUTION_PREFIX": "",
    "RESET_VIEW": False,
    "SCALE": None,
    "MINIMAP": False,
    "NO_GLOBALS": True,
    "DEFAULT_CENTER": (-2.5, 104.75),
    "DEFAULT_ZOOM": 9,
}
NINJA_PAGINATION_MAX_LIMIT = 1000

LOG_LEVEL = env_choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # It tells every birth and death of its processes.
    "loggers": {"django-q": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
