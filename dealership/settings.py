"""Settings of the product. Everything that differs between machines comes from the environment.

DJANGO_ENV is `development` (default: for trying on one's own machine) or `production`. Production has no default for
anything secret or public: a missing value stops the start with a sentence naming it.
"""

import os
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from dealership import logs
from dealership.embedded import addresses

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# What running leaves behind.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
DJANGO_ENV = env.str("DJANGO_ENV", default="development")
if DJANGO_ENV not in {"development", "production"}:
    raise environ.ImproperlyConfigured(f"DJANGO_ENV is {DJANGO_ENV!r}; it must be development or production.")
PRODUCTION = DJANGO_ENV == "production"


def required_in_production(name: str, development: str) -> str:
    """Value of an environment variable that production must set; development falls back to the given value."""
    # Not through `env`, which takes a value that begins with `$` for the name of another variable.
    value = os.environ.get(name) or ("" if PRODUCTION else development)
    if not value:
        raise environ.ImproperlyConfigured(f"{name} must be set when DJANGO_ENV=production.")
    return value


# --- Who may ask, and over what -----------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
# Outside production the product answers to this machine only, so a key known to everyone guards nothing of worth.
SECRET_KEY = required_in_production(
    "SECRET_KEY", "development-only-key-never-used-when-DJANGO_ENV-is-production-0123456789"
)
ALLOWED_HOSTS = required_in_production("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Links in messages to customers start with this.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # Probes speak plain HTTP inside the machine.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if env.bool("BEHIND_TLS_PROXY", default=False):
        # Only with a proxy that always sets this header: anyone else could claim to have come over TLS.
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Nothing inline anywhere: no nonce is ever needed. `data:` and `blob:` are Bootstrap's icons and photo previews.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}

# --- What the product is made of ----------------------------------------------------------------------------------

# Kept by hand, lowest layer first: the order of docs/architecture.md.
PRODUCT_APPS = [
    "core",
    "journal",
    "stores",
    "customers",
    "catalogue",
    "standards",
    "messaging",
    "visits",
    "orders",
    "symptoms",
    "appointments",
    "rescue",
    "reception",
    "repairs",
    "inspections",
    "handover",
    "checkout",
    "guarantees",
    "complaints",
    "surveys",
    "followups",
    "commitments",
    "outreach",
    "reports",
    "desk",
    "portal",
    "api",
    "dealership",
]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    # The page of the API's description, served from here.
    "drf_spectacular_sidecar",
    *PRODUCT_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stores.access.StaffMiddleware",
    # A refusal of the domain that a view does not handle itself: its sentence and status instead of a 500.
    "core.web.RefusalMiddleware",
]

ROOT_URLCONF = "dealership.urls"
WSGI_APPLICATION = "dealership.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "desk.navigation.menu",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTH_USER_MODEL = "stores.User"
AUTHENTICATION_BACKENDS = ["stores.access.StaffBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Where things are kept ----------------------------------------------------------------------------------------

_embedded = addresses.read(VAR_DIR)
DATABASES = {
    "default": {
        **env.db_url_config(required_in_production("DATABASE_URL", _embedded.database)),
        # Granian's threads keep their connection; 0 is right behind pgbouncer.
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("DISABLE_SERVER_SIDE_CURSORS", default=False),
    }
}
REDIS_URL = required_in_production("REDIS_URL", _embedded.redis)
# In production a server of its own: the broker must never evict, a cache should.
CACHE_URL = env.str("CACHE_URL", default=addresses.with_redis_db(REDIS_URL, 1))
CACHES = {
    "default": {
        "BACKEND": "core.caching.SharedCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "aftersale",
    },
    # Pieces of pages whose key names everything they are made of: each process keeps its own, nobody has to throw one away.
    "pieces": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pieces",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Outside production files are served from where they lie, so nothing has to be collected first.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles") if PRODUCTION else None)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# A photo from a phone has 5 to 15 MB; forms with several of them stay below this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Interface for the DMS ----------------------------------------------------------------------------------------

# Endpoints are made of `api.endpoints`, which says the rest: keys, rights, limits, refusals.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "COERCE_DECIMAL_TO_STRING": True,
}
# Requests of one key in one minute.
API_PER_MINUTE = {
    "read": env.int("API_READS_PER_MINUTE", default=600),
    "write": env.int("API_WRITES_PER_MINUTE", default=120),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "After-sales service of a dealership",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (
        "What a dealer management system reads and writes: customers, cars, appointments, visits, complaints, survey "
        "results and commitments of the stores that its key is bound to.\n\n"
        "Every write needs an `Idempotency-Key` and is carried out once for it. Lists are read page by page with `next`. "
        "Refusals are `application/problem+json` (RFC 9457). Parameters and members that are not known are refused. "
        "Amounts are yuan as text with two places; moments carry their offset. Texts that are codes may get new values."
    ),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Bodies of PATCH have shapes of their own.
    "COMPONENT_SPLIT_PATCH": False,
    "SERVE_INCLUDE_SCHEMA": False,
    # What the key of one caller may do is not what the description says.
    "SERVE_PUBLIC": True,
    # Without the usual hook, codes stay where they stand: names made up for them would change with another field.
    "POSTPROCESSING_HOOKS": ["api.schema.share_refusals"],
    # Labels are for people, and translated.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# --- Mail ---------------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="aftersale@localhost")

# --- Background work ----------------------------------------------------------------------------------------------
# Every value below was measured with Celery 5.7: work is done at least once, and never held back for long.

CELERY_BROKER_URL = addresses.for_celery(REDIS_URL)
CELERY_TASK_ACKS_LATE = True
# A worker killed in the middle: the task is sent again, at most `max_retries` times.
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE = True
CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
# Longer than twice the hard limit, or a slow task would run twice at once; the same in web, beat and workers.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "retry_on_timeout": True,
    "queue_order_strategy": "priority",
    "global_keyprefix": "aftersale:",
}
# What a task achieved stands in the database; nobody reads results.
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("CELERY_SOFT_SHUTDOWN_SECONDS", default=60)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_SEND_TASK_EVENTS = True
CELERY_TASK_SEND_SENT_EVENT = True
# Beat answers pings only while it ticks: that is its liveness probe.
CELERY_BEAT_ENABLE_REMOTE_CONTROL = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Logs ---------------------------------------------------------------------------------------------------------

LOGGING = logs.config(as_json=env.bool("LOG_JSON", default=PRODUCTION), level=env.str("LOG_LEVEL", default="INFO"))

# --- What an operator watches -------------------------------------------------------------------------------------

# Who sends it as a bearer token may read /metrics; without one, production has no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Messages to customers ----------------------------------------------------------------------------------------

# Gateway object by channel, as a dotted path; "*" serves every channel without its own.
# Without a provider, production keeps messages waiting and says so; a development machine shows them on the page of messages.
_no_provider = "messaging.gateways.unset.gateway" if PRODUCTION else "messaging.gateways.development.gateway"
MESSAGE_GATEWAYS = {"*": env.str("MESSAGE_GATEWAY", default=_no_provider)}
# Where parts lie: a dotted path of an object like repairs.stock.base.Stock; a store whose DMS keeps the stock names its own.
STOCK = env.str("STOCK", default="repairs.stock.internal.internal")
# For messaging.gateways.http: where to post and the key both sides sign with.
MESSAGE_HTTP_URL = env.str("MESSAGE_HTTP_URL", default="")
MESSAGE_HTTP_SECRET = env.str("MESSAGE_HTTP_SECRET", default="")
