"""How one signs in: accounts are opened by an administrator, never by oneself; words and limits are ours."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import views as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import views as second
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from allauth.mfa.totp import views as totp
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from tramyte.domain.errors import BadData
from tramyte.domain.finding import Finding
from tramyte.web import seals
from tramyte.web.actions import accounts
from tramyte.web.models import Account
from tramyte.web.views import sessions

FRESH = 300  # seconds after a sign-in during which the password is not asked again
CODE_LIFE = 120  # seconds; longer than a code of the second factor is accepted

addresses = [
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-nhap/ma/", second.authenticate, name="mfa_authenticate"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("da-dong/", account.account_inactive, name="account_inactive"),
    path("xac-nhan/", account.reauthenticate, name="account_reauthenticate"),
    path("xac-nhan/ma/", second.reauthenticate, name="mfa_reauthenticate"),
    path("mat-khau/", account.password_change, name="account_change_password"),
    path("", second.index, name="mfa_index"),
    path("lop-hai/", totp.activate_totp, name="mfa_activate_totp"),
    path("lop-hai/tat/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("ma-du-phong/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("ma-du-phong/tao/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("ma-du-phong/tai/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("phien/", sessions.sessions, name="sessions"),
]


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What django-allauth asks of us about accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether strangers may open an account: never."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords by account alone: under another name of the server they would start anew."""
        return str(credentials.get("username", "")).strip().casefold()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the log that a password was wrong."""
        accounts.note_wrong_password(username=str(credentials.get("username", "")))

    def pre_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse | None:
        """Let nobody in whose account is closed, or is closed now because nobody used it for so long."""
        if user.is_active and accounts.is_idle(user, on=timezone.now()):
            accounts.close_idle(by=None, only=user)
            user.refresh_from_db()
        return cast("HttpResponse | None", super().pre_login(request, user, **more))

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in, and tell the log."""
        super().login(request, user)
        accounts.note_sign_in(by=user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and tell the log."""
        if isinstance(request.user, Account):
            accounts.note_sign_out(by=request.user)
        super().logout(request)

    def set_password(self, user: Account, password: str) -> None:
        """Set a password that somebody chose for themselves."""
        accounts.change_password(by=user, account=user, password=password)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Return whether the password is asked once more: not of one who has just signed in."""
        records = get_authentication_records(self.request, self.request.user)
        now = timezone.now().timestamp()
        return not any(now - one["at"] < FRESH for one in records)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where one lands; the first page knows the role."""
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return where one goes on after a new password: to what must be done next, or to the first page."""
        return "/"


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """What django-allauth asks of us about second factors."""

    def encrypt(self, text: str) -> str:
        """Return a secret as the database keeps it."""
        return seals.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """
        Return a secret that the database keeps.

        raises : BadData, the installation had another key then
        """
        found = seals.unsealed(encrypted_text)
        if found is None:  # never a blank in its place: codes could be guessed from that
            raise BadData([Finding("E199")])
        return found

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether one may go without: not with a role that needs it."""
        return not accounts.needs_second_factor(authenticator.user)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code at the sign-in; each is taken once, however long it would still be right."""

    def clean_code(self) -> str:
        """Return the code, if it is right and was not used."""
        code = str(super().clean_code())
        if not cache.add(f"code/{self.user.pk}/{code}", 1, CODE_LIFE):
            from allauth.mfa.adapter import get_adapter

            raise get_adapter().validation_error("incorrect_code")
        return code


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def changed(signal: Any, user: Account, authenticator: Authenticator, **_: Any) -> None:
    """Tell the log of a second factor that its owner set up or took away."""
    words = {authenticator_added: "added", authenticator_removed: "removed", authenticator_reset: "reset"}
    accounts.note_second_factor(by=user, what=f"{authenticator.type} {words[signal]}")


@receiver(authentication_failed)
def failed(user: Account, **_: Any) -> None:
    """Tell the log of a wrong code."""
    accounts.note_wrong_code(account=user)
