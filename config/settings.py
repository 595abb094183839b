"""Settings: one file, read from the environment, the same everywhere."""

import logging
from pathlib import Path

from celery.schedules import crontab
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# Identity -----------------------------------------------------------------
MODE = env.mode()
DEMO_MODE = MODE == "demo"
DATA_DIR = env.data_dir()
SITE_NAME = _("七彩")
PUBLIC_ADDRESS = env.public_address()
SECRET_KEY = env.secret_key()
DEBUG = env.debug()
ALLOWED_HOSTS = env.allowed_hosts()
INTERNAL_IPS: list[str] = []

# Apps ---------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "accounts",
    "timebank",
    "ventures",
    "accounts.admin_config.ReadingRoomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.StorableQuestionMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.CertaintyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "config.request_log.RequestLogMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.RoleMiddleware",
    "config.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Database -----------------------------------------------------------------
# `owner` migrates and creates the test database; `default` is the web role, which cannot
# write a ledger or a trail table.
DATABASES = env.databases()
WEB_DATABASE_ROLE = DATABASES["default"]["USER"]
WEB_DATABASE_PASSWORD = DATABASES["default"]["PASSWORD"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.ByPassword",
    "accounts.backends.ByPhoneOrAddress",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "accounts.adapter.PeopleAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
# Our form asks for one of the two in one box. The library must not think the phone required, or
# people who joined by e-mail could not sign in; nobody chooses a password when joining.
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.signup.LoginForm",
    "signup": "accounts.forms.signup.SignupForm",
    "change_phone": "accounts.forms.signup.ChangePhoneForm",
    "request_login_code": "accounts.forms.signup.RequestLoginCodeForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ALLAUTH_USER_CODE_FORMAT
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # people look for their glasses first
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    "verify_phone": "1/30s/key,30/m/ip",  # many neighbours share one address
    "change_phone": "3/m/user",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.rules.shown_name"
ACCOUNT_PREVENT_ENUMERATION = True
# Production stands behind one proxy, which says who is asking: rate limits count people, not it.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO_MODE else 1
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Qicai"  # read by an authenticator app, in whatever language

# Language and time ----------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files ----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"  # never served: files are handed out by views that check the object
STORAGES = env.storages(media_root=MEDIA_ROOT)
WHITENOISE_USE_FINDERS = DEMO_MODE
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# Mail and short messages ----------------------------------------------------
MAILERS = env.mailers()
DEFAULT_FROM_EMAIL = env.from_email()
SMS_ADAPTER = env.sms_adapter()
SMS_ALIYUN = env.sms_aliyun()

# Later work -----------------------------------------------------------------
CELERY_BROKER_URL = env.broker_url()
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "deliver-waiting-messages": {
        "task": "accounts.tasks.deliver_waiting",
        "schedule": 30.0,
    },
    "keep-days": {"task": "accounts.tasks.keep_days", "schedule": 600.0},
    "expire-holds": {"task": "timebank.tasks.expire_holds_later", "schedule": 300.0},
    "lapse-offers": {"task": "timebank.tasks.lapse_offers_later", "schedule": 60.0},
    "finish-shifts": {"task": "timebank.tasks.finish_past_later", "schedule": 300.0},
    "settle-crossings": {"task": "timebank.tasks.settle_waiting_later", "schedule": 60.0},
    "make-waiting-certificates": {
        "task": "timebank.tasks.make_waiting_certificates",
        "schedule": 300.0,
    },
    "carry-history-on": {"task": "timebank.tasks.carry_lost_history_on", "schedule": 300.0},
    "draw-boards": {"task": "timebank.tasks.draw_boards_later", "schedule": 3600.0},
    "propose-stars": {"task": "timebank.tasks.propose_stars_later", "schedule": 3600.0},
    "seal-books": {"task": "timebank.tasks.seal_books_later", "schedule": 30.0},
    "tell-auditors": {
        "task": "timebank.tasks.tell_auditors_later",
        "schedule": crontab(hour=3, minute=15),
    },
    "warn-of-papers": {
        "task": "timebank.tasks.warn_of_papers_later",
        "schedule": crontab(hour=8, minute=10),
    },
    "apply-ceilings": {
        "task": "timebank.tasks.apply_ceilings_later",
        "schedule": crontab(hour=0, minute=5),
    },
    "recount-books": {
        "task": "timebank.tasks.recount_books_later",
        "schedule": crontab(hour=2, minute=30),
    },
    "end-lapsed-orders": {"task": "timebank.tasks.end_lapsed_orders_later", "schedule": 300.0},
    "discard-photo-drafts": {"task": "timebank.tasks.discard_photo_drafts", "schedule": 3600.0},
    "make-waiting-exports": {
        "task": "timebank.tasks.make_waiting_exports",
        "schedule": 600.0,
    },
    "find-signals": {"task": "ventures.tasks.find_signals_later", "schedule": 1800.0},
    "remind-unsigned": {
        "task": "ventures.tasks.remind_unsigned_later",
        "schedule": crontab(hour=8, minute=30),
    },
    "remind-revisions": {
        "task": "ventures.tasks.remind_revisions_later",
        "schedule": crontab(hour=8, minute=40),
    },
    "tell-those-above": {
        "task": "ventures.tasks.tell_those_above_later",
        "schedule": crontab(hour=8, minute=20),
    },
    "tell-lost-moves": {"task": "ventures.tasks.tell_lost_moves_later", "schedule": 600.0},
    "lapse-completions": {"task": "ventures.tasks.lapse_overdue_later", "schedule": 300.0},
    "make-waiting-plans": {"task": "ventures.tasks.make_waiting_plans", "schedule": 300.0},
    "remind-reviewers": {"task": "ventures.tasks.remind_reviewers_later", "schedule": 1800.0},
    "look-for-ties": {
        "task": "ventures.tasks.look_again_where_phases_open_later",
        "schedule": 60.0,
    },
    "make-lost-packs": {"task": "ventures.tasks.make_lost_packs_later", "schedule": 600.0},
    "remind-of-invitations": {
        "task": "ventures.tasks.remind_of_invitations_later",
        "schedule": crontab(hour=9, minute=0),
    },
}
CACHES = env.caches()

# Security -------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.trusted_origins()
CSRF_FAILURE_VIEW = "config.views.errors.csrf_failure"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
if not DEMO_MODE:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.ssl_redirect()
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Logs -----------------------------------------------------------------------
LOGGING = env.logging()
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request: how it ended

# Product knobs ----------------------------------------------------------------
READING_ROOM_NEEDS_SECOND_FACTOR = not DEMO_MODE
PHOTO_LIMIT_BYTES = 10 * 1024 * 1024
DOCUMENT_LIMIT_BYTES = 20 * 1024 * 1024
PROPOSAL_FILES_LIMIT = 20
SIGNATURE_REMINDER_DAYS = 3
LIKENESS_PERCENT = 60
PROPOSAL_FILES_LIMIT_BYTES = 100 * 1024 * 1024
PHOTO_LIMIT_PIXELS = 40_000_000
