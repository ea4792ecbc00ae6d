"""The machine's settings, read once from the environment, and what Django makes of them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from pydantic_settings import BaseSettings, SettingsConfigDict


class Machine(BaseSettings):
    """
    What differs from machine to machine.

    tramyte_home   : folder of the database file, the key and the uploaded files
    database_url   : postgresql://...; blank: the SQLite file in the folder
    tramyte_hosts  : names the pages answer to, by commas
    tramyte_proxies: how many proxies of one's own stand before it; their word is taken for the address of a visitor
    tramyte_mail   : the server that takes our e-mail, host:port; none: a message becomes a file in `mail` of the home
    tramyte_mail_from : the address that our e-mail comes from
    tramyte_https  : whether a proxy or granian speaks https: cookies then travel by it alone
    """

    model_config = SettingsConfigDict(env_prefix="", extra="ignore")

    tramyte_home: Path = Path("tramyte-data")
    database_url: str = ""
    tramyte_hosts: str = "localhost,127.0.0.1,[::1]"
    tramyte_https: bool = False
    tramyte_proxies: int = 0
    tramyte_mail: str = ""
    tramyte_mail_from: str = "tramyte@localhost"

    @property
    def home(self) -> Path:
        """The folder, absolute."""
        return self.tramyte_home.resolve()


MACHINE = Machine()
HERE = Path(__file__).resolve().parent


def _secret(home: Path) -> str:
    """Return the key of this installation, made by `tramyte init`; without one, a key for this process alone."""
    path = home / "secret.key"
    return path.read_text("ascii").strip() if path.is_file() else secrets.token_urlsafe(50)


def _database(machine: Machine) -> dict[str, Any]:
    if machine.database_url:
        return {**dj_database_url.parse(machine.database_url, conn_max_age=60, conn_health_checks=True)}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": machine.home / "tramyte.sqlite3",
        "OPTIONS": {
            # IMMEDIATE: a transaction that will write waits at its beginning, and never fails half way
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


SECRET_KEY = _secret(MACHINE.home)
DEBUG = False
ALLOWED_HOSTS = [name.strip() for name in MACHINE.tramyte_hosts.split(",") if name.strip()]
DATABASES = {"default": _database(MACHINE)}
# what counts wrong passwords: shared by all processes, and still there after a restart
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "web.Account"
ROOT_URLCONF = "tramyte.web.urls"
CSRF_FAILURE_VIEW = "tramyte.web.views.errors.stale"
WSGI_APPLICATION = "tramyte.web.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "simple_history",
    "tramyte.web",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tramyte.web.guard.guard",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "tramyte.web.headers.headers",
    "tramyte.web.views.errors.told",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tramyte.web.views.scope.page",
            ],
        },
    },
]
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_ADAPTER = "tramyte.web.signing.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",  # a whole office may stand behind one address
    "login_failed": "20/m/ip,5/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = MACHINE.tramyte_proxies
MFA_ADAPTER = "tramyte.web.signing.SecondFactor"
MFA_FORMS = {"authenticate": "tramyte.web.signing.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "tramyte"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones and of offices go wrong by half a minute

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MACHINE.tramyte_mail else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = str(MACHINE.home / "mail")
EMAIL_HOST, _, _PORT = MACHINE.tramyte_mail.partition(":")
EMAIL_PORT = int(_PORT or 25)
EMAIL_TIMEOUT = 10  # seconds; a server that is not there holds nobody up
DEFAULT_FROM_EMAIL = MACHINE.tramyte_mail_from

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = HERE / "static"  # built into the wheel: nothing to collect
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tramyte.web.assets.Marked"},
}
WHITENOISE_MAX_AGE = 365 * 24 * 3600  # the address of a file changes with what it holds
MEDIA_ROOT = MACHINE.home / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 2**20

SESSION_COOKIE_AGE = 8 * 3600  # from the sign-in on, however busy
SESSION_IDLE = 30 * 60  # seconds without a request
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MACHINE.tramyte_https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
