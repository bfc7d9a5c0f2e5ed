"""The one settings module: what differs between places comes from the environment alone."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cxsaas.env import database, env
from cxsaas.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- where we are -----------------------------------------------------------------------------
LOCAL_MODE = env.bool("LOCAL_MODE", False)
DEBUG = env.bool("DEBUG", False)
if DEBUG and not LOCAL_MODE:
    msg = "DEBUG is for local mode only: unset DEBUG, or set LOCAL_MODE=1."
    raise ImproperlyConfigured(msg)
SECRET_KEY = env.str("SECRET_KEY")
MASTER_KEYS = env.list("MASTER_KEYS", default=[SECRET_KEY])
BASE_DOMAIN = env.str("BASE_DOMAIN", "localhost")
PORT = env.int("PORT", 8000)
SECURE = env.bool("SECURE", not LOCAL_MODE)
# Whoever reads /metrics brings it; without one the page is there in local mode alone.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
PUBLIC_PORT = env.str("PUBLIC_PORT", f":{PORT}" if LOCAL_MODE else "")
SCHEME = "https" if SECURE else "http"
# Hosts are decided by the domains table, which refuses every unknown one.
ALLOWED_HOSTS = ["*"]
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".local")))
PROGRESS_DIR = Path(env.str("PROGRESS_DIR", str(DATA_DIR / "progress")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(DATA_DIR / "media")))

# --- the database and its wall ----------------------------------------------------------------
DATABASES = {"default": database(env.str("DATABASE_URL"), wall=True)}
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "")
if DATABASE_OWNER_URL:
    DATABASES["owner"] = database(DATABASE_OWNER_URL, wall=False)
DATABASE_ROUTERS = ["apps.tenants.routers.SchemaRouter"]
TENANT_MODEL = "tenants.Business"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SHARED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "apps.tenants",
    "apps.jobs",
    "apps.accounts",
]
TENANT_APPS = [
    "apps.journal",
    "apps.locations",
    "apps.staff",
    "apps.imports",
    "apps.customers",
    "apps.consent",
    "apps.messaging",
    "apps.campaigns",
    "apps.feedback",
    "apps.reviews",
    "apps.replies",
    "apps.failures",
    "apps.offers",
    "apps.recovery",
    "apps.insights",
]
INSTALLED_APPS = [
    "apps.core",
    *SHARED_APPS,
    *TENANT_APPS,
    "apps.flows",
    "apps.web",
    "apps.public",
    "apps.api",
    "apps.callbacks",
    "apps.demo",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

# --- requests ---------------------------------------------------------------------------------
MIDDLEWARE = [
    "apps.core.http.ReferenceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.http.HardeningMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.tenants.middleware.BusinessMiddleware",
    "apps.accounts.middleware.HostSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.MembershipMiddleware",
    "apps.web.shared.errors.AppErrorMiddleware",
]
ROOT_URLCONF = "cxsaas.urls"
PUBLIC_URLCONF = "cxsaas.urls_public"
WSGI_APPLICATION = "cxsaas.wsgi.application"
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_PERMISSIONS = 0o600
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", 200 * 1024 * 1024)

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
                "apps.web.shared.context.shell",
            ],
            "libraries": {"ui": "apps.web.shared.templatetags.ui"},
        },
    },
]
COTTON_DIR = "components"

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.backends.PlatformBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "apps.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.web.shared.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
# How often each step may be tried, from one address (ip), for one account (key) or by one person.
LOGIN_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/300s/key",
    "signup": "5/m/ip,30/h/ip",
    "signup_code": "10/m/ip",
    "found_business": "10/d/user",
    "close_business": "5/300s/user",
}
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = (
    False if env.bool("LOGIN_LIMITS_OFF", False) else LOGIN_LIMITS
)
# Behind proxies the caller's address is the one that so many of them have passed on.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "apps.web.platform.forms_login.SignInForm",
    "reauthenticate": "apps.web.platform.forms_login.PasswordAgainForm",
    "reset_password": "apps.web.platform.forms_login.AskForResetForm",
    "reset_password_from_key": "apps.web.platform.forms_login.ResetForm",
}
MFA_ADAPTER = "apps.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "apps.web.platform.forms_login.ActivateForm",
    "login_webauthn": "apps.web.platform.forms_login.PasskeyLoginForm",
    "authenticate_webauthn": "apps.web.platform.forms_login.PasskeyChallengeForm",
    "reauthenticate_webauthn": "apps.web.platform.forms_login.PasskeyAgainForm",
    "add_webauthn": "apps.web.platform.forms_login.AddPasskeyForm",
    "edit_webauthn": "apps.web.platform.forms_login.RenamePasskeyForm",
    "authenticate": "apps.web.platform.forms_login.ChallengeForm",
    "reauthenticate": "apps.web.platform.forms_login.AskAgainForm",
}
PASSWORD_RESET_TIMEOUT = 3600
HEADLESS_ENABLED = False

# --- work in the background -------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "memory://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "socket_keepalive": True,
    "socket_timeout": 10,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "bulk"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
LANES = env.list("CXSAAS_LANES", default=["0", "1", "2"])

# What counts attempts must hold for all processes, whatever else is away: it is in the database.
CACHES = {"default": {"BACKEND": "apps.accounts.cache.PlatformCache"}}
CACHE_URL = env.str("CACHE_URL", "")
if CACHE_URL:
    CACHES["quick"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
    }

# --- words, times, files ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCAL_MODE
WHITENOISE_MAX_AGE = 0 if LOCAL_MODE else 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL_MODE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# --- headers ----------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.api.shared.auth.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apps.api.shared.auth.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.api.shared.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.api.shared.errors.problem_response",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "cxsaas",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.api.shared.schema.as_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "OfferState": "apps.offers.choices.OfferState",
        "MessageState": "apps.messaging.choices.MessageState",
        "ContactStatus": "apps.customers.choices.ContactStatus",
        "CampaignStatus": "apps.campaigns.choices.CampaignStatus",
        "ReviewKind": "apps.reviews.choices.ReviewKind",
        "ReviewStatus": "apps.reviews.choices.ReviewStatus",
        "ReplyKind": "apps.replies.choices.ReplyKind",
        "ReplyState": "apps.replies.choices.ReplyState",
        "FailureKind": "apps.failures.choices.FailureKind",
        "FailureStatus": "apps.failures.choices.FailureStatus",
        "CaseStatus": "apps.recovery.choices.CaseStatus",
        "CaseOutcome": "apps.recovery.choices.Outcome",
        "Evidence": "apps.failures.choices.Evidence",
        "Purpose": "apps.consent.choices.Purpose",
        "TransactionalPurpose": "apps.api.messages.serializers.TransactionalPurpose",
        "TransactionKind": "apps.customers.choices.TransactionKind",
        "RowOutcome": "apps.api.shared.bulk.WORDS",
    },
}

# --- messages to people -----------------------------------------------------------------------
SMTP_URL = env.str("SMTP_URL", "")
# Whom people of a suspended business may ask.
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "")
DEFAULT_FROM_EMAIL = f"cxsaas <no-reply@{BASE_DOMAIN}>"
TWILIO_BASE_URL = env.str("TWILIO_BASE_URL", "https://api.twilio.com")
ALLOW_LOOPBACK_PROVIDERS = env.bool("ALLOW_LOOPBACK_PROVIDERS", LOCAL_MODE)
FAILPOINT = env.str("FAILPOINT", "")
DEMO_KEY_FILE = env.str("CXSAAS_DEMO_KEY_FILE", "")

LOGGING = logging_config(
    level=env.str("LOG_LEVEL", "INFO"), json=env.bool("LOG_JSON", not LOCAL_MODE)
)
